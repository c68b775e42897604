// <mb-zone>: at the set-up, the browser's time zone is the likely one.
import { root } from "./root";

class Zone extends HTMLElement {
  connectedCallback(): void {
    const select = this.querySelector("select");
    if (!select || select.value || location.pathname.startsWith(`${root}/settings`)) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...select.options].some((option) => option.value === zone)) select.value = zone;
  }
}

customElements.define("mb-zone", Zone);
