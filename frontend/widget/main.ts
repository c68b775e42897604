// The script that pages load: finds out what it was told.
import { attributesOf, type Told } from "./settings";
import { start } from "./widget";

// Whatever stands before it is where the server is.
const ADDRESS = /(.*?)\/(w\/([^/?#]+)|widget(\/.+)?)\.js/;

function main(): void {
  const server = window.minibackSettings as Told | undefined;
  delete window.minibackSettings;
  const script = ownScript();
  const [, api, , project] = ADDRESS.exec(script?.src ?? "") ?? [];
  start(server, { api, project, ...attributesOf(script) });
}

function ownScript(): HTMLScriptElement | null {
  const own = document.currentScript as HTMLScriptElement | null;
  return own ?? [...document.scripts].find((each) => ADDRESS.test(each.src)) ?? null;
}

main();
