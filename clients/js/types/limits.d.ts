/** One limit: how many in a period, how many are left, and seconds until it starts again. */
export interface Limit {
    allowed: number;
    periodS: number;
    remaining: number;
    resetsInS: number;
}
/** Return the limits by their names, `api-calls` and `feedback`; none where there are none. */
export declare function limits(headers: Headers): Record<string, Limit>;
