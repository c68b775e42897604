// Screenshots: what makes them is fetched when somebody wants one.
import { post, type Answer } from "./api";
import { element } from "./dom";
import type { Payload } from "./send";
import { texts } from "./texts";
import { settings } from "./settings";

export function pictures(): string[] { return []; }
export function pictureButton(_form: HTMLFormElement, _say: (text: string) => void): Node {
  return element("button", { type: "button" }, texts.picture);
}
export async function uploaded(_payload: Payload): Promise<Answer | undefined> {
  void post; void settings;
  return undefined;
}
