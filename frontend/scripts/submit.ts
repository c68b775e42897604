// A form is sent once, however often its button is pressed; the server would see to it anyway.
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset["sent"]) event.preventDefault();
  form.dataset["sent"] = "yes";
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
    delete form.dataset["sent"];
  }
});
