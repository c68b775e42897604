// Theme and colours: text on the accent is black or white, whichever can be read.
import { settings } from "./settings";

// White text on what is lighter has a contrast below 4.5; black has more.
const TOO_LIGHT_FOR_WHITE = 0.1833;
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
  set("accent", `var(--miniback-accent,${settings.color})`);
  const accent = luminance(root);
  set("on-accent", `var(--miniback-on-accent,${accent > TOO_LIGHT_FOR_WHITE ? "#000" : "#fff"})`);
  set("ring", `var(--${(isDark ? accent < LOST_IN_THE_DARK : accent > LOST_IN_THE_LIGHT) ? "fg" : "accent"})`);
}

// The browser reads the accent, in whichever of the many ways it is written.
function luminance(root: HTMLElement): number {
  root.style.color = "var(--accent)";
  const [red = 0, green = 0, blue = 0] = getComputedStyle(root).color.match(/[\d.]+/g)!.map((part) => ((+part / 255 + 0.055) / 1.055) ** 2.4);
  root.style.color = "";
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
