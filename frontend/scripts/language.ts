// The language in which code is shown, wherever there are several; the browser remembers it. It is
// set before anything is drawn, so that nothing jumps.
const KEPT = "docs-language";
const root = document.documentElement;

// The store can be closed to us: then the choice holds for this page.
function kept(): string {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

function keep(language: string): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // Nothing is lost but the memory of it.
  }
}

function show(language: string): void {
  root.dataset["language"] = language;
  for (const bar of document.querySelectorAll(".languages")) {
    const buttons = [...bar.querySelectorAll<HTMLElement>("[data-choose]")];
    const chosen = buttons.find((each) => each.dataset["choose"] === language) ?? buttons[0];
    for (const each of buttons) each.setAttribute("aria-pressed", String(each === chosen));
  }
}

root.dataset["language"] = kept();
document.addEventListener("DOMContentLoaded", () => show(kept()));
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-choose]");
  const language = button?.dataset["choose"];
  if (!button || !language) return;
  // What is read stays where it is, whatever becomes shorter above it.
  const before = button.getBoundingClientRect().top;
  keep(language);
  show(language);
  scrollBy(0, button.getBoundingClientRect().top - before);
});
