// Forms with data-guard: whoever leaves with changes that are not saved is asked first.
import { words } from "./words";

const guarded = [...document.querySelectorAll<HTMLFormElement>("form[data-guard]")];
const before = new Map(guarded.map((form) => [form, filledIn(form)]));
let isLeavingBySaving = false;

for (const form of guarded) {
  form.addEventListener("submit", () => (isLeavingBySaving = true));
}

addEventListener("beforeunload", (event) => {
  const isChanged = guarded.some((form) => filledIn(form) !== before.get(form));
  if (isChanged && !isLeavingBySaving) {
    event.preventDefault();
    event.returnValue = words.unsaved;
  }
});

// Back to a page that the browser has kept as it was.
addEventListener("pageshow", () => (isLeavingBySaving = false));

function filledIn(form: HTMLFormElement): string {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
  return JSON.stringify(fields);
}
