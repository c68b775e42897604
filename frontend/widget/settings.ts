// What the widget was told: by the server, by attributes of its script tag, by configure(). The
// later wins.
export interface User {
  id?: string;
  email?: string;
  name?: string;
  hash?: string;
}

export type Context = Record<string, unknown>;

export interface Settings {
  project: string;
  // The server's origin, and where on it the built files lie.
  api: string;
  assets: string;
  state: string;
  position: string;
  theme: string;
  color: string;
  zIndex: string | number;
  label: string;
  title: string;
  language: string;
  fields: string;
  button: boolean;
  modal: boolean;
  privacyUrl: string;
  poweredBy: boolean;
  proof: string;
  screenshot: boolean;
  // Absent: all.
  capture?: string;
  captureErrors: boolean;
  texts: Record<string, string>;
  user: User;
  context: Context;
}

export type Told = Partial<Settings>;

const DEFAULTS: Told = {
  position: "bottom-right",
  theme: "auto",
  color: "#4338ca",
  fields: "kind,email",
  button: true,
  modal: true,
  poweredBy: true,
};
const ALIASES: Record<string, string> = { projectSlug: "project", slug: "project", lang: "language" };

export const settings = {} as Settings;
let layers: Told[] = [];

export function settle(server: Told, attributes: Told): void {
  layers = [DEFAULTS, server, attributes, {}];
  merge();
}

// What the server says may come later than what the page says, and still yields to it.
export function hearServer(server: Told): void {
  Object.assign(layers[1]!, server);
  merge();
}

export function change(configured: Told): void {
  Object.assign(layers[3]!, configured);
  merge();
}

function merge(): void {
  Object.assign(settings, ...layers);
  // A project that takes screenshots offers them, unless the page lists its fields itself.
  const listed = layers[2]!.fields ?? layers[3]!.fields;
  if (settings.screenshot && listed === undefined) settings.fields += ",screenshot";
}

export function isListed(name: string, list: string): boolean {
  return list.split(/\W+/).includes(name);
}

// The attributes of a script tag: data-user-id and data-context-plan belong to groups.
export function attributesOf(script: HTMLElement | null): Told {
  const groups: Record<string, Context> = { user: {}, context: {} };
  const found: Context = {};
  for (const [name, text] of Object.entries(script?.dataset ?? {})) {
    const [, group, rest] = /^(user|context)([A-Z].*)/.exec(name) ?? [];
    if (group && rest) groups[group]![rest[0]!.toLowerCase() + rest.slice(1)] = text;
    else found[ALIASES[name] ?? name] = text === "true" || (text === "false" ? false : text);
  }
  return { ...found, ...groups };
}
