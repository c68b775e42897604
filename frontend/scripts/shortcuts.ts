// Single keys, as the table in the help dialog lists them: the table is the only list there is.
import { focusNext } from "./focus";
import { root } from "./root";

const WAIT_MS = 1_000;
const LETTERS = /^[a-zA-Z#?/]$|^Escape$/;
const SEARCH = "[data-search]";
const help = document.querySelector<HTMLDialogElement>("#shortcuts");
const addresses = new Map<string, string>();
for (const row of document.querySelectorAll<HTMLElement>("#shortcuts [data-address]")) {
  addresses.set(row.dataset["keys"] ?? "", row.dataset["address"] ?? "/");
}
let first = "";
let firstAt = 0;

if ("shortcuts" in document.body.dataset) document.addEventListener("keydown", onKey);

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (isTyping(event.target) || document.querySelector("dialog:modal")) return;
  if (!LETTERS.test(event.key)) return;
  const keys = Date.now() - firstAt < WAIT_MS ? `${first} ${event.key}`.trim() : event.key;
  first = event.key === "g" ? "g" : "";
  firstAt = Date.now();
  if (act(keys)) event.preventDefault();
}

function act(keys: string): boolean {
  const address = addresses.get(keys);
  if (address) {
    location.assign(address);
  } else if (keys === "?") {
    help?.showModal();
  } else if (keys === "/") {
    search();
  } else if (keys === "t") {
    void switchTheme();
  } else {
    // What works on some pages alone is done there.
    return !document.dispatchEvent(new CustomEvent("miniback:key", { detail: keys, cancelable: true }));
  }
  return true;
}

// The list of projects is what there is to search, wherever one is.
function search(): void {
  const field = document.querySelector<HTMLInputElement>(SEARCH);
  if (field) {
    field.focus();
  } else {
    focusNext(SEARCH);
    location.assign(`${root}/projects`);
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}

async function switchTheme(): Promise<void> {
  const page = document.documentElement.dataset;
  const isDark =
    page["theme"] === "dark" ||
    (page["theme"] !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  const theme = isDark ? "light" : "dark";
  page["theme"] = theme;
  const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
  const body = new URLSearchParams({ csrf_token: token, theme: theme.toUpperCase() });
  // Without the network it is at least switched for now.
  await fetch(`${root}/settings/theme`, { method: "POST", body, keepalive: true }).catch(() => undefined);
}
