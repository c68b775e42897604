// Builds the client for JavaScript: one readable module, and its types.
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const home = join(here, "..", "clients", "js");

export async function client() {
  await build({
    bundle: true,
    format: "esm",
    target: "node18",
    logLevel: "warning",
    legalComments: "none",
    entryPoints: [join(home, "src", "index.ts")],
    outfile: join(home, "index.js"),
  });
  const types = join(home, "types");
  rmSync(types, { recursive: true, force: true });
  const tsc = join(here, "node_modules", ".bin", "tsc");
  execFileSync(tsc, ["-p", home], { stdio: "inherit" });
  if (!readdirSync(types).length) throw new Error("No types were written");
}
