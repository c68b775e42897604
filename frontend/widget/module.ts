// The widget as a module of an application: init() in place of a script tag.
import type { Miniback, Options } from "./public";
import type { Told } from "./settings";
import { start } from "./widget";

export function init({ api = "", ...options }: Options): Miniback {
  return start(undefined, { ...options, api: api.replace(/\/+$/, "") } as Told);
}
