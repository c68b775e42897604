// Feedback on its way. It is kept from before the first attempt until the server has it, each item
// under a name of its own, so that open pages never overwrite each other's; its key makes the server
// take it once, whoever sends it how often.
import type { Answer } from "./api";
import { names, read, remove, write } from "./store";

const MOST_ITEMS = 20;
const OLDEST_MS = 7 * 86_400_000;
const LEASE_MS = 60_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 300_000;

export interface Item {
  key: string;
  at: number;
  // As it was first sent: the server knows a retry by its very bytes.
  body: string;
}

type Deliver = (item: Item) => Promise<Answer>;

let timer = 0;
let failures = 0;

export function keep(project: string, item: Item): void {
  write("localStorage", nameOf(project, item), item);
  const all = kept(project);
  for (const old of all.slice(0, Math.max(0, all.length - MOST_ITEMS))) drop(project, old);
}

export function drop(project: string, item: Item): void {
  remove("localStorage", nameOf(project, item));
}

// Oldest first; what is too old goes.
export function kept(project: string): Item[] {
  const found: Item[] = [];
  for (const name of names("localStorage", project + ":")) {
    const item = read<Item>("localStorage", name);
    if (item && item.at > Date.now() - OLDEST_MS) found.push(item);
    else if (item) remove("localStorage", name);
  }
  return found.sort((one, other) => one.at - other.at);
}

// Send what is kept, now or when it makes sense again; one page at a time.
export function flush(project: string, deliver: Deliver, waitMs = 0): void {
  clearTimeout(timer);
  if (!kept(project).length) return;
  timer = window.setTimeout(() => {
    void alone(project, () => sendAll(project, deliver));
  }, waitMs);
}

export function stopFlushing(): void {
  clearTimeout(timer);
}

export function waitAfterFailure(waitMs: number): number {
  return waitMs || Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures++) * (1 + Math.random() / 4);
}

async function sendAll(project: string, deliver: Deliver): Promise<void> {
  for (const item of kept(project)) {
    const { status, waitMs } = await deliver(item);
    if (status < 300 && status) {
      failures = 0;
    } else if (isPassing(status)) {
      flush(project, deliver, waitAfterFailure(waitMs));
      return;
    }
    drop(project, item);
  }
}

// Refusals that another day may take back.
export function isPassing(status: number): boolean {
  return !status || status === 403 || status === 429 || status >= 500;
}

async function alone(project: string, work: () => Promise<void>): Promise<void> {
  const lease = "lease-" + project;
  try {
    await navigator.locks.request("miniback:" + project, work);
  } catch {
    // On plain http there are no locks; a page that ends too early loses its lease.
    if ((read<number>("localStorage", lease) ?? 0) > Date.now()) return;
    write("localStorage", lease, Date.now() + LEASE_MS);
    await work();
    remove("localStorage", lease);
  }
}

function nameOf(project: string, item: Item): string {
  return project + ":" + item.key;
}
