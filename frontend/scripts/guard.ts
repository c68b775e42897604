// Forms with data-guard: whoever leaves with changes that are not saved is asked first.
import { words } from "./words";

const guarded = [...document.querySelectorAll<HTMLFormElement>("form[data-guard]")];
const before = new Map(guarded.map((form) => [form, filledIn(form)]));
let isLeavingBySaving = false;

for (const form of guarded) {
  form.addEventListener("submit", (event) => {
    isLeavingBySaving = !event.defaultPrevented;
  });
}

addEventListener("beforeunload", (event) => {
  const isChanged = guarded.some(
    // What the server has just refused is not saved either.
    (form) => filledIn(form) !== before.get(form) || form.querySelector("[aria-invalid=true]"),
  );
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
