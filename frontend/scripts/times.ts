// <mb-time>: keeps "2 min ago" true, and tells the moment in the browser's zone where the person
// has chosen none.
import { words } from "./words";

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
const DAYS_TOLD = 30;
const EVERY_MS = 30_000;

class Time extends HTMLElement {
  connectedCallback(): void {
    const time = this.querySelector("time");
    if (!time) return;
    if (!("zoned" in time.dataset)) time.title = moment(new Date(time.dateTime));
    shown.add(time);
  }

  disconnectedCallback(): void {
    const time = this.querySelector("time");
    if (time) shown.delete(time);
  }
}

const shown = new Set<HTMLTimeElement>();

setInterval(() => {
  for (const time of shown) {
    const text = ago(new Date(time.dateTime));
    if (text && time.textContent !== text) time.textContent = text;
  }
}, EVERY_MS);

function ago(date: Date): string | null {
  const seconds = Math.max(0, (Date.now() - date.getTime()) / 1_000);
  if (seconds < MINUTE_S) return words.ago.now;
  if (seconds < HOUR_S) return counted(words.ago.minutes, seconds / MINUTE_S);
  if (seconds < DAY_S) return counted(words.ago.hours, seconds / HOUR_S);
  if (seconds < DAYS_TOLD * DAY_S) return counted(words.ago.days, seconds / DAY_S);
  return null;
}

function counted(text: string, count: number): string {
  return text.replace("%(count)s", String(Math.floor(count)));
}

function moment(date: Date): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())} (${zone})`;
}

customElements.define("mb-time", Time);
