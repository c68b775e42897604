// Where the focus goes on the page that comes next: back to what opened a dialog, into a search.
const KEY = "miniback-focus";

const selector = sessionStorage.getItem(KEY);
sessionStorage.removeItem(KEY);
if (selector) document.querySelector<HTMLElement>(selector)?.focus();

export function focusNext(onSelector: string): void {
  sessionStorage.setItem(KEY, onSelector);
}
