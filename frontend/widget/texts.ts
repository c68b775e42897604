// What the widget says. English is inside; other languages are fetched when they are needed.
import { call } from "./api";
import english from "./languages/en.json";
import { settings } from "./settings";

const KEYS = Object.keys(english) as (keyof typeof english)[];
const OTHERS = /^(de|fr|es|it|pt|nl|pl|tr|ru|uk|ar|he|ja|zh)$/;

export const texts = { ...english };
let loaded = "en";
let loading: Promise<string[]> | undefined;

export function language(): string {
  const wish = settings.language || document.documentElement.lang || navigator.language;
  const short = wish.toLowerCase().split(/\W/)[0]!;
  return OTHERS.test(short) ? short : "en";
}

// Without its language one can still send feedback, in English.
export async function loadTexts(): Promise<void> {
  const wanted = language();
  if (loaded !== wanted) loading = wanted === "en" ? undefined : call(settings.assets + wanted + ".json").then(({ body }) => body);
  loaded = wanted;
  // The build leaves the keys out.
  const found = await loading;
  for (const [index, key] of KEYS.entries()) texts[key] = settings.texts?.[key] || found?.[index] || english[key];
}
