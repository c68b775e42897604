// <mb-toasts>: short messages at the foot of the page, read out as they come.

const SHOWN_MS = 10_000;

class Toasts extends HTMLElement {
  connectedCallback(): void {
    document.addEventListener("click", (event) => {
      const target = event.target as Element;
      if (target.closest("[data-dismiss]")) target.closest(".toast")?.remove();
    });
    // One that asks for something, or is still being read or pointed at, stays.
    new MutationObserver(() => {
      this.comeForward();
      this.expire();
    }).observe(this, { childList: true });
    this.expire();
  }

  say(text: string): void {
    const toast = document.createElement("div");
    toast.className = "toast";
    const told = document.createElement("p");
    told.textContent = text;
    toast.append(told);
    this.append(toast);
  }

  // Behind a modal dialog nothing can be read or pressed. A failure ends the dialog that asked for
  // what failed, but never the one that shows a key.
  private comeForward(): void {
    const dialog = document.querySelector<HTMLDialogElement>("dialog:modal");
    const failure = this.querySelector(".toast.error");
    if (!dialog || !failure) return;
    if (dialog.matches(".reveal")) dialog.append(failure);
    else dialog.close();
  }

  private expire(): void {
    for (const toast of this.querySelectorAll<HTMLElement>(".toast:not([data-timed], .error, :has(form))")) {
      toast.dataset["timed"] = "";
      const end = (): void => {
        if (toast.matches(":hover, :focus-within")) setTimeout(end, SHOWN_MS);
        else toast.remove();
      };
      setTimeout(end, SHOWN_MS);
    }
  }
}

customElements.define("mb-toasts", Toasts);

// Say something that can be answered by a press: "2 items resolved. Undo".
export function offer(text: string, label: string, onPress: () => void): void {
  say(text);
  const toast = document.querySelector("mb-toasts")?.lastElementChild;
  if (!toast || !label) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = label;
  button.addEventListener("click", () => {
    toast.remove();
    onPress();
  });
  toast.append(button);
}

export function say(text: string): void {
  document.querySelector<Toasts>("mb-toasts")?.say(text);
}

