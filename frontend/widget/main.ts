// The script that pages load: finds out what it was told.
import { attributesOf, type Told } from "./settings";
import { start } from "./widget";

const ADDRESS = /\/w\/([^/?#]+)\.js|\/widget(\/.+)?\.js/;

function main(): void {
  const server = window.minibackSettings as Told | undefined;
  delete window.minibackSettings;
  const script = ownScript();
  const address = script?.src ?? "";
  start(server, { api: address && new URL(address).origin, project: ADDRESS.exec(address)?.[1], ...attributesOf(script) });
}

function ownScript(): HTMLScriptElement | null {
  const own = document.currentScript as HTMLScriptElement | null;
  return own ?? [...document.scripts].find((each) => ADDRESS.test(each.src)) ?? null;
}

main();
