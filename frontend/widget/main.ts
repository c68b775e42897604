// The script that pages load: finds out what it was told, and is there once, however often a page
// loads it.
import type { Miniback } from "./public";
import { attributesOf, type Told } from "./settings";
import { start } from "./widget";

const ADDRESS = /\/w\/([^/?#]+)\.js|\/widget(\/.+)?\.js/;

function main(): void {
  const server = window.minibackSettings as Told | undefined;
  const before = window.miniback;
  delete window.minibackSettings;
  if (before && "version" in before) return;
  const script = ownScript();
  const address = script?.src ?? "";
  const told: Told = { api: address && new URL(address).origin, project: ADDRESS.exec(address)?.[1], ...attributesOf(script) };
  const widget: Miniback = start(server, told);
  window.miniback = widget;
  widget.push(...(before ?? []));
}

function ownScript(): HTMLScriptElement | null {
  const own = document.currentScript as HTMLScriptElement | null;
  return own ?? [...document.scripts].find((each) => ADDRESS.test(each.src)) ?? null;
}

main();
