// From what was typed to an answer of the server.
import { post, type Answer } from "./api";
import { pageContext } from "./context";
import { emit } from "./events";
import { identity } from "./identity";
import { proof } from "./proof";
import { drop, flush, keep, waitAfterFailure, type Item } from "./queue";
import { settings, type Context } from "./settings";

export interface Payload {
  message: string;
  projectSlug: string;
  context: Context;
  userHash?: string;
  website: string;
  elapsedMs: number;
  attachments?: string[];
}

const HEADERS = { "content-type": "application/json", "x-feedback-source": "widget" };

// What will be sent, unless a listener objects.
export function prepared(values: Context, website: string, elapsedMs: number): Payload | undefined {
  const { message, ...more } = values;
  const { hash, ...user } = identity();
  const context: Context = { ...pageContext(), ...user };
  for (const [name, value] of Object.entries(more)) if (value) context[name] = value;
  const payload: Payload = {
    message: String(message),
    projectSlug: settings.project,
    context,
    website,
    elapsedMs: Math.round(elapsedMs),
  };
  if (hash) payload.userHash = hash;
  return emit("submit", payload) ? payload : undefined;
}

export function frozen(payload: Payload): Item {
  return { key: randomKey(), at: Date.now(), body: JSON.stringify(payload) };
}

// Send an item for the first time, or once more because somebody has pressed the button again.
export async function send(item: Item): Promise<Answer> {
  keep(settings.project, item);
  const answer = await deliver(item);
  const { status, waitMs } = answer;
  if (status && status !== 503) {
    drop(settings.project, item);
  } else {
    emit("queued", { key: item.key });
    flush(settings.project, deliver, waitAfterFailure(waitMs));
  }
  return answer;
}

export async function deliver(item: Item): Promise<Answer> {
  let answer = await attempt(item, settings.proof === "always" ? await proof() : "");
  if (answer.code === "proof_required") answer = await attempt(item, await proof());
  const { status, code, data } = answer;
  if (status === 201) emit("success", { ...data, key: item.key });
  else emit("error", { status, code, key: item.key });
  return answer;
}

export function flushKept(): void {
  flush(settings.project, deliver);
}

function attempt(item: Item, altcha: string): Promise<Answer> {
  const body = altcha ? item.body.slice(0, -1) + `,"altcha":"${altcha}"}` : item.body;
  return post("/api/feedback", body, { ...HEADERS, "idempotency-key": item.key });
}

// crypto.randomUUID is only there on https.
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(36)).join("");
}
