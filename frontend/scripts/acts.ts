// Doing something to items: shown at once, taken back with the reason where the server says no.
import { root } from "./root";
import { annotate, paint, rows } from "./rows";
import { offer, say } from "./toasts";
import { words } from "./words";

// `action` is as the server reads it: `RESOLVED`, `TAG:a name`, `ASSIGN:an id`.
export interface Act {
  action: string;
  ids: string[];
  isAll: boolean;
  query: string;
  newest: string;
  total: string;
}

interface Done {
  done: number;
  act: string;
  told: string;
}

const STATUSES = ["NEW", "REVIEWED", "RESOLVED"];
const ANNOTATES = ["TAG", "UNTAG", "ASSIGN"];
let last = "";

// Carry an act out; false where nothing came of it.
export async function actOn(act: Act): Promise<boolean> {
  const count = act.isAll ? act.total : String(act.ids.length);
  const isMany = act.isAll || act.ids.length > 1;
  if (act.action === "DELETE" && isMany && !(await isSure(count))) return false;
  const takeBack = shown(act);
  const fields: Record<string, string> = { action: act.action, items: act.ids.join(","), query: act.query, sure: "1" };
  if (act.isAll) Object.assign(fields, { all: "1", newest: act.newest });
  const answer = await sent("/inbox/act", fields);
  if (answer?.ok) {
    const { data } = (await answer.json()) as { data: Done };
    last = data.act;
    offer(data.told, data.done ? words.undo : "", () => void undoLast().then(announceStale));
    return true;
  }
  if (answer?.status === 404) {
    for (const row of rows()) if (act.ids.includes(row.dataset["id"] ?? "")) row.remove();
    say(words.goneElsewhere);
    return true;
  }
  takeBack();
  offer(words.notDone, words.retry, () => void actOn(act).then(announceStale));
  return false;
}

// Take the last act back; false where there is none.
export async function undoLast(): Promise<boolean> {
  if (!last) return false;
  const answer = await sent(`/inbox/undo/${last}`, {});
  if (!answer?.ok) {
    say(words.notDone);
    return false;
  }
  last = "";
  const { data } = (await answer.json()) as { data: { told: string } };
  say(data.told);
  return true;
}

function announceStale(isDone: boolean): void {
  if (isDone) document.dispatchEvent(new Event("miniback:stale"));
}

// Show what the act will have done; return what takes it back.
function shown(act: Act): () => void {
  const meant = rows().filter((row) => act.isAll || act.ids.includes(row.dataset["id"] ?? ""));
  const before = meant.map((row) => row.dataset["status"] ?? "");
  if (STATUSES.includes(act.action)) {
    for (const row of meant) paint(row, act.action);
    return () => meant.forEach((row, at) => paint(row, before[at] ?? "NEW"));
  }
  const [kind = "", ...value] = act.action.split(":");
  if (ANNOTATES.includes(kind)) {
    const places = meant.map((row) => row.querySelector(".meta"));
    const kept = places.map((place) => place?.cloneNode(true));
    for (const row of meant) annotate(row, kind, value.join(":"));
    return () => places.forEach((place, at) => place?.replaceWith(kept[at] ?? place));
  }
  for (const row of meant) row.hidden = true;
  return () => {
    for (const row of meant) row.hidden = false;
  };
}

async function sent(url: string, fields: Record<string, string>): Promise<Response | null> {
  const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
  const body = new URLSearchParams({ ...fields, csrf_token: token });
  try {
    return await fetch(root + url, { method: "POST", body, headers: { accept: "application/json" } });
  } catch {
    return null;
  }
}

function isSure(count: string): Promise<boolean> {
  const dialog = document.querySelector<HTMLDialogElement>("#sure");
  if (!dialog) return Promise.resolve(true);
  const place = dialog.querySelector("[data-count]");
  if (place) place.textContent = words.deleteMany.replace("%(count)s", count);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}
