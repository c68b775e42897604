// One call of the API, described without carrying it out.
import type { Page } from "./models.js";

export interface Call<T> {
  method: string;
  path: string;
  read: (response: Response) => Promise<T>;
  query?: object;
  content?: object;
  image?: { contentType: string; bytes: Uint8Array };
  headers?: Record<string, string>;
  /** Whoever sends it twice has done no more than who sends it once; so unless it says otherwise. */
  isRepeatable?: boolean;
  /** The public door knows no keys, and shall not see one. */
  isKeyed?: boolean;
  /** What is read when a delete that was sent again finds that it has happened. */
  gone?: T;
}

export function get<T>(path: string, read: Call<T>["read"], query: object = {}): Call<T> {
  return { method: "GET", path, read, query };
}

export function put<T>(path: string, content: object): Call<T> {
  return { method: "PUT", path, read: data<T>, content };
}

export function post<T>(path: string, content?: object): Call<T> {
  const call: Call<T> = { method: "POST", path, read: data<T>, isRepeatable: false };
  return content ? { ...call, content } : call;
}

/** A post that the server knows again by its key, so that it may be sent again. */
export function postOnce<T>(path: string, content: object, key = newKey()): Call<T> {
  return { ...post<T>(path, content), isRepeatable: true, headers: { "idempotency-key": key } };
}

export function remove(path: string): Call<true> {
  return { method: "DELETE", path, read: async () => true, gone: true };
}

/** Fill names into a path, so that none of them can lead elsewhere. */
export function path(parts: TemplateStringsArray, ...names: string[]): string {
  if (!names.every((name) => /[^.]/.test(name))) throw new TypeError("an id must not be empty");
  return parts.reduce((path, part, at) => path + encodeURIComponent(names[at - 1] ?? "") + part);
}

export async function data<T>(response: Response): Promise<T> {
  return ((await response.json()) as { data: T }).data;
}

export async function bare<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}

export async function page<T>(response: Response): Promise<Page<T>> {
  const { data, pagination } = await bare<{ data: T[]; pagination: Omit<Page<T>, "items"> }>(response);
  const { total, hasMore, totalIsExact = true } = pagination;
  return { items: data, total, hasMore, totalIsExact };
}

export function search(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const texts = given.map(([name, value]) => [name, value instanceof Date ? value.toISOString() : String(value)]);
  return texts.length ? `?${new URLSearchParams(texts)}` : "";
}

/** Make a key that sorts by its time (UUID version 7), which costs the server less to keep. */
export function newKey(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  const digits = Array.from({ length: 18 }, () => Math.floor(Math.random() * 16).toString(16)).join("");
  const variant = "89ab"[Math.floor(Math.random() * 4)];
  const [a, b, c] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-${variant}${b}-${c}`;
}
