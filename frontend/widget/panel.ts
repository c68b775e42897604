// The panel: a dialog, built when it is first opened.
import { drawing, element } from "./dom";
import { emit } from "./events";
import { begin, fill, focusForm, makeForm } from "./form";
import { settings, type Context } from "./settings";
import { texts } from "./texts";

const CROSS = "M6 6l12 12M18 6 6 18";
const TICK = "M5 13l4 4L19 7";

let dialog: HTMLDialogElement | undefined;
let isDone = false;

export function isOpen(): boolean {
  return !!dialog?.open;
}

export function openPanel(root: HTMLElement, values: Context): void {
  if (isDone) dropPanel();
  if (!dialog) root.append((dialog = makeDialog()));
  fill(values);
  if (dialog.open) return;
  if (settings.modal) dialog.showModal();
  else dialog.show();
  focusForm();
  begin();
  emit("open");
}

export function closePanel(): void {
  dialog?.close();
}

// What is built on other settings, or in another language, is built anew.
export function dropPanel(): void {
  closePanel();
  dialog?.remove();
  dialog = undefined;
}

function makeDialog(): HTMLDialogElement {
  const close = element("button", { class: "close", "aria-label": texts.close }, drawing(CROSS));
  const title = settings.title || texts.title;
  const made = element("dialog", { class: "at", part: "panel", "aria-label": title }, element("div", { class: "head" }, element("h2", {}, title), close));
  close.addEventListener("click", closePanel);
  made.addEventListener("close", () => emit("close"));
  made.addEventListener("keydown", onKey);
  made.append(settings.state === "paused" ? element("p", {}, texts.paused) : makeBody(), makeFoot());
  return made;
}

function onKey(event: KeyboardEvent): void {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog?.querySelector("form")?.requestSubmit();
  // A modal dialog does this by itself.
  if (event.key === "Escape" && !settings.modal && !event.isComposing) closePanel();
}

function makeBody(): HTMLElement {
  isDone = false;
  const form = makeForm((text) => {
    const again = element("button", {}, texts.again);
    const done = element("div", { class: "done" }, drawing(TICK), element("p", { role: "status" }, text), again);
    again.addEventListener("click", () => {
      done.replaceWith(makeBody());
      focusForm();
    });
    isDone = true;
    form.replaceWith(done);
    if (isOpen()) again.focus();
  });
  return form;
}

function makeFoot(): HTMLElement {
  const foot = element("div", { class: "foot" });
  if (settings.privacyUrl) foot.append(link(settings.privacyUrl, texts.privacy));
  if (settings.poweredBy) foot.append(link(settings.api, "Miniback"));
  return foot;
}

function link(href: string, text: string): Node {
  return element("a", { href, target: "_blank" }, text);
}
