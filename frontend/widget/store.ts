// Storage of the browser, or memory where the browser allows none.
const memory: Record<string, string> = {};

type Area = "localStorage" | "sessionStorage";

export function read<T>(name: string, area: Area = "localStorage"): T | undefined {
  try {
    return JSON.parse(memory[name] ?? self[area].getItem(name)!) ?? undefined;
  } catch {
    return undefined;
  }
}

export function write(name: string, value: unknown, area: Area = "localStorage"): void {
  const text = JSON.stringify(value);
  try {
    self[area].setItem(name, text);
  } catch {
    memory[name] = text;
  }
}

export function remove(name: string, area: Area = "localStorage"): void {
  delete memory[name];
  try {
    self[area].removeItem(name);
  } catch {
    // Then nothing was kept there.
  }
}

export function names(start: string): string[] {
  let kept: string[] = [];
  try {
    kept = Object.keys(localStorage);
  } catch {
    // Only memory is left.
  }
  return [...Object.keys(memory), ...kept].filter((name) => name.startsWith(start));
}
