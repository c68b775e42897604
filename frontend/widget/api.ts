// Calls to the server; none of them throws.
import { settings } from "./settings";

const PATIENCE_MS = 30_000;

export interface Answer {
  // 0 where the server was not reached.
  status: number;
  code: string;
  waitMs: number;
  data: Record<string, string>;
}

export async function getJson<T>(path: string): Promise<T | undefined> {
  try {
    const answer = await asked(path, {});
    return answer.ok ? ((await answer.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

export async function post(path: string, body: BodyInit, headers: Record<string, string>): Promise<Answer> {
  try {
    const answer = await asked(path, { method: "POST", body, headers });
    const { data = {}, code = "" } = await answer.json().catch(() => ({}));
    const waitMs = Number(answer.headers.get("retry-after")) * 1_000;
    return { status: answer.status, code, waitMs, data };
  } catch {
    return { status: 0, code: "", waitMs: 0, data: {} };
  }
}

async function asked(path: string, options: RequestInit): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    return await fetch(settings.api + path, { ...options, credentials: "omit", signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}
