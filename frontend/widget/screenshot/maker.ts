// Screenshots: taking one, pasting or picking one, blacking out, and sending them ahead. Fetched when
// somebody wants one; what it needs of the widget comes with each call.
import type { Answer } from "../api";
import { element } from "../dom";
import type { Payload } from "../send";
import { canCapture, captured, opened } from "./capture";
import { edited } from "./editor";
import { encoded } from "./encode";
import english from "../languages/screenshot/en.json";
import styles from "./screenshot.css";

export interface Tools {
  form: HTMLFormElement;
  button: HTMLButtonElement;
  say: (text: string) => void;
  call: (path: string, options?: RequestInit) => Promise<Answer>;
  settings: { project: string; assets: string };
  language: string;
  files?: FileList | undefined;
}

interface Picture {
  blob: Blob;
  shown: HTMLElement;
  id?: string;
}

export type Texts = typeof english;

const MOST = 3;

let tools: Tools;
let texts: Texts | undefined;
let taken: Picture[] = [];

export async function make(given: Tools): Promise<void> {
  tools = given;
  texts ??= await loadTexts();
  dress();
  const file = tools.files?.[0];
  if (file) await take(opened(file));
  else if (canCapture()) choose(texts);
  else pick();
}

// What tells one set of pictures from another.
export function pictures(): string {
  return taken.map(({ blob }) => blob.size).join();
}

export function dropPictures(): void {
  for (const { shown } of taken) shown.remove();
  taken = [];
  if (tools) tools.button.hidden = false;
}

// Send pictures ahead and name them in what will be sent; what the server answers if it refuses.
export async function uploaded(payload: Payload): Promise<Answer | undefined> {
  for (const picture of taken) {
    if (picture.id) continue;
    const { blob } = picture;
    const answer = await tools.call(`/w/${tools.settings.project}/attachments`, {
      method: "POST",
      headers: { "content-type": blob.type },
      body: blob,
    });
    if (answer.status !== 201) return answer;
    picture.id = answer.body.data.id;
  }
  if (taken.length) payload.attachments = taken.map(({ id }) => id!);
  return undefined;
}

async function loadTexts(): Promise<Texts> {
  if (tools.language === "en") return english;
  const { body } = await tools.call(`${tools.settings.assets}screenshot.${tools.language}.json`);
  const keys = Object.keys(english) as (keyof Texts)[];
  return Object.fromEntries(keys.map((key, index) => [key, body[index] ?? english[key]])) as Texts;
}

function dress(): void {
  const shadow = tools.form.getRootNode() as ShadowRoot;
  if (shadow.adoptedStyleSheets.length > 1) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
}

function choose({ capture, file, paste }: Texts): void {
  tools.form.querySelector(".choose")?.remove();
  const screen = press(capture, () => void take(captured(tools.form)));
  const choice = element("div", { class: "choose row" }, screen, press(file, pick), element("small", {}, paste));
  beforeButtons(choice);
  screen.focus();
}

function pick(): void {
  const input = element("input", { type: "file", accept: "image/*" });
  input.addEventListener("change", () => {
    if (input.files?.[0]) void take(opened(input.files[0]));
  });
  input.click();
}

// From a picture to what will be sent, past the person's eyes.
async function take(coming: Promise<HTMLCanvasElement | undefined>): Promise<void> {
  const canvas = await coming;
  const { form, say, button } = tools;
  form.querySelector(".choose")?.remove();
  if (!canvas) return say(texts!.heavy);
  say("");
  if (!canvas.width) return button.focus();
  const isDone = await edited(form, canvas, texts!);
  const blob = isDone && (await encoded(canvas));
  button.focus();
  if (blob) add(blob, canvas);
  else if (isDone) say(texts!.heavy);
}

function add(blob: Blob, canvas: HTMLCanvasElement): void {
  const shown = element("div", { class: "taken row" }, canvas);
  const picture = { blob, shown };
  shown.append(press(texts!.remove, () => {
    shown.remove();
    taken = taken.filter((each) => each !== picture);
    tools.button.hidden = false;
    tools.button.focus();
  }));
  taken.push(picture);
  beforeButtons(shown);
  tools.button.hidden = taken.length === MOST;
}

function beforeButtons(node: Node): void {
  tools.form.insertBefore(node, tools.button.parentElement);
}

export function press(text: string, act: () => void, kind?: string): HTMLButtonElement {
  const button = element("button", { type: "button", class: kind ?? false }, text);
  button.addEventListener("click", act);
  return button;
}
