// What listens as long as the widget lives: ended by one call.
let life = new AbortController();

export function listen(target: EventTarget, name: string, hear: (event: any) => void): void {
  target.addEventListener(name, hear, { signal: life.signal });
}

export function end(): void {
  life.abort();
  life = new AbortController();
}
