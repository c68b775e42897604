// The form: filling it in, sending it, and saying what became of it.
import type { Answer } from "./api";
import { element } from "./dom";
import { fields, problem } from "./fields";
import { maker, pictureButton } from "./pictures";
import { solveAhead } from "./proof";
import { drop, type Item } from "./queue";
import { frozen, prepared, send } from "./send";
import { isListed, settings, type Context } from "./settings";
import { read, remove, write } from "./store";
import { texts } from "./texts";

const MESSAGES: Record<number, keyof typeof texts> = { 0: "unreachable", 503: "unreachable", 413: "large", 429: "many", 403: "blocked" };

let form: HTMLFormElement | undefined;
let button: HTMLButtonElement;
let bad: HTMLElement;
let finish: (text: string) => void;
let isBusy = false;
let begunAt = 0;
// What was tried last: pressing the button again for the same words sends the same item.
let last: { mark: string; item: Item } | undefined;

export function makeForm(onFinish: (text: string) => void): HTMLFormElement {
  finish = onFinish;
  begunAt = 0;
  maker?.dropPictures();
  bad = element("p", { class: "bad", id: "bad", role: "alert" });
  button = element("button", { class: "main", part: "submit" }, texts.send);
  form = element("form", { novalidate: "" }, ...fields(), bad);
  form.append(element("div", { class: "row" }, isListed("screenshot", settings.fields) && pictureButton(form, say), button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  form.addEventListener("input", begin);
  fill({ ...settings.user, ...read<Context>(draftName(), "sessionStorage") });
  return form;
}

export function fill(values: Context): void {
  for (const [name, value] of Object.entries(values)) {
    const field = form?.elements.namedItem(name);
    if (field && value) (field as HTMLInputElement).value = value as string;
  }
}

export function focusForm(): void {
  form?.querySelector("textarea")!.focus();
}

// From when on somebody is writing.
export function begin(event?: Event): void {
  begunAt ||= performance.now();
  if (settings.proof === "always") void solveAhead();
  // So that a reload takes nothing away; it stays in this tab.
  if (event) write(draftName(), values(), "sessionStorage");
}

// An item has come through after all, while its words still stand here.
export function arrived(key: string): void {
  if (last?.item.key === key && !isBusy) done(texts.thanks);
}

function draftName(): string {
  return "miniback:draft-" + settings.project;
}

// What is in the form, also while it is being replaced.
export function values(): Context {
  const { website: _, ...all } = Object.fromEntries(new FormData(form));
  return all;
}

async function submit(): Promise<void> {
  if (isBusy) return;
  const typed = values();
  const [wrong, field] = problem(typed);
  say(wrong, field);
  if (wrong) return;
  busy(true);
  // The button answers first: what follows takes a slow browser longer than one notices.
  await new Promise((done) => setTimeout(done));
  try {
    await sendTyped(typed);
  } finally {
    busy(false);
  }
}

async function sendTyped(typed: Context): Promise<void> {
  const mark = JSON.stringify(typed) + maker?.pictures();
  if (last?.mark !== mark) {
    const trap = form!.elements.namedItem("website") as HTMLInputElement;
    const payload = prepared(typed, trap.value, Math.round(performance.now() - begunAt));
    if (!payload) return;
    const refusal = await maker?.uploaded(payload);
    // Pictures are not kept, so that without the server there is nothing yet to be sent later.
    if (refusal) return told({ ...refusal, status: refusal.status || 500 });
    // What was written anew is sent instead of what still waits.
    if (last) drop(last.item);
    last = { mark, item: frozen(payload) };
  }
  told(await send(last.item));
}

function told({ status, body }: Answer): void {
  if (status === 201) return done(texts.thanks);
  if (!status && !navigator.onLine) return done(texts.queued);
  // What waits to be sent is no draft any more.
  if (!status || status === 503) dropDraft();
  say(texts[body.code === "project_paused" ? "paused" : MESSAGES[status] ?? "error"]);
}

function done(text: string): void {
  last = undefined;
  maker?.dropPictures();
  dropDraft();
  finish(text);
}

function dropDraft(): void {
  remove(draftName(), "sessionStorage");
}

// Say what is wrong, with a field or in general.
function say(text = "", name?: string): void {
  bad.textContent = text;
  for (const field of form!.querySelectorAll<HTMLElement>(".field")) {
    const isWrong = field.getAttribute("name") === name;
    field.setAttribute("aria-invalid", String(isWrong));
    if (isWrong) field.focus();
  }
}

function busy(now: boolean): void {
  isBusy = now;
  button.setAttribute("aria-disabled", String(now));
  button.textContent = now ? texts.sending : texts.send;
}
