// Parts that are fetched when they are needed. Importing is no sink of Trusted Types, and takes the
// nonce of the script that imports along.
import { getJson } from "./api";
import { hearServer, settings, type Told } from "./settings";

export async function chunk<T>(name: string): Promise<T | undefined> {
  try {
    return await load<T>(name);
  } catch {
    // On a page that was open while the server was updated, the files have moved.
    hearServer((await getJson<Told>(`/w/${settings.project}.json`)) ?? {});
    return load<T>(name).catch(() => undefined);
  }
}

function load<T>(name: string): Promise<T> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ settings.api + settings.assets + name);
}
