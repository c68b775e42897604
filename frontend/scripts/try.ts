// <mb-try>: carries out a call of the reference on this server and shows what comes back. The key is
// read from its field when it is needed, and kept nowhere: not in a store, not in an address.
const SHOWN_BYTES = 100_000;

class Try extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send(event.target as HTMLFormElement);
    });
  }

  async #send(form: HTMLFormElement): Promise<void> {
    const button = form.querySelector("button");
    const outcome = this.querySelector<HTMLElement>(".outcome");
    if (!button || !outcome || button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    outcome.replaceChildren(line("Sending…"));
    const begun = performance.now();
    try {
      const answer = await fetch(this.#address(form), this.#request(form));
      const body = await answer.blob();
      const tookMs = Math.round(performance.now() - begun);
      outcome.replaceChildren(...(await told(answer, body, tookMs)));
    } catch {
      outcome.replaceChildren(line("No answer came. Is the server running, and what you filled in complete?"));
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  #address(form: HTMLFormElement): string {
    let path = this.dataset["path"] ?? "";
    const query = new URLSearchParams();
    for (const [place, name, value] of filledIn(form)) {
      if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
      if (place === "query") query.set(name, value);
    }
    const asked = query.toString();
    return asked ? `${path}?${asked}` : path;
  }

  #request(form: HTMLFormElement): RequestInit {
    const headers = new Headers();
    for (const [place, name, value] of filledIn(form)) if (place === "header") headers.set(name, value);
    const key = document.querySelector<HTMLInputElement>("#key")?.value.trim() ?? "";
    if (key && "keyed" in this.dataset) headers.set("x-api-key", key);
    const body = bodyOf(form);
    if (typeof body === "string") headers.set("content-type", this.dataset["type"] ?? "");
    // Without cookies: a call shows what the key may do, not what the person who is signed in may.
    const apart = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" } as const;
    return { method: this.dataset["method"] ?? "GET", headers, ...apart, ...(body ? { body } : {}) };
  }
}

function filledIn(form: HTMLFormElement): [string, string, string][] {
  const fields = [...form.querySelectorAll<HTMLInputElement>("input[name]")].filter((each) => each.value);
  return fields.map((each) => [each.dataset["place"] ?? "", each.name, each.value]);
}

function bodyOf(form: HTMLFormElement): string | File | undefined {
  const file = form.querySelector<HTMLInputElement>("[data-place=file]")?.files?.[0];
  return file ?? form.querySelector<HTMLTextAreaElement>("textarea")?.value;
}

async function told(answer: Response, body: Blob, tookMs: number): Promise<Node[]> {
  const status = line(`${answer.status} ${answer.statusText}`.trim() + ` · ${tookMs} ms`);
  status.className = answer.ok ? "done" : "error";
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const folded = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "Headers";
  folded.append(summary, code(headers));
  return [status, folded, code(await shown(answer, body))];
}

async function shown(answer: Response, body: Blob): Promise<string> {
  const type = answer.headers.get("content-type") ?? "";
  if (!body.size) return "(no body)";
  if (!/json|text|csv|xml/.test(type)) return `(${body.size.toLocaleString("en")} bytes of ${type})`;
  const text = await body.slice(0, SHOWN_BYTES).text();
  if (body.size > SHOWN_BYTES) return `${text}\n…`;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function line(text: string): HTMLElement {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

function code(text: string): HTMLElement {
  const made = document.createElement("pre");
  made.tabIndex = 0;
  made.translate = false;
  made.append(Object.assign(document.createElement("code"), { textContent: text }));
  return made;
}

customElements.define("mb-try", Try);
