// Pictures as they come in, each on a canvas that is not larger than it has to be.
import { element } from "../dom";

const LONGEST_SIDE = 2_400;
const LARGEST_FILE = 25_000_000;
// Until what was hidden is gone from the captured stream as well.
const SETTLE_MS = 250;

export function canCapture(): boolean {
  return !!navigator.mediaDevices?.getDisplayMedia;
}

// A canvas without width where the person has thought better of it.
export async function captured(form: HTMLElement): Promise<HTMLCanvasElement | undefined> {
  const root = form.closest(".root")!;
  try {
    const options = { video: true, preferCurrentTab: true } as DisplayMediaStreamOptions;
    const stream = await navigator.mediaDevices.getDisplayMedia(options);
    root.classList.add("shooting");
    const video = element("video");
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    await new Promise((done) => setTimeout(done, SETTLE_MS));
    const canvas = drawn(video, video.videoWidth, video.videoHeight);
    for (const track of stream.getTracks()) track.stop();
    return canvas;
  } catch {
    return element("canvas", { width: "0" });
  } finally {
    root.classList.remove("shooting");
  }
}

// Undefined where it is no picture, or one too large to work with.
export async function opened(file: File): Promise<HTMLCanvasElement | undefined> {
  if (file.size > LARGEST_FILE) return undefined;
  try {
    const bitmap = await createImageBitmap(file);
    return drawn(bitmap, bitmap.width, bitmap.height);
  } catch {
    return undefined;
  }
}

export function drawn(source: CanvasImageSource, width: number, height: number, scale = 1): HTMLCanvasElement {
  const fit = Math.min(scale, LONGEST_SIDE / Math.max(width, height));
  const canvas = element("canvas");
  canvas.width = Math.round(width * fit);
  canvas.height = Math.round(height * fit);
  canvas.getContext("2d")!.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}
