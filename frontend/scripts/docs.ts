// What pages of the documentation can do beyond links; reading them works without it.
import "./copy";
import "./toasts";
import "./try";

// "/" leads to the search, as it does on the other pages.
document.addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (target.isContentEditable || target.matches("input, textarea, select")) return;
  const field = [...document.querySelectorAll<HTMLInputElement>("[type=search]")].find((each) => each.checkVisibility());
  if (!field) return;
  field.focus();
  event.preventDefault();
});
