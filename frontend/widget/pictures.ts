// Screenshots: all that makes them is fetched when somebody wants one.
import { call, type Answer } from "./api";
import { chunk } from "./chunk";
import { element } from "./dom";
import { settings } from "./settings";
import { language, texts } from "./texts";
import type { Payload } from "./send";

type Maker = typeof import("./screenshot/maker");

let maker: Maker | undefined;

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

// What tells one set of pictures from another.
export function pictures(): string {
  return maker?.pictures() ?? "";
}

// Send pictures ahead and name them in what will be sent; what the server answers if it refuses.
export async function uploaded(payload: Payload): Promise<Answer | undefined> {
  return maker?.uploaded(payload);
}

export function dropPictures(): void {
  maker?.dropPictures();
}
