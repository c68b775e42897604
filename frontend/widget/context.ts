// Where feedback comes from: what the page allows to be told, with secrets taken out of addresses.
import { isListed, settings, type Context } from "./settings";

const SECRET_NAME = /token|key|secret|pass|auth|code|sess|sid|sig|jwt|otp|mail|phone|user/i;
// Addresses of people, and long runs of letters and digits; words joined by hyphens, as in titles and
// in UUIDs, are none.
const SECRET_VALUE = /.(@|%40)|^(?=.*\d)(?!([a-z\d]{1,12}-)+[a-z\d]+$)[\w+/=.~%-]{24,}$/i;

let own: Context = {};
const errors: string[] = [];

export function setContext(more: Context | null): void {
  own = more ? { ...own, ...more } : {};
}

export function pageContext(): Context {
  const all: Context = {
    url: scrubbed(location.href),
    title: document.title,
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

// `?token=abc&ref=1` becomes `?token=…&ref=1`. A fragment stays where it is a route; the host is let
// alone, however long it is.
export function scrubbed(address: string): string {
  return address
    .replace(/#(?!!?\/).*/, "")
    .replace(/([?&][^=&#]*=)([^&#]+)/g, (all, name, value) => (SECRET_NAME.test(name) || SECRET_VALUE.test(value) ? name + "…" : all))
    .replace(/(?<=[^/:][/?&#=])[^/?&#=]+/g, (part) => (SECRET_VALUE.test(part) ? "…" : part))
    .slice(0, 2_000);
}

export function noteError({ message, reason }: { message?: string; reason?: unknown }): void {
  errors.push(String(message ?? reason).slice(0, 300));
  if (errors.length > 5) errors.shift();
}
