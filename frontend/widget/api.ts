// Calls to the server; none of them throws.
import { settings } from "./settings";

const PATIENCE_MS = 30_000;

export interface Answer {
  // 0 where the server was not reached.
  status: number;
  // NaN where the server does not say how long to wait.
  waitMs: number;
  body: any;
}

export async function call(path: string, options: RequestInit = {}): Promise<Answer> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  const nothing = (): undefined => undefined;
  const answer = await fetch(settings.api + path, { ...options, credentials: "omit", signal: stop.signal }).catch(nothing);
  const body = await answer?.json().catch(nothing);
  clearTimeout(timer);
  return { status: answer?.status ?? 0, waitMs: Number(answer?.headers.get("retry-after")) * 1_000, body: body ?? {} };
}

// What the server says for this page; nothing where it was not reached.
export async function askSettings(): Promise<object> {
  return (await call(`/w/${settings.project}.json`)).body;
}
