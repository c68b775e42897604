// What is being written, so that a reload takes nothing away; kept in this tab alone.
import { read, remove, write } from "./store";
import { settings, type Context } from "./settings";

const nameOf = (): string => "draft-" + settings.project;

export function keepDraft(values: Context): void {
  write("sessionStorage", nameOf(), values);
}

export function draft(): Context {
  return read("sessionStorage", nameOf()) ?? {};
}

export function dropDraft(): void {
  remove("sessionStorage", nameOf());
}
