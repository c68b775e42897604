// Carrying calls out, again where that may help.
import { type Call, search } from "./call.js";
import { ApiError, type MinibackError, NetworkError, refusal } from "./errors.js";
import { type Limit, limits } from "./limits.js";

const TOO_MANY = 429;
// The server, or a proxy before it, cannot carry it out right now.
const AWAY = [502, 503, 504];
const FIRST_WAIT_S = 0.25;
const LONGEST_WAIT_S = 8;
// Clients that were told the same time shall not come back at the same moment.
const SPREAD = 0.1;
// With these, nothing of the call can have reached the server.
const UNSENT = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"];

export interface Options {
  /** The server's address; else MINIBACK_URL. */
  baseUrl?: string | undefined;
  /** An API key; else MINIBACK_API_KEY. */
  apiKey?: string | undefined;
  /** How long one try may take until its answer is there; 30. */
  timeoutS?: number;
  /** How long a call that fails for a reason that passes is sent again; 60. */
  patienceS?: number;
}

interface Outcome<T> {
  value?: T;
  error?: MinibackError;
  /** Whether the server cannot have carried it out. */
  isNotDone: boolean;
  isPassing: boolean;
}

export class Carrier {
  readonly #baseUrl: string;
  readonly #key: string;
  readonly #timeoutS: number;
  readonly #patienceS: number;
  limits: Record<string, Limit> = {};

  constructor({ baseUrl, apiKey, timeoutS = 30, patienceS = 60 }: Options) {
    this.#baseUrl = (baseUrl ?? variable("MINIBACK_URL")).replace(/\/+$/, "");
    if (!/^https?:\/\//.test(this.#baseUrl)) {
      throw new TypeError("baseUrl (or MINIBACK_URL) must be the http(s) address of the server");
    }
    this.#key = apiKey ?? variable("MINIBACK_API_KEY");
    if (!/^[ -~]*$/.test(this.#key)) throw new TypeError("the API key has characters that no key has");
    this.#timeoutS = timeoutS;
    this.#patienceS = patienceS;
  }

  /** Send a call until it succeeds, fails for good, or took too long. */
  async carryOut<T>(call: Call<T>): Promise<T> {
    const endsAt = Date.now() + this.#patienceS * 1000;
    let mayBeDone = false;
    for (let tried = 0; ; tried++) {
      const { value, error, isNotDone, isPassing } = await this.#try(call);
      if (!error) return value as T;
      const isGone = error instanceof ApiError && error.status === 404;
      if (call.gone !== undefined && mayBeDone && isGone) return call.gone;
      const waitS = nextWaitS(error, tried);
      const mayRepeat = isPassing && ((call.isRepeatable ?? true) || isNotDone);
      if (!mayRepeat || Date.now() + waitS * 1000 > endsAt) throw error;
      mayBeDone ||= !isNotDone;
      await new Promise((done) => setTimeout(done, waitS * 1000));
    }
  }

  async #try<T>(call: Call<T>): Promise<Outcome<T>> {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), this.#timeoutS * 1000);
    try {
      const response = await fetch(this.#baseUrl + call.path + search(call.query ?? {}), {
        ...this.#request(call),
        signal: control.signal,
      });
      const told = limits(response.headers);
      if (Object.keys(told).length) this.limits = told;
      if (response.ok) return { value: await call.read(response), isNotDone: false, isPassing: false };
      const { status } = response;
      const error = refusal(status, response.headers, await response.text());
      const isNotDone = status === TOO_MANY;
      return { error, isNotDone, isPassing: isNotDone || AWAY.includes(status) };
    } catch (error) {
      return failed(error, control.signal.aborted);
    } finally {
      clearTimeout(timer);
    }
  }

  #request<T>(call: Call<T>): RequestInit {
    const headers: Record<string, string> = { "user-agent": "miniback-client-js/0.1.0", ...call.headers };
    if (this.#key && (call.isKeyed ?? true)) headers["x-api-key"] = this.#key;
    // A redirect would take the key to somewhere else.
    const request: RequestInit = { method: call.method, headers, redirect: "manual" };
    if (call.image) {
      headers["content-type"] = call.image.contentType;
      request.body = call.image.bytes as BodyInit;
    } else if (call.content) {
      headers["content-type"] = "application/json";
      request.body = JSON.stringify(call.content);
    }
    return request;
  }
}

/** Give what a body gives; where it breaks off, say so as a call does. */
export function whole(body: ReadableStream<Uint8Array> | null): ReadableStream<Uint8Array> {
  const reader = (body ?? new Blob().stream()).getReader();
  return new ReadableStream({
    async pull(control) {
      try {
        const { done, value } = await reader.read();
        if (done) control.close();
        else control.enqueue(value);
      } catch (error) {
        control.error(new NetworkError(reason(error).message));
      }
    },
    cancel: (why) => reader.cancel(why),
  });
}

function failed(error: unknown, isLate: boolean): Outcome<never> {
  if (isLate) return { error: new NetworkError("No answer came in time"), isNotDone: false, isPassing: true };
  const { message, code = "" } = reason(error);
  return { error: new NetworkError(message), isNotDone: UNSENT.includes(code), isPassing: true };
}

/** What `fetch` says is always the same; the reason stands behind it, and so may several. */
function reason(error: unknown): { message: string; code?: string } {
  const { cause, errors, message = "", code } = error as {
    cause?: unknown;
    errors?: unknown[];
    message?: string;
    code?: string;
  };
  if (cause) return reason(cause);
  if (!message && errors?.length) return reason(errors[0]);
  return code === undefined ? { message } : { message, code };
}

function nextWaitS(error: MinibackError, tried: number): number {
  const toldS = error instanceof ApiError ? error.retryAfter : undefined;
  if (toldS !== undefined) return toldS * (1 + Math.random() * SPREAD);
  const longestS = Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** tried);
  return (longestS / 2) * (1 + Math.random());
}

function variable(name: string): string {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[name] ?? "";
}
