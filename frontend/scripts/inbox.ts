// <mb-inbox>: list and item change in place; every state has its address, and everything here is a
// quicker way to what links and forms do as well.
import { actOn, undoLast } from "./acts";
import { listen, type News } from "./live";
import { root } from "./root";
import { rows, current, checked, paint, show } from "./rows";
import { caughtUp, filtered, put } from "./state";
import { say } from "./toasts";
import { words } from "./words";

declare const htmx: {
  ajax(method: string, url: string, options: Record<string, unknown>): Promise<void>;
};

const TYPING_MS = 250;
const DIALOG = "dialog:modal";
const GATHER_MS = 400;
const HIDES = ["DELETE", "SPAM", "NOT_SPAM"];

interface Fresh {
  new: number;
  menu: number;
  views: Record<string, number>;
  tabs: Record<string, number>;
}

interface Place {
  scroll: number;
  focus: string;
}

class Inbox extends HTMLElement {
  private typing = 0;
  private gathering = 0;
  private anchor = -1;
  private loads = 0;
  private isLoading = false;

  connectedCallback(): void {
    history.scrollRestoration = "manual";
    this.addEventListener("click", (event) => this.onClick(event));
    this.addEventListener("input", (event) => this.onInput(event));
    this.addEventListener("keydown", (event) => this.leaveField(event));
    this.addEventListener("change", (event) => this.onChange(event));
    this.addEventListener("submit", (event) => this.onSubmit(event), { capture: true });
    addEventListener("popstate", (event) => void this.back(event.state as Place | null));
    document.addEventListener("miniback:key", (event) => this.onKey(event as CustomEvent<string>));
    document.addEventListener("miniback:stale", () => void this.load(location.href));
    this.restore(history.state as Place | null);
    listen(this.dataset["place"] ?? "", (news) => this.hear(news));
  }

  // What has happened, by whomever: changes are shown in place, and what is new is announced.
  private hear(news: News): void {
    for (const { position, kind, became } of news.changed) {
      const open = document.querySelector<HTMLElement>(`#detail[data-position="${position}"]`);
      if (open && kind === "STATUS") paint(open, became);
      const row = rows().find((each) => each.dataset["position"] === position);
      if (!row) continue;
      if (kind === "STATUS") paint(row, became);
      if (HIDES.includes(kind)) row.hidden = true;
      if (kind === "RESTORE") row.hidden = false;
    }
    clearTimeout(this.gathering);
    this.gathering = window.setTimeout(() => void this.recount(), GATHER_MS);
  }

  private async recount(): Promise<void> {
    const query = this.dataset["query"] ?? "";
    const newest = this.dataset["newest"] ?? "0";
    const answer = await fetch(`${root}/inbox/fresh${query}${query ? "&" : "?"}after=${newest}`).catch(() => null);
    // Another list by now counts for itself.
    if (!answer?.ok || query !== this.dataset["query"] || newest !== this.dataset["newest"]) return;
    const { data } = (await answer.json()) as { data: Fresh };
    for (const [name, items] of Object.entries(data.tabs)) {
      const place = this.querySelector(`[data-tab="${name}"]`);
      if (place) place.textContent = items.toLocaleString("en");
    }
    const menu = document.querySelector<HTMLElement>("[data-count-new]");
    if (menu) {
      menu.hidden = data.menu === 0;
      menu.lastElementChild?.replaceChildren(data.menu.toLocaleString("en"));
    }
    for (const [id, items] of Object.entries(data.views)) {
      document.querySelector(`[data-view="${id}"]`)?.replaceChildren(items.toLocaleString("en"));
    }
    this.announce(data.new);
  }

  private announce(count: number): void {
    const pill = this.querySelector<HTMLElement>("[data-pill]");
    if (pill) {
      pill.hidden = count === 0;
      pill.lastElementChild?.replaceChildren(words.fresh.replace("%(count)s", String(count)));
    }
    document.title = document.title.replace(/^(\(\d+\) )?/, count ? `(${count}) ` : "");
  }

  // Go to another state of the inbox, which Back undoes.
  async go(url: string): Promise<void> {
    const focus = current()?.dataset["id"] ?? "";
    history.replaceState({ scroll: scrollY, focus } satisfies Place, "");
    history.pushState({ scroll: 0, focus: "" } satisfies Place, "", url);
    await this.load(url);
    if (this.dataset["open"]) {
      document.querySelector<HTMLElement>("#detail")?.focus({ preventScroll: true });
      if (matchMedia("(max-width: 1023px)").matches) scrollTo(0, 0);
    }
  }

