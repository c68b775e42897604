// Parts that are fetched when they are needed. Importing is no sink of Trusted Types, and takes the
// nonce of the script that imports along.
import { askSettings } from "./api";
import { hear, settings } from "./settings";

export function chunk<T>(name: string): Promise<T | undefined> {
  const load = (): Promise<T> => import(/* webpackIgnore: true */ /* @vite-ignore */ settings.api + settings.assets + name);
  // On a page that was open while the server was updated, the files have moved.
  return load().catch(async () => {
    hear(await askSettings());
    return load().catch(() => undefined);
  });
}
