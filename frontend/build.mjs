// Builds what browsers load from what people read: scripts, styles, the sprite of icons.
// The results are committed, so that running Miniback needs no Node; CI builds them again and
// compares.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { client } from "./client.mjs";
import { widget } from "./widget.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, "..", "src", "miniback", "shell", "assets");
// A copy of a library that we did not mean to take fails the build.
const HTMX_SHA256 = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130";

const shared = { bundle: true, minify: true, logLevel: "warning", legalComments: "none" };

async function scriptsAndStyles() {
  const target = ["chrome123", "firefox121", "safari17.5"];
  const entries = (folder, ending, names) => ({
    entryPoints: names.map((name) => join(here, folder, `${name}.${ending}`)),
    outdir: assets,
  });
  // The documentation has its own, so that neither carries the other's.
  await build({ ...shared, target, format: "iife", ...entries("scripts", "ts", ["app", "docs", "language"]) });
  await build({ ...shared, target, ...entries("styles", "css", ["app", "docs"]) });
}

function htmx() {
  const text = readFileSync(join(here, "node_modules", "htmx.org", "dist", "htmx.min.js"));
  const digest = createHash("sha256").update(text).digest("hex");
  if (digest !== HTMX_SHA256) throw new Error(`htmx.min.js is not the one that was reviewed: ${digest}`);
  // The map that its last line names is not served.
  const bare = text.toString().replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  writeFileSync(join(assets, "htmx.js"), bare);
}

function icons() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter(Boolean);
  const symbols = names.map((name) => {
    const file = join(here, "node_modules", "lucide-static", "icons", `${name}.svg`);
    const inner = readFileSync(file, "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    return symbol(name, inner);
  });
  const logo = readFileSync(join(here, "images", "logo.svg"), "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
  symbols.push(symbol("logo", logo));
  writeFileSync(
    join(assets, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
  );
}

function symbol(name, inner) {
  const drawing = inner.replace(/\s+/g, " ").replace(/ ?\/> ?/g, "/>").trim();
  const pen =
    'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24"><g ${pen}>${drawing}</g></symbol>`;
}

mkdirSync(assets, { recursive: true });
await scriptsAndStyles();
await widget();
await client();
htmx();
icons();
for (const name of ["favicon.svg", "favicon.ico", "og.png", "icon-192.png", "manifest.webmanifest", "robots.txt"]) {
  copyFileSync(join(here, "images", name), join(assets, name));
}