  // The place is read first: what loads the page writes a state of its own.
  private async back(place: Place | null): Promise<void> {
    await this.load(location.href);
    this.restore(place);
  }

  private async load(url: string): Promise<void> {
    const load = ++this.loads;
    this.isLoading = true;
    try {
      await htmx.ajax("GET", url, {
        source: this,
        target: this,
        select: "#inbox",
        swap: "outerMorph",
      });
    } finally {
      // One that was replaced ends too; what is asked for last is still to come.
      if (load === this.loads) this.isLoading = false;
    }
    this.tell();
  }

  private restore(place: Place | null): void {
    if (!place || !("scroll" in place)) return;
    rows().find((row) => row.dataset["id"] === place.focus)?.querySelector<HTMLElement>(".message")?.focus({ preventScroll: true });
    scrollTo(0, place.scroll);
  }

  private onClick(event: MouseEvent): void {
    const target = event.target as Element;
    const box = target.closest<HTMLInputElement>(".item input");
    if (box) this.choose(box, event.shiftKey);
    const link = target.closest<HTMLAnchorElement>(`a[href^='${root}/inbox']`);
    if (!link || link.target || link.pathname.endsWith(".csv") || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if ("closeItem" in link.dataset) this.close();
    else void this.go(this.leading(link.href));
  }

  // What was asked for last, with what is being typed: the page may still show what was before.
  private newest(): URLSearchParams {
    const state = new URLSearchParams(location.search);
    const field = this.querySelector<HTMLInputElement>("#search");
    if (this.typing && field) put(state, field.name, field.value);
    clearTimeout(this.typing);
    this.typing = 0;
    return state;
  }

  private leading(href: string): string {
    const isBehind = this.isLoading || this.typing !== 0;
    return isBehind ? caughtUp(this.newest(), this.dataset["query"] ?? "", new URL(href, location.href)) : href;
  }

  private choose(box: HTMLInputElement, isRange: boolean): void {
    const all = rows();
    const at = all.findIndex((row) => row.contains(box));
    if (isRange && this.anchor >= 0) {
      const [first, last] = [Math.min(at, this.anchor), Math.max(at, this.anchor)];
      for (const row of all.slice(first, last + 1)) tick(row, box.checked);
    }
    this.anchor = at;
    this.tell();
  }

  // What is chosen, in words that are read out.
  private tell(): void {
    const count = checked().length;
    const told = count ? words.chosen.replace("%(count)s", String(count)) : "";
    for (const place of this.querySelectorAll("[data-chosen]")) place.textContent = told;
  }

  private onInput(event: Event): void {
    const field = event.target as HTMLInputElement;
    if (field.type !== "search") return;
    clearTimeout(this.typing);
    this.typing = window.setTimeout(() => this.filter(field), TYPING_MS);
  }

  // Escape leaves the search as it is; the browser would empty it.
  private leaveField(event: KeyboardEvent): void {
    const field = event.target as HTMLInputElement;
    if (event.key !== "Escape" || field.type !== "search") return;
    event.preventDefault();
    field.blur();
  }

  private onChange(event: Event): void {
    const field = event.target as HTMLInputElement | HTMLSelectElement;
    if (field.form?.id === "filters" && field.type !== "search") this.filter(field);
    if ("submits" in field.dataset) field.form?.requestSubmit();
    if (field.closest(".item")) this.tell();
  }

  private onSubmit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (form.id === "filters") {
      event.preventDefault();
      event.stopPropagation();
      this.filter(form.querySelector<HTMLInputElement>("#search"));
    } else if (form.getAttribute("action") === `${root}/inbox/act` && event.submitter instanceof HTMLButtonElement) {
      event.preventDefault();
      event.stopPropagation();
      const isAll = form.querySelector<HTMLInputElement>("[data-all]")?.checked ?? false;
      const only = form.id === "act" ? checked() : [];
      const field = event.submitter.dataset["with"];
      const value = field ? `:${String(new FormData(form).get(field) ?? "").trim()}` : "";
      const menu = event.submitter.closest("details");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary")?.focus();
      }
      void this.act(event.submitter.value + value, only, isAll, form);
    }
  }

  private filter(field: HTMLInputElement | HTMLSelectElement | null): void {
    if (field) void this.go(filtered(this.newest(), field.name, field.value));
  }

  private async act(action: string, chosen: HTMLElement[], isAll: boolean, form: HTMLFormElement | null): Promise<void> {
    const open = this.dataset["open"];
    const ids = chosen.map((row) => row.dataset["id"] ?? "");
    if (!ids.length && !isAll && open) ids.push(open);
    if (!ids.length && !isAll) {
      say(words.chooseFirst);
      return;
    }
    const isOpen = open !== undefined && ids.includes(open);
    const next = after(ids);
    if (ids.includes(current()?.dataset["id"] ?? "")) next?.querySelector<HTMLElement>(".message")?.focus();
    const done = await actOn({ action, ids, isAll, query: this.dataset["query"] ?? "", newest: this.dataset["newest"] ?? "", total: form?.querySelector<HTMLInputElement>("[name=total]")?.value ?? "" });
    if (!done) return;
    if (isOpen && action === "DELETE") await this.go(`${root}/inbox${this.dataset["query"] ?? ""}`);
    else await this.load(location.href);
  }

  private onKey(event: CustomEvent<string>): void {
    const key = event.detail;
    if (document.querySelector(DIALOG)) return;
    const does = this.deeds[key];
    if (!does) return;
    event.preventDefault();
    does();
  }

  private readonly deeds: Record<string, () => void> = {
    j: () => this.step(1),
    k: () => this.step(-1),
    o: () => current()?.querySelector<HTMLElement>(".message")?.click(),
    Escape: () => this.close(),
    x: () => this.toggle(false),
    X: () => this.toggle(true),
    a: () => {
      const isAll = rows().every((row) => tickOf(row)?.checked);
      for (const row of rows()) tick(row, !isAll);
      this.tell();
    },
    e: () => this.actByKey("RESOLVED"),
    r: () => this.actByKey("REVIEWED"),
    n: () => this.actByKey("NEW"),
    "#": () => this.actByKey("DELETE"),
    z: () => void undoLast().then((done) => (done ? this.load(location.href) : undefined)),
    c: () => this.querySelector<HTMLElement>(".detail .ends mb-copy button")?.click(),
  };

  private actByKey(action: string): void {
    const row = current();
    const chosen = checked();
    void this.act(action, chosen.length ? chosen : row && !this.dataset["open"] ? [row] : [], false, null);
  }

  // One further: from item to item where one is open, else from row to row, across pages too.
  private step(by: 1 | -1): void {
    if (this.dataset["open"]) {
      this.querySelector<HTMLElement>(`.steps-beside [rel=${by > 0 ? "next" : "prev"}]`)?.click();
      return;
    }
    const all = rows();
    const row = current();
    const to = row ? all.indexOf(row) + by : by > 0 ? 0 : all.length - 1;
    const wanted = all[to];
    if (wanted) {
      show(wanted);
      return;
    }
    const page = this.querySelector<HTMLAnchorElement>(`.pages [rel=${by > 0 ? "next" : "prev"}]`);
    if (page) void this.go(this.leading(page.href)).then(() => {
      const found = rows();
      const edge = by > 0 ? found[0] : found[found.length - 1];
      if (edge) show(edge);
    });
  }

  private toggle(isRange: boolean): void {
    const row = current() ?? rows()[0];
    const box = row && tickOf(row);
    if (!row || !box) return;
    box.checked = isRange || !box.checked;
    this.choose(box, isRange);
  }

  private close(): void {
    const id = this.dataset["open"];
    if (!id) {
      for (const row of rows()) tick(row, false);
      this.tell();
      return;
    }
    void this.go(this.leading(`${root}/inbox${this.dataset["query"] ?? ""}`)).then(() => {
      const row = rows().find((each) => each.dataset["id"] === id);
      if (row) show(row);
    });
  }
}

function tickOf(row: HTMLElement): HTMLInputElement | null {
  return row.querySelector<HTMLInputElement>("input[type=checkbox]");
}

function tick(row: HTMLElement, isOn: boolean): void {
  const box = tickOf(row);
  if (box) box.checked = isOn;
}

// The row that one goes on with behind those that are dealt with.
function after(ids: string[]): HTMLElement | undefined {
  const all = rows();
  const last = Math.max(...ids.map((id) => all.findIndex((row) => row.dataset["id"] === id)));
  return all[last + 1] ?? all[last - 1];
}

customElements.define("mb-inbox", Inbox);
