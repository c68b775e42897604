// What the server tells of the plan's limits with each answer.

/** One limit: how many in a period, how many are left, and seconds until it starts again. */
export interface Limit {
  allowed: number;
  periodS: number;
  remaining: number;
  resetsInS: number;
}

/** Return the limits by their names, `api-calls` and `feedback`; none where there are none. */
export function limits(headers: Headers): Record<string, Limit> {
  const left = parts(headers, "ratelimit");
  const found: Record<string, Limit> = {};
  for (const [name, { q = 0, w = 0 }] of Object.entries(parts(headers, "ratelimit-policy"))) {
    const { r, t } = left[name] ?? {};
    if (r !== undefined && t !== undefined) found[name] = { allowed: q, periodS: w, remaining: r, resetsInS: t };
  }
  return found;
}

function parts(headers: Headers, name: string): Record<string, Record<string, number>> {
  const found: Record<string, Record<string, number>> = {};
  for (const [, part = "", rest = ""] of (headers.get(name) ?? "").matchAll(/"([\w-]+)"((?:;\w+=\d+)*)/g)) {
    found[part] = Object.fromEntries([...rest.matchAll(/(\w+)=(\d+)/g)].map(([, key, value]) => [key, Number(value)]));
  }
  return found;
}
