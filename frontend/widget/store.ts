// Storage of the browser, or memory where the browser allows none.
const memory = new Map<string, string>();
const PREFIX = "miniback:";
type Area = "localStorage" | "sessionStorage";

export function read<T>(area: Area, name: string): T | undefined {
  try {
    return JSON.parse(memory.get(name) ?? self[area].getItem(PREFIX + name) ?? "") as T;
  } catch {
    return undefined;
  }
}

export function write(area: Area, name: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    self[area].setItem(PREFIX + name, text);
  } catch {
    memory.set(name, text);
  }
}

export function remove(area: Area, name: string): void {
  memory.delete(name);
  try {
    self[area].removeItem(PREFIX + name);
  } catch {
    // Then nothing was kept there.
  }
}

// The names that begin so.
export function names(area: Area, start: string): string[] {
  let kept: string[] = [];
  try {
    kept = Object.keys(self[area]).filter((name) => name.startsWith(PREFIX));
  } catch {
    // Only memory is left.
  }
  const all = new Set([...memory.keys(), ...kept.map((name) => name.slice(PREFIX.length))]);
  return [...all].filter((name) => name.startsWith(start));
}
