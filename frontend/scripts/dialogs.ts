// Dialogs that a link opens: <a href="/the/page" data-opens="id-of-the-dialog">. Without a script
// the link leads to a page that does the same.
document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset["opens"] ?? "");
  const click = event as MouseEvent;
  if (dialog instanceof HTMLDialogElement && !click.ctrlKey && !click.metaKey && !click.shiftKey) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (target.closest("[data-close]")) target.closest("dialog")?.close();
  // A click on the dialog itself is one beside its content.
  if (target instanceof HTMLDialogElement && target.open && !target.classList.contains("reveal")) {
    if (isOutside(target, click)) target.close();
  }
});

// A menu that was opened by its summary closes when one goes on elsewhere.
document.addEventListener("click", (event) => closeMenus(event.target as Node));
document.addEventListener("focusin", (event) => closeMenus(event.target as Node));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector<HTMLDetailsElement>(".menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

function closeMenus(except: Node): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>(".menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

export function isOutside(dialog: HTMLDialogElement, click: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect();
  const { clientX: x, clientY: y } = click;
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}
