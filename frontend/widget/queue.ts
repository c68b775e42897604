// Feedback on its way. It is kept from before the first attempt until the server has it, each item
// under a name of its own, so that open pages never overwrite each other's; its key makes the server
// take it once, whoever sends it how often.
import type { Answer } from "./api";
import { settings } from "./settings";
import { names, read, remove, write } from "./store";

const MOST_ITEMS = 20;
const OLDEST_MS = 7 * 86_400_000;
const LEASE_MS = 60_000;
const FIRST_WAIT_MS = 1_500;
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

export function keep(item: Item): void {
  write(nameOf(item), item);
  kept().slice(0, -MOST_ITEMS).forEach(drop);
}

export function drop(item: Item): void {
  remove(nameOf(item));
}

// Oldest first; what is too old goes.
function kept(): Item[] {
  return names(prefix())
    .map((name) => read<Item>(name)!)
    .filter((item) => item.at > Date.now() - OLDEST_MS || drop(item))
    .sort((one, other) => one.at - other.at);
}

// Send what is kept, now or when it makes sense again; one page at a time.
export function flush(deliver: Deliver, waitMs = 0): void {
  stopFlushing();
  if (kept().length) timer = window.setTimeout(() => void alone(() => sendAll(deliver)), waitMs);
}

export function flushAfter({ waitMs }: Answer, deliver: Deliver): void {
  // Not all pages at the same moment.
  flush(deliver, waitMs || Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures++ + Math.random())));
}

export function stopFlushing(): void {
  clearTimeout(timer);
}

async function sendAll(deliver: Deliver): Promise<void> {
  for (const item of kept()) {
    const answer = await deliver(item);
    if (isPassing(answer.status)) return flushAfter(answer, deliver);
    failures = 0;
    drop(item);
  }
}

// Refusals that another day may take back.
function isPassing(status: number): boolean {
  return !status || status === 403 || status === 429 || status >= 500;
}

async function alone(work: () => Promise<void>): Promise<void> {
  const lease = "miniback";
  if (navigator.locks) return navigator.locks.request(lease, work);
  // On plain http there are no locks; a page that ends too early loses its lease.
  if (read<number>(lease)! > Date.now()) return;
  write(lease, Date.now() + LEASE_MS);
  await work();
  remove(lease);
}

function nameOf(item: Item): string {
  return prefix() + item.key;
}

function prefix(): string {
  return `miniback:${settings.project}:`;
}
