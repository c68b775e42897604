// The widget: one on a page, from start() to destroy().
import { askSettings } from "./api";
import { noteError, setContext } from "./context";
import { drawing, element } from "./dom";
import { emit, off, on } from "./events";
import { arrived, values } from "./form";
import { end, listen } from "./life";
import { dark, paint } from "./look";
import { closePanel, dropPanel, isOpen, openPanel } from "./panel";
import type { Feedback, Miniback, Outcome, Prefill, User } from "./public";
import { stopFlushing } from "./queue";
import { flushKept, frozen, prepared, send } from "./send";
import { hear, settings, settle, type Told } from "./settings";
import styles from "./widget.css";
import { language, loadTexts, texts } from "./texts";

declare const VERSION: string;

const BUBBLE = "M4 4h16v12H9l-5 4z";
// A page's shortcuts and focus traps are not to hear what goes on in here.
const KEPT_IN = ["keydown", "keyup", "keypress", "focusin"];

let host: HTMLElement | undefined;
let root: HTMLElement | undefined;

// The widget of this page, which begins where there is none yet.
export function start(server: Told | undefined, attributes: Told): Miniback {
  const before = window.miniback;
  const isQueue = Array.isArray(before);
  // An element with this id goes by the same name.
  if (before && !isQueue && "version" in before) return before;
  const widget = made(server, attributes);
  window.miniback = widget;
  if (isQueue) widget.push(...before);
  return widget;
}

function made(server: Told | undefined, attributes: Told): Miniback {
  settle(server ?? {}, attributes);
  const ready = begin(server);
  const widget: Record<string, any> = { version: VERSION, ready, isOpen, on, off };
  const calls = { open, close: closePanel, toggle, show, hide, configure, identify, setContext, send: sendDirectly, destroy };
  for (const [name, act] of Object.entries(calls)) {
    // Where the widget may not be there is nothing to call.
    widget[name] = (value?: any) => ready.then(() => host && (act(value) as unknown));
  }
  widget["push"] = (...all: [string, ...unknown[]][]) => {
    for (const [name, ...values] of all) widget[name]?.(...values);
  };
  return widget as unknown as Miniback;
}

async function begin(server: Told | undefined): Promise<void> {
  if (!server) hear(await askSettings());
  if (document.readyState === "loading") {
    await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
  }
  if (/blocked|unknown/.test(settings.state)) {
    console.warn(`Miniback: project ${settings.project} is ${settings.state} here.`);
    emit("blocked");
    return;
  }
  if (settings.button && !settings.label) await loadTexts();
  makeHost();
  render();
  listenToPage();
  flushKept();
  emit("ready");
}

function makeHost(): void {
  host = document.createElement("miniback-widget");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [sheet];
  for (const name of KEPT_IN) host.addEventListener(name, (event) => event.stopPropagation());
}

// What the page may throw out with its own content stands beside its body.
function attach(): void {
  if (!host!.isConnected) document.documentElement.append(host!);
}

function render(): void {
  root?.remove();
  const label = settings.label || texts.button;
  root = element("div", { role: "region", "aria-label": label, dir: /ar|he/.test(language()) ? "rtl" : "ltr", lang: language() });
  host!.shadowRoot!.append(root);
  attach();
  if (settings.button) root.append(launcher(label));
  paint(root);
}

function launcher(label: string): Node {
  const made = element("button", { class: "main launch at", part: "button", "aria-haspopup": "dialog" }, drawing(BUBBLE), label);
  made.addEventListener("click", () => void open());
  return made;
}

async function open({ context, ...values }: Prefill = {}): Promise<void> {
  if (context) setContext(context);
  attach();
  await loadTexts();
  openPanel(root!, values);
}

function toggle(): void {
  if (isOpen()) closePanel();
  else void open();
}

function identify(user: User | null): void {
  hear({ user: user ?? {} }, 3);
}

async function sendDirectly(feedback: Feedback): Promise<Outcome | undefined> {
  const payload = prepared(feedback);
  if (!payload) return undefined;
  const { status, body } = await send(frozen(payload));
  return { status, code: body.code };
}

async function configure(options: Told): Promise<void> {
  hear(options, 3);
  await loadTexts();
  // From here on in one go, so that calls that come close together do not cross.
  const wasOpen = isOpen();
  dropPanel();
  render();
  if (wasOpen) openPanel(root!, values());
}

function show(): Promise<void> {
  return configure({ button: true });
}

function hide(): Promise<void> {
  closePanel();
  return configure({ button: false });
}

function destroy(): void {
  end();
  stopFlushing();
  dropPanel();
  host!.remove();
  host = undefined;
  delete window.miniback;
}

function listenToPage(): void {
  listen(document, "click", onTrigger);
  listen(document, "miniback:success", (event) => arrived(event.detail.key));
  listen(window, "online", flushKept);
  listen(dark(), "change", () => paint(root!));
  if (settings.captureErrors) {
    for (const name of ["error", "unhandledrejection"]) listen(window, name, noteError);
  }
}

function onTrigger(event: Event): void {
  const trigger = (event.target as Element).closest?.<HTMLElement>("[data-miniback-open]");
  if (!trigger) return;
  event.preventDefault();
  void open({ kind: trigger.dataset["minibackOpen"] as Prefill["kind"] });
}
