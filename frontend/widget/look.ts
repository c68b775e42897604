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
  const given = `--z:${settings.zIndex};--accent:var(--miniback-accent,${settings.color});`;
  root.className = isDark ? "root dark" : "root";
  root.dataset["at"] = settings.position;
  // The browser reads the accent, in whichever of the many ways it is written.
  root.style.cssText = given + "color:var(--accent)";
  const accent = luminance(getComputedStyle(root).color);
  const isLost = isDark ? accent < LOST_IN_THE_DARK : accent > LOST_IN_THE_LIGHT;
  const onAccent = accent > TOO_LIGHT_FOR_WHITE ? "#000" : "#fff";
  root.style.cssText = given + `--on-accent:var(--miniback-on-accent,${onAccent});--ring:var(--${isLost ? "fg" : "accent"})`;
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = color.match(/[\d.]+/g)!.map((part) => ((+part / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
