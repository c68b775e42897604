// News of the inbox as it comes: one connection for all tabs of a browser, none while all are
// hidden. Whoever holds the lock listens and tells the others; where nothing comes through, asking
// now and then does.
import { root } from "./root";

export interface News {
  place: string;
  new: string[];
  changed: { position: string; kind: string; became: string; by: string; id: string }[];
  is_cut: boolean;
}

const LOCK = `miniback-live${root}`;
const ASK_EVERY_MS = 10_000;
const OPENS_WITHIN_MS = 6_000;
const MOST_KNOWN = 2_000;
const channel = "BroadcastChannel" in window ? new BroadcastChannel(LOCK) : null;

let place = "";
let known = new Set<string>();
let tell: (news: News) => void = () => undefined;
let letGo: (() => void) | null = null;
let waiting: AbortController | null = null;

// Begin to listen behind a place, for as long as this page is open and seen.
export function listen(from: string, onNews: (news: News) => void): void {
  place = from;
  tell = onNews;
  channel?.addEventListener("message", (event: MessageEvent<News>) => take(event.data));
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", follow);
  follow();
}

function follow(): void {
  if (document.visibilityState === "hidden") stop();
  else void begin();
}

async function begin(): Promise<void> {
  if (letGo || waiting) return;
  // Without locks, as on plain http elsewhere, each tab listens for itself.
  if (!navigator.locks) {
    letGo = connect();
    return;
  }
  waiting = new AbortController();
  await navigator.locks
    .request(LOCK, { signal: waiting.signal }, () => new Promise<void>((done) => {
      waiting = null;
      const close = connect();
      letGo = () => {
        close();
        done();
      };
    }))
    .catch(() => undefined);
}

function stop(): void {
  waiting?.abort();
  waiting = null;
  letGo?.();
  letGo = null;
}

// What a broken connection may have missed is told again, so what is known is left out.
function take(news: News): void {
  place = news.place;
  const fresh = {
    ...news,
    new: news.new.filter((name) => !known.has(name)),
    changed: news.changed.filter((each) => !known.has(each.id)),
  };
  for (const name of [...fresh.new, ...fresh.changed.map((each) => each.id)]) known.add(name);
  if (known.size > MOST_KNOWN) known = new Set([...known].slice(-MOST_KNOWN / 2));
  if (fresh.new.length || fresh.changed.length) tell(fresh);
}

function spread(news: News): void {
  channel?.postMessage(news);
  take(news);
}

function connect(): () => void {
  let asking = 0;
  let isOpen = false;
  const source = new EventSource(`${root}/inbox/live${place ? `?last=${encodeURIComponent(place)}` : ""}`);
  const ask = (): void => {
    if (!asking) asking = window.setInterval(() => void askOnce(), ASK_EVERY_MS);
  };
  const late = setTimeout(() => {
    if (!isOpen) ask();
  }, OPENS_WITHIN_MS);
  source.addEventListener("message", (event: MessageEvent<string>) => {
    isOpen = true;
    clearInterval(asking);
    asking = 0;
    spread(JSON.parse(event.data) as News);
  });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) ask();
  });
  return () => {
    clearTimeout(late);
    clearInterval(asking);
    source.close();
  };
}

async function askOnce(): Promise<void> {
  const url = `${root}/inbox/live?last=${encodeURIComponent(place)}`;
  const answer = await fetch(url, { headers: { accept: "application/json" } }).catch(() => null);
  if (answer?.ok) spread(((await answer.json()) as { data: News }).data);
}
