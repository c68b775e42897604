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
  define: { VERSION: JSON.stringify(version) },
};

export async function widget() {
  rmSync(assets, { recursive: true, force: true });
  mkdirSync(assets, { recursive: true });
  const core = { entryPoints: [join(here, "main.ts")], outfile: join(assets, "widget.js"), format: "iife" };
  await build({ ...options, ...core });
  const proof = { entryPoints: [join(here, "proof", "search.ts")], outfile: join(assets, "proof.js"), format: "esm" };
  await build({ ...options, ...proof });
  copyFileSync(join(here, "public.d.ts"), join(assets, "widget.d.ts"));
}
