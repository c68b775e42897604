// The state of the inbox is the query of its address: what a field or a link changes of it.
import { root } from "./root";

// Where a state leads with one filter set, '' for not at all: to the first page of what is in sight.
export function filtered(state: URLSearchParams, name: string, value: string): string {
  for (const each of ["page", "cursor", "shelf"]) state.delete(each);
  put(state, name, value);
  return address(`${root}/inbox`, state);
}

// Where a link leads from a newer state than that of the page it stands on: what it changes of the
// page's own is changed of the newer one.
export function caughtUp(state: URLSearchParams, page: string, link: URL): string {
  const known = new URLSearchParams(page);
  // Another list has other pages.
  for (const each of ["page", "cursor"]) state.delete(each);
  for (const name of new Set([...known.keys(), ...link.searchParams.keys()])) {
    const value = link.searchParams.get(name);
    if (name !== "cursor" && value !== known.get(name)) put(state, name, value ?? "");
  }
  return address(link.pathname, state);
}

export function put(state: URLSearchParams, name: string, value: string): void {
  if (value) state.set(name, value);
  else state.delete(name);
}

function address(path: string, state: URLSearchParams): string {
  const query = state.toString();
  return query ? `${path}?${query}` : path;
}
