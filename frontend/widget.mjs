// Builds the widget: the core, the chunk for screenshots, the languages, the types.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = join(dirname(fileURLToPath(import.meta.url)), "widget");
const assets = join(here, "..", "..", "src", "miniback", "widget", "assets");
const target = ["chrome90", "firefox101", "safari16.4"];
const { version } = JSON.parse(readFileSync(join(here, "package", "package.json"), "utf8"));

const css = {
  name: "css",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true, target });
      return { contents: code.trim().replace(/([:,]) /g, "$1"), loader: "text" };
    });
  },
};

export const options = {
  bundle: true,
  minify: true,
  logLevel: "warning",
  legalComments: "none",
  target,
  plugins: [css],
  // The fault of Chrome 90 that esbuild works around lies in calls that we do not make.
  supported: { "optional-chain": true, "nullish-coalescing": true },
  // The line that esbuild would begin with says nothing behind the settings that stand before it.
  tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  define: { VERSION: JSON.stringify(version) },
};

export async function widget(folder = assets) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await script("main.ts", join(folder, "widget.js"), "iife");
  await script("proof/search.ts", join(folder, "proof.js"), "esm");
  await script("screenshot/maker.ts", join(folder, "screenshot.js"), "esm");
  languages(folder);
  copyFileSync(join(here, "public.d.ts"), join(folder, "widget.d.ts"));
}

// The package for npm, beside its package.json.
export async function pack() {
  const dist = join(here, "package", "dist");
  // Whoever bundles it makes it small; minified, it would lose the words that tell bundlers what is
  // fetched later.
  await build({ ...options, minify: false, format: "esm", entryPoints: [join(here, "module.ts")], outfile: join(dist, "index.js") });
  const types = readFileSync(join(here, "public.d.ts"), "utf8");
  const init = "/** Begin, or return the widget that is there already. */\nexport function init(options: Options): Miniback;\n";
  writeFileSync(join(dist, "index.d.ts"), types + "\n" + init);
}

async function script(entry, outfile, format) {
  await build({ ...options, format, entryPoints: [join(here, entry)], outfile });
}

// A language is fetched as a list of its texts, in the order in which English has them.
function languages(into) {
  for (const [folder, prefix] of [["languages", ""], ["languages/screenshot", "screenshot."]]) {
    const read = (name) => JSON.parse(readFileSync(join(here, folder, name), "utf8"));
    const keys = Object.keys(read("en.json"));
    for (const name of readdirSync(join(here, folder)).filter((each) => each.endsWith(".json") && each !== "en.json")) {
      const texts = read(name);
      writeFileSync(join(into, prefix + name), JSON.stringify(keys.map((key) => texts[key])));
    }
  }
}
