// From a canvas to a file that the server takes.
import { drawn } from "./capture";

const LIMIT_BYTES = 1_000_000;
const TRIES = 5;
// What a smaller copy must save beyond the reckoning, since it packs less well.
const SPARE = 0.85;

// Undefined where even a small copy is too large.
export async function encoded(canvas: HTMLCanvasElement): Promise<Blob | undefined> {
  let scale = 1;
  for (let tried = 0; tried < TRIES; tried++) {
    const sized = scale < 1 ? drawn(canvas, canvas.width, canvas.height, scale) : canvas;
    // Browsers that cannot write WebP give PNG.
    const blob = await new Promise<Blob | null>((done) => sized.toBlob(done, "image/webp", tried ? 0.7 : 0.9));
    if (!blob) return undefined;
    if (blob.size <= LIMIT_BYTES) return blob;
    scale *= Math.sqrt(LIMIT_BYTES / blob.size) * SPARE;
  }
  return undefined;
}
