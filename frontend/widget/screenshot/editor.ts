// Blacking out: with the pointer or with keys. What is black is painted over for good before anything
// leaves the browser.
import { element } from "../dom";
import { press, type Texts } from "./maker";

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

// Show a picture in place of the form; true when the person is done, false when not taken.
export async function edited(form: HTMLElement, canvas: HTMLCanvasElement, texts: Texts): Promise<boolean> {
  const editor = new Editor(canvas, texts.cover);
  const isDone = await new Promise<boolean>((done) => {
    const buttons = element("div", { class: "row" });
    buttons.append(press(texts.undo, () => editor.undo()), press(texts.cancel, () => done(false)), press(texts.done, () => done(true), "main"));
    form.before(element("div", { class: "edit" }, element("small", {}, texts.cover), canvas, buttons));
    form.parentElement!.classList.add("wide");
    canvas.focus();
  });
  editor.finish();
  form.parentElement!.classList.remove("wide");
  form.parentElement!.querySelector(".edit")!.remove();
  return isDone;
}

class Editor {
  private readonly before: HTMLCanvasElement;
  private readonly boxes: Box[] = [];
  private readonly life = new AbortController();
  private cursor: Box;
  private start: { x: number; y: number } | undefined;

  constructor(private readonly canvas: HTMLCanvasElement, label: string) {
    const { width, height } = canvas;
    this.before = element("canvas");
    Object.assign(this.before, { width, height });
    this.before.getContext("2d")!.drawImage(canvas, 0, 0);
    this.cursor = { x: width * 0.4, y: height * 0.4, width: width * 0.2, height: height * 0.2 };
    for (const [name, value] of [["tabindex", "0"], ["role", "application"], ["aria-label", label]] as const) canvas.setAttribute(name, value);
    const { signal } = this.life;
    canvas.addEventListener("pointerdown", (event) => this.press(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.drag(event), { signal });
    canvas.addEventListener("pointerup", () => this.release(), { signal });
    canvas.addEventListener("keydown", (event) => this.key(event), { signal });
    canvas.addEventListener("focus", () => this.draw(), { signal });
  }

  undo(): void {
    this.boxes.pop();
    this.draw();
  }

  // Leave what was blacked out, and nothing of the tool.
  finish(): void {
    this.life.abort();
    this.draw(false);
    for (const name of ["tabindex", "role", "aria-label"]) this.canvas.removeAttribute(name);
  }

  private press(event: PointerEvent): void {
    this.canvas.setPointerCapture(event.pointerId);
    this.start = this.place(event);
  }

  private drag(event: PointerEvent): void {
    if (!this.start) return;
    const { x, y } = this.place(event);
    const left = Math.min(x, this.start.x);
    const top = Math.min(y, this.start.y);
    this.cursor = { x: left, y: top, width: Math.abs(x - this.start.x), height: Math.abs(y - this.start.y) };
    this.draw();
  }

  private release(): void {
    if (this.start && this.cursor.width > 2) this.boxes.push(this.cursor);
    this.start = undefined;
    this.draw();
  }

  private key(event: KeyboardEvent): void {
    const step = this.canvas.width / 50;
    const moves: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const [x, y] = moves[event.key] ?? [0, 0];
    const old = this.cursor;
    if (event.key === "Enter" || event.key === " ") this.boxes.push({ ...old });
    else if (event.key === "Backspace" || event.key === "Delete") this.boxes.pop();
    else if (!moves[event.key]) return;
    event.preventDefault();
    this.cursor = event.shiftKey
      ? { ...old, width: Math.max(step, old.width + x), height: Math.max(step, old.height + y) }
      : { ...old, x: old.x + x, y: old.y + y };
    this.draw();
  }

  private draw(withCursor = true): void {
    const pen = this.canvas.getContext("2d")!;
    pen.drawImage(this.before, 0, 0);
    for (const box of this.boxes) pen.fillRect(box.x, box.y, box.width, box.height);
    if (!withCursor) return;
    const { x, y, width, height } = this.cursor;
    const line = this.canvas.width / 300 + 1;
    for (const [color, inset] of [["#fff", 0], ["#000", line]] as const) {
      pen.strokeStyle = color;
      pen.lineWidth = line;
      pen.strokeRect(x + inset, y + inset, width - 2 * inset, height - 2 * inset);
    }
  }

  // Where on the picture the pointer is, however large it is shown.
  private place(event: PointerEvent): { x: number; y: number } {
    const shown = this.canvas.getBoundingClientRect();
    const scale = this.canvas.width / shown.width;
    return { x: (event.clientX - shown.left) * scale, y: (event.clientY - shown.top) * scale };
  }
}
