// Theme and colours: text on the accent is black or white, whichever can be read.
import { settings } from "./settings";

const OWN = "#4338ca";
const OWN_IN_THE_DARK = "#a5b4fc";
const LEAST_CONTRAST = 3;
// The luminance at which black and white can be read equally well.
const AS_FAR_FROM_BOTH = 0.179;

export const dark = matchMedia("(prefers-color-scheme: dark)");

export function paint(root: HTMLElement): void {
  const isDark = settings.theme === "dark" || (settings.theme === "auto" && dark.matches);
  const set = (name: string, value: string): void => root.style.setProperty("--" + name, value);
  root.className = isDark ? "root dark" : "root";
  root.dataset["at"] = settings.position;
  set("z", `var(--miniback-z,${settings.zIndex || 2147483000})`);
  set("accent", `var(--miniback-accent,${isDark && settings.color === OWN ? OWN_IN_THE_DARK : settings.color})`);
  const accent = light(root, "accent");
  set("on-accent", `var(--miniback-on-accent,${accent > AS_FAR_FROM_BOTH ? "#000" : "#fff"})`);
  // An accent that is lost on the panel is none to show the focus with.
  const [less = 0, more = 0] = [accent, light(root, "bg")].sort((one, other) => one - other);
  set("ring", `var(--${(more + 0.05) / (less + 0.05) < LEAST_CONTRAST ? "fg" : "accent"})`);
}

// The luminance of a colour, in whichever of the many ways it is written.
function light(root: HTMLElement, name: string): number {
  root.style.color = `var(--${name})`;
  const [red = 0, green = 0, blue = 0] = getComputedStyle(root).color.match(/[\d.]+/g)!.map((part) => (+part / 255) ** 2.2);
  root.style.color = "";
  return 0.21 * red + 0.72 * green + 0.07 * blue;
}
