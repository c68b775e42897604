// A form that asks for a text to be typed: <form data-must-equal="my-website">. Its button waits.
for (const form of document.querySelectorAll<HTMLFormElement>("[data-must-equal]")) {
  const field = form.querySelector<HTMLInputElement>("input:not([type=hidden])");
  const button = form.querySelector<HTMLButtonElement>("button:not([type=button])");
  const compare = (): void => {
    if (button) button.disabled = field?.value.trim() !== form.dataset["mustEqual"];
  };
  field?.addEventListener("input", compare);
  compare();
}
