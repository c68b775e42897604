// <mb-offline>: says that the network is gone, for as long as it is.
class Offline extends HTMLElement {
  private readonly show = (): void => {
    this.hidden = navigator.onLine;
  };

  connectedCallback(): void {
    addEventListener("online", this.show);
    addEventListener("offline", this.show);
    this.show();
  }

  disconnectedCallback(): void {
    removeEventListener("online", this.show);
    removeEventListener("offline", this.show);
  }
}

customElements.define("mb-offline", Offline);

// What is sent now would end on the browser's own error page, and what was filled in be lost.
document.addEventListener("submit", (event) => {
  if (!navigator.onLine) event.preventDefault();
}, { capture: true });
