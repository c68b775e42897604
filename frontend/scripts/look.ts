// The page of a widget's look: what is chosen is seen at once in the real widget beside it.

interface Widget {
  configure(options: Record<string, unknown>): void;
}

// The darkest and the lightest text that the widget writes on its colour.
const DARK = "#000000";
const WHITE = "#ffffff";
const READABLE = 4.5;

class Look extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector("form");
    form?.addEventListener("input", () => this.#show(form));
    this.querySelector("iframe")?.addEventListener("load", () => form && this.#show(form));
  }

  #show(form: HTMLFormElement): void {
    const chosen = new FormData(form);
    const text = (name: string) => String(chosen.get(name) ?? "");
    const isHard = contrastWithWhite(text("color")) < READABLE;
    const warning = this.querySelector<HTMLElement>("[data-hard-to-read]");
    if (warning) warning.hidden = !isHard;
    const told = this.querySelector("[data-text-color]");
    if (told) told.textContent = isHard ? DARK : WHITE;
    const asked = [...chosen.keys()].filter((name) => name.startsWith("field-"));
    this.#widget()?.configure({
      position: text("position"),
      theme: text("theme"),
      color: text("color"),
      label: text("label"),
      title: text("title"),
      lang: text("language"),
      privacyUrl: text("privacy_url"),
      button: chosen.has("button"),
      poweredBy: chosen.has("powered_by"),
      fields: asked.map((name) => name.slice("field-".length)).join(","),
      ...(text("thanks") ? { texts: { thanks: text("thanks") } } : {}),
    });
  }

  #widget(): Widget | undefined {
    const page = this.querySelector("iframe")?.contentWindow as (Window & { miniback?: Partial<Widget> }) | null;
    const widget = page?.miniback;
    return widget?.configure ? (widget as Widget) : undefined;
  }
}

function contrastWithWhite(color: string): number {
  const light = [1, 3, 5]
    .map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at]!, 0);
  return 1.05 / (light + 0.05);
}

customElements.define("mb-look", Look);
