// What happens is told twice: to listeners of on(), and as `miniback:…` events of the document.
import { listen } from "./life";

export type Listener = (detail: any, event: Event) => unknown;

let heard: [name: string, listener: Listener][] = [];

export function on(name: string, listener: Listener): void {
  const entry: (typeof heard)[number] = [name, listener];
  heard.push(entry);
  listen(document, "miniback:" + name, (event: CustomEvent) => {
    if (heard.includes(entry) && listener(event.detail, event) === false) event.preventDefault();
  });
}

// Without a listener all of that name go, without a name all there are.
export function off(name?: string, listener?: Listener): void {
  heard = heard.filter(([own, told]) => (name ?? own) !== own || (listener ?? told) !== told);
}

// False where somebody has prevented what was to happen.
export function emit(name: string, detail: unknown = {}): boolean {
  return document.dispatchEvent(new CustomEvent("miniback:" + name, { detail, cancelable: true }));
}
