// <mb-offline>: says that the network is gone, for as long as it is.
// A server on this very machine is there without any network.
const isHere = /^(localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname);
const isOffline = (): boolean => !navigator.onLine && !isHere;

class Offline extends HTMLElement {
  private readonly show = (): void => {
    this.hidden = !isOffline();
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
  if (isOffline()) event.preventDefault();
}, { capture: true });
