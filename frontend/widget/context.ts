// Where feedback comes from: what the page allows to be told, with secrets taken out of addresses.
import { isListed, settings, type Context } from "./settings";

const SECRET_NAME = /token|key|secret|pass|auth|code|sess|sid|sig|jwt|otp|mail|phone|user/i;
// Addresses of people, and long runs of letters and digits; words joined by hyphens, as in titles and
// in UUIDs, are none.
const SECRET_VALUE = /@|%40|^(?=.*\d)(?!([a-z\d]{1,12}-)+[a-z\d]+$)[\w+/=.~%-]{24,}$/i;

let own: Context = {};
const errors: string[] = [];

export function setContext(more: Context | null): void {
  own = more ? { ...own, ...more } : {};
}

export function pageContext(): Context {
  const all: Context = {
    url: scrubbed(location.href),
    title: document.title.slice(0, 300),
    referrer: scrubbed(document.referrer),
    userAgent: navigator.userAgent,
    language: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    viewport: innerWidth + "x" + innerHeight,
    screen: screen.width + "x" + screen.height,
  };
  const told: Context = { timestamp: new Date().toISOString() };
  for (const name in all) if (all[name] && isListed(name, settings.capture ?? name)) told[name] = all[name];
  if (errors.length) told["errors"] = errors;
  return { ...told, ...settings.context, ...own };
}

// `?token=abc&ref=1` becomes `?token=…&ref=1`. A fragment stays where it is a route.
export function scrubbed(address: string): string {
  const [whole = "", fragment = ""] = parted(address, "#");
  const [path = "", query = ""] = parted(whole, "?");
  const told = query && "?" + query.split("&").map(scrubbedPair).join("&");
  const route = /^!?\//.test(fragment) ? "#" + scrubbed(fragment) : "";
  return (path.split("/").map(scrubbedPart).join("/") + told + route).slice(0, 2_000);
}

function parted(text: string, mark: string): string[] {
  const [first = "", ...rest] = text.split(mark);
  return [first, rest.join(mark)];
}

function scrubbedPair(pair: string): string {
  const [name = "", value = ""] = parted(pair, "=");
  if (!value) return scrubbedPart(name);
  return name + "=" + (SECRET_NAME.test(name) ? "…" : scrubbedPart(value));
}

function scrubbedPart(text: string): string {
  return SECRET_VALUE.test(text) ? "…" : text;
}

export function noteError(event: ErrorEvent | PromiseRejectionEvent): void {
  const what = "message" in event ? event.message : event.reason;
  errors.push(String(what).slice(0, 300));
  if (errors.length > 5) errors.shift();
}
