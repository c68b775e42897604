// <mb-countdown data-seconds="90">: counts down to the moment at which one may try again.
import { words } from "./words";

class Countdown extends HTMLElement {
  private timer = 0;

  connectedCallback(): void {
    const end = Date.now() + Number(this.dataset["seconds"]) * 1_000;
    const place = this.querySelector("strong") ?? this;
    const show = (): void => {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1_000));
      const seconds = `${left % 60} ${words.seconds}`;
      place.textContent =
        left < 60 ? seconds : `${Math.floor(left / 60)} ${words.minutes} ${seconds}`;
      if (left === 0) {
        clearInterval(this.timer);
        this.closest("p")?.replaceChildren(words.tryNow);
      }
    };
    show();
    this.timer = window.setInterval(show, 1_000);
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
  }
}

customElements.define("mb-countdown", Countdown);
