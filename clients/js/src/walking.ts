// Walking a list from the newest to the oldest, while items come and go.
//
// Lists are asked for by offset, and each new item pushes the others further: the same offset would
// give some twice. What is deleted, or leaves the filter, draws them nearer: some would be missed.
// So each page begins with the last item that was given. If it does not, the walk steps back until
// it does. What is newer than the last one is passed over, and so is what was given at its moment.
import type { Page } from "./models.js";

const MOST = 100;

interface Item {
  id: string;
  createdAt: string;
}

/** A page to ask for: how many items to skip, of those that came in up to a time. */
export interface Question {
  until: string | undefined;
  offset: number;
}

/**
 * Walk a list of which `ask` gives pages. Where it can heed a time, `byTime`: the offset then stays
 * near the beginning, which costs the server least, and what comes in meanwhile does not show.
 */
export async function* walk<T extends Item>(
  ask: (question: Question) => Promise<Page<T>>,
  byTime: boolean,
): AsyncGenerator<T, void, undefined> {
  let last = "";
  // The ids that were given of the last moment: more need not be kept.
  let given = new Set<string>();
  let offset = 0;
  let step = MOST;
  for (;;) {
    const { items, hasMore } = await ask({ until: byTime && last ? last : undefined, offset });
    if (offset && !joins(items[0], last, given)) {
      offset = Math.max(0, offset - step);
      step *= 2;
      continue;
    }
    const due = items.filter((item) => !last || (item.createdAt <= last && !given.has(item.id)));
    for (const { id, createdAt } of due) {
      if (createdAt !== last) given = new Set();
      last = createdAt;
      given.add(id);
    }
    yield* due;
    if (!hasMore) return;
    step = MOST;
    offset = byTime && due.length ? given.size - 1 : offset + Math.max(1, items.length - 1);
  }
}

/** Walk a list that is asked for by what came before. */
export async function* trail<T>(ask: (last: T | undefined) => Promise<T[]>): AsyncGenerator<T, void, undefined> {
  let items: T[] = [];
  do {
    items = await ask(items.at(-1));
    yield* items;
  } while (items.length >= MOST);
}

/** Return number and size of the page that has what is at an offset, and goes furthest. */
export function covering(offset: number): { page: number; pageSize: number } {
  let best = { page: 0, pageSize: 0 };
  for (let pageSize = MOST; pageSize > MOST / 2; pageSize--) {
    const page = Math.floor(offset / pageSize) + 1;
    if (page * pageSize > best.page * best.pageSize) best = { page, pageSize };
  }
  return best;
}

/** Tell whether nothing can lie between what was given and where a page begins. */
function joins(first: Item | undefined, last: string, given: Set<string>): boolean {
  return first !== undefined && (first.createdAt > last || given.has(first.id));
}
