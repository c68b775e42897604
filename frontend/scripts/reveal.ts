// <mb-reveal>: the one time that a key is shown. It closes only when the person says that the key
// is stored, or means it; then the key is gone from the page, and from the history.
import { isOutside } from "./dialogs";
import { focusNext } from "./focus";

class Reveal extends HTMLElement {
  connectedCallback(): void {
    const dialog = this.querySelector("dialog");
    if (!dialog) return;
    document.querySelector<HTMLDialogElement>("dialog#regenerate")?.close();
    dialog.close();
    dialog.showModal();
    const stored = dialog.querySelector<HTMLInputElement>("[data-stored]");
    const finish = dialog.querySelector<HTMLAnchorElement>("[data-finish]");
    const warning = dialog.querySelector<HTMLElement>("[data-warning]");
    dialog.querySelector<HTMLElement>("mb-copy button")?.focus();

    const leave = (): void => {
      const done = this.dataset["done"] ?? "/";
      this.remove();
      focusNext("[data-opens=regenerate]");
      location.replace(done);
    };
    const ask = (): void => {
      if (stored?.checked) {
        leave();
      } else if (warning) {
        warning.hidden = false;
        warning.querySelector<HTMLElement>("[data-stay]")?.focus();
      }
    };
    const enable = (): void => finish?.setAttribute("aria-disabled", String(!stored?.checked));
    enable();
    stored?.addEventListener("change", enable);
    finish?.addEventListener("click", (event) => {
      event.preventDefault();
      if (stored?.checked) leave();
    });
    // The browser closes on a second Escape whatever `cancel` says, but not when it never sees it.
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        ask();
      }
    });
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      ask();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog && isOutside(dialog, event)) ask();
    });
    warning?.querySelector("[data-close-anyway]")?.addEventListener("click", leave);
    warning?.querySelector("[data-stay]")?.addEventListener("click", () => {
      warning.hidden = true;
      dialog.querySelector<HTMLElement>("mb-copy button")?.focus();
    });
  }
}

customElements.define("mb-reveal", Reveal);
