// Theme and colours: text on the accent is black or white, whichever can be read.
import { settings } from "./settings";

const OWN = "#4338ca";
const OWN_IN_THE_DARK = "#a5b4fc";
// The luminance at which black and white can be read equally well.
const AS_FAR_FROM_BOTH = 0.179;
// Where an accent begins to be lost on the panel, at a contrast of 3.
const LOST_IN_THE_LIGHT = 0.3;
const LOST_IN_THE_DARK = 0.13;

export function dark(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}

export function paint(root: HTMLElement): void {
  const isDark = settings.theme === "dark" || (settings.theme === "auto" && dark().matches);
  const set = (name: string, value: string): void => root.style.setProperty("--" + name, value);
  root.className = isDark ? "root dark" : "root";
  root.dataset["at"] = settings.position;
  set("z", `var(--miniback-z,${settings.zIndex || 2147483000})`);
  set("accent", `var(--miniback-accent,${isDark && settings.color === OWN ? OWN_IN_THE_DARK : settings.color})`);
  const accent = luminance(root);
  set("on-accent", `var(--miniback-on-accent,${accent > AS_FAR_FROM_BOTH ? "#000" : "#fff"})`);
  set("ring", `var(--${(isDark ? accent < LOST_IN_THE_DARK : accent > LOST_IN_THE_LIGHT) ? "fg" : "accent"})`);
}

// The browser reads the accent, in whichever of the many ways it is written.
function luminance(root: HTMLElement): number {
  root.style.color = "var(--accent)";
  const [red = 0, green = 0, blue = 0] = getComputedStyle(root).color.match(/[\d.]+/g)!.map((part) => (+part / 255) ** 2.2);
  root.style.color = "";
  return 0.21 * red + 0.72 * green + 0.07 * blue;
}
