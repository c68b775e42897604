// From what was typed to an answer of the server.
import { call, type Answer } from "./api";
import { pageContext } from "./context";
import { emit } from "./events";
import { proof } from "./proof";
import { drop, flush, flushAfter, keep, type Item } from "./queue";
import { settings, type Context } from "./settings";

export interface Payload {
  message: string;
  projectSlug: string;
  context: Context;
  userHash: string | undefined;
  website: string;
  elapsedMs: number | undefined;
  attachments?: string[];
}

// What will be sent, unless a listener objects.
export function prepared({ message, ...more }: Context, website = "", elapsedMs?: number): Payload | undefined {
  const { id: userId, hash: userHash, email, name } = settings.user;
  const context = pageContext();
  for (const [key, value] of Object.entries({ userId, email, name, ...more })) {
    // What was left empty is not known.
    if (value) context[key] = key === "rating" ? +value : value;
  }
  const payload: Payload = { message: message as string, projectSlug: settings.project, context, userHash, website, elapsedMs };
  return emit("submit", payload) ? payload : undefined;
}

export function frozen(payload: Payload): Item {
  // crypto.randomUUID is only there on https.
  return { key: crypto.getRandomValues(new Uint32Array(4)).join("-"), at: Date.now(), body: JSON.stringify(payload) };
}

// Send an item for the first time, or once more because somebody has pressed the button again.
export async function send(item: Item): Promise<Answer> {
  keep(item);
  const answer = await deliver(item);
  if (answer.status && answer.status !== 503) {
    drop(item);
  } else {
    emit("queued", { key: item.key });
    flushAfter(answer, deliver);
  }
  return answer;
}

export function flushKept(): void {
  flush(deliver);
}

async function deliver(item: Item): Promise<Answer> {
  let answer = await attempt(item, settings.proof === "always" && (await proof()));
  if (answer.body.code === "proof_required") answer = await attempt(item, await proof());
  const { status, body } = answer;
  emit(status === 201 ? "success" : "error", { key: item.key, status, code: body.code, ...body.data });
  return answer;
}

function attempt(item: Item, altcha: string | false): Promise<Answer> {
  return call("/api/feedback", {
    method: "POST",
    headers: { "content-type": "application/json", "x-feedback-source": "widget", "idempotency-key": item.key },
    body: altcha ? item.body.slice(0, -1) + `,"altcha":"${altcha}"}` : item.body,
  });
}
