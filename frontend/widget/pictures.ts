// Screenshots: all that makes them is fetched when somebody wants one.
import { call } from "./api";
import { chunk } from "./chunk";
import { element } from "./dom";
import { settings } from "./settings";
import { language, texts } from "./texts";

type Maker = typeof import("./screenshot/maker");

export let maker: Maker | undefined;

export function pictureButton(form: HTMLFormElement, say: (text: string) => void): Node {
  const button = element("button", { type: "button" }, texts.picture);
  const add = async (files?: FileList): Promise<void> => {
    maker ??= await chunk<Maker>("screenshot.js");
    if (maker) void maker.make({ form, button, say, call, settings, language: language(), files });
    else say(texts.error);
  };
  button.addEventListener("click", () => void add());
  form.addEventListener("paste", (event) => {
    if (event.clipboardData?.files[0]) void add(event.clipboardData.files);
  });
  return button;
}
