// Builds the package for npm: `npm pack` in widget/package runs it.
import { pack } from "./widget.mjs";

await pack();
