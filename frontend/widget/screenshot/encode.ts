// From a canvas to a file that the server takes.
import { drawn } from "./capture";

const LIMIT_BYTES = 1_000_000;

// Undefined where even a small copy is too large.
export async function encoded(canvas: HTMLCanvasElement): Promise<Blob | undefined> {
  for (const scale of [1, 0.7, 0.5, 0.3]) {
    const sized = scale < 1 ? drawn(canvas, canvas.width, canvas.height, scale) : canvas;
    for (const quality of [0.9, 0.7]) {
      // Browsers that cannot write WebP give PNG.
      const blob = await new Promise<Blob | null>((done) => sized.toBlob(done, "image/webp", quality));
      if (blob && blob.size <= LIMIT_BYTES) return blob;
    }
  }
  return undefined;
}
