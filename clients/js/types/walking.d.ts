import type { Page } from "./models.js";
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
export declare function walk<T extends Item>(ask: (question: Question) => Promise<Page<T>>, byTime: boolean): AsyncGenerator<T, void, undefined>;
/** Walk a list that is asked for by what came before. */
export declare function trail<T>(ask: (last: T | undefined) => Promise<T[]>): AsyncGenerator<T, void, undefined>;
/** Return number and size of the page that has what is at an offset, and goes furthest. */
export declare function covering(offset: number): {
    page: number;
    pageSize: number;
};
export {};
