// <mb-password>: a button that shows what is typed.
class Password extends HTMLElement {
  connectedCallback(): void {
    const field = this.querySelector("input");
    const button = this.querySelector("button");
    button?.addEventListener("click", () => {
      if (!field) return;
      const shows = field.type === "password";
      field.type = shows ? "text" : "password";
      button.setAttribute("aria-pressed", String(shows));
    });
    // So that no password is kept as plain text by whatever remembers fields.
    field?.form?.addEventListener("submit", () => (field.type = "password"));
  }
}

customElements.define("mb-password", Password);
