// What the widget was told: by the server, by attributes of its script tag, by configure(). The
// later wins.
import type { Options } from "./public";

export type Context = Record<string, unknown>;

export interface Settings extends Omit<Options, "position" | "theme"> {
  project: string;
  // The server's origin, and where on it the built files lie.
  api: string;
  assets: string;
  state: string;
  proof: string;
  theme: string;
  color: string;
  position: string;
  fields: string;
  user: NonNullable<Options["user"]>;
}

export type Told = Partial<Settings>;

const DEFAULTS: Told = { position: "bottom-right", theme: "auto", color: "#4338ca", zIndex: 2147483000, fields: "kind,email", button: true, modal: true, poweredBy: true, user: {} };
const ALIASES: Record<string, string> = { projectSlug: "project", slug: "project", lang: "language" };

export const settings = {} as Settings;
let layers: Told[] = [];

export function settle(...told: [server: Told, attributes: Told]): void {
  layers = [DEFAULTS, ...told, {}];
  hear({});
}

// What the server says may come late, and yields to what the page has said already.
export function hear(more: object, layer: 1 | 3 = 1): void {
  Object.assign(layers[layer]!, more);
  for (const [name, value] of layers.flatMap(Object.entries)) {
    if (value !== undefined) (settings as any)[ALIASES[name] ?? name] = value;
  }
}

export function isListed(name: string, list: string): boolean {
  return list.split(/\W+/).includes(name);
}

// The attributes of a script tag: data-user-id and data-context-plan belong to groups.
export function attributesOf(script: HTMLElement | null): Told {
  const found: Context = { user: {}, context: {} };
  for (const [name, text] of Object.entries(script?.dataset ?? {})) {
    const [, group, first, rest] = /^(user|context)([A-Z])(.*)/.exec(name) ?? [];
    if (group) (found[group] as Context)[first!.toLowerCase() + rest] = text;
    else found[name] = text === "true" || (text !== "false" && text);
  }
  return found;
}
