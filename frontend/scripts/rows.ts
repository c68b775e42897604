// The rows of the inbox's list.

export function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(".items > .item")];
}

// The row with the focus, else the one whose item is open.
export function current(): HTMLElement | null {
  const focused = document.activeElement?.closest<HTMLElement>(".items > .item");
  return focused ?? document.querySelector<HTMLElement>(".items > .item[aria-current]");
}

export function checked(): HTMLElement[] {
  return rows().filter((row) => row.querySelector<HTMLInputElement>("input[type=checkbox]:checked"));
}

export function show(row: HTMLElement): void {
  row.querySelector<HTMLElement>(".message")?.focus();
  row.scrollIntoView({ block: "nearest" });
}

// Show a status before the server has said yes: the badge of another row, or of the templates.
export function paint(row: HTMLElement, status: string): void {
  const badge = row.querySelector<HTMLElement>(".badge");
  const model = document.querySelector<HTMLTemplateElement>("#badges")?.content.querySelector(`[data-badge="${status}"] .badge`);
  if (badge && model) badge.replaceWith(model.cloneNode(true));
  row.classList.remove("new", "reviewed", "resolved");
  row.classList.add(status.toLowerCase());
  row.dataset["status"] = status;
}

// Show a tag or an assignee likewise; a person is known by the id, and shown by a name.
export function annotate(row: HTMLElement, kind: string, value: string): void {
  const meta = row.querySelector<HTMLElement>(".meta");
  const person = meta?.querySelector(".person") ?? null;
  const same = [...row.querySelectorAll(".tag")].find((tag) => tag.textContent?.toLowerCase() === value.toLowerCase());
  if (kind === "UNTAG") same?.remove();
  if (kind === "TAG" && !same) meta?.insertBefore(named(".tag", value), person);
  if (kind !== "ASSIGN") return;
  person?.remove();
  const choice = [...document.querySelectorAll<HTMLOptionElement>("#assign-all option")].find((each) => each.value === value);
  if (value && choice) meta?.append(named(".person", choice.text));
}

function named(selector: string, name: string): Node {
  const found = document.querySelector<HTMLTemplateElement>("#badges")?.content.querySelector(selector)?.cloneNode(true);
  if (!(found instanceof HTMLElement)) return document.createTextNode(name);
  (found.querySelector("bdi") ?? found).textContent = name;
  return found;
}
