// <mb-copy data-text="…">: puts its text on the clipboard and says so; without one, the code that it
// stands over.
import { say } from "./toasts";
import { words } from "./words";

class Copy extends HTMLElement {
  connectedCallback(): void {
    this.querySelector("button")?.addEventListener("click", () => void this.copy());
  }

  private async copy(): Promise<void> {
    const text = this.dataset["text"] ?? this.closest(".code")?.querySelector("code")?.textContent ?? "";
    const done = (await written(text)) || selected(text, this);
    const label = this.querySelector("span");
    if (done && label && label.textContent !== words.copied) {
      const before = label.textContent;
      label.textContent = words.copied;
      setTimeout(() => (label.textContent = before), 2_000);
    }
    announce(done ? words.copied : words.notCopied, this);
  }
}

async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

// Where there is no clipboard, as on plain http, the old way still works.
function selected(text: string, near: Element): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "hidden";
  near.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  near.querySelector("button")?.focus();
  return done;
}

// What stands behind a modal dialog is not read out, so the dialog has a place of its own for it.
function announce(text: string, near: Element): void {
  const dialog = near.closest("dialog:modal");
  if (!dialog) {
    say(text);
    return;
  }
  let place = dialog.querySelector<HTMLElement>("[data-announce]");
  if (!place) {
    place = document.createElement("p");
    place.className = "hidden";
    place.setAttribute("role", "status");
    place.dataset["announce"] = "";
    dialog.append(place);
  }
  place.textContent = text;
}

customElements.define("mb-copy", Copy);
