// Whether a webhook's message is really from the server, as Standard Webhooks has it.
import { WebhookError } from "./errors.js";
import type { Delivered } from "./models.js";

const VERSION = "v1";
// How far the clocks may be apart, and how late a copy may be sent by somebody else.
const TOLERANCE_S = 300;

type Given = Headers | Record<string, string | string[] | undefined>;

/**
 * Return what a message says; throws WebhookError where its signature does not fit or it is old.
 *
 * `body` is what came, to the byte. The same `id` may come again: keep those you have seen.
 */
export async function verifyWebhook(body: string | Uint8Array, headers: Given, secret: string): Promise<Delivered> {
  const [id, sentAt, signatures] = ["id", "timestamp", "signature"].map((part) => header(headers, `webhook-${part}`));
  if (!id || !sentAt || !signatures) throw new WebhookError("a header of Standard Webhooks is missing");
  if (!/^\d+$/.test(sentAt)) throw new WebhookError("the header webhook-timestamp is no time");
  if (Math.abs(Date.now() / 1000 - Number(sentAt)) > TOLERANCE_S) {
    throw new WebhookError("the message is too old, or the clocks are too far apart");
  }
  const content = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const signed = joined(new TextEncoder().encode(`${id}.${sentAt}.`), content);
  if (!(await fits(signed, signatures, keyOf(secret)))) throw new WebhookError("no signature fits");
  const { data, ...told } = JSON.parse(new TextDecoder().decode(content));
  return { id, ...told, ...data };
}

async function fits(signed: Uint8Array, signatures: string, secret: Uint8Array): Promise<boolean> {
  const { subtle } = await webCrypto();
  const key = await subtle.importKey("raw", secret as BufferSource, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  for (const each of signatures.split(" ")) {
    const [version, text] = each.split(",");
    const signature = version === VERSION && text ? decoded(text) : undefined;
    if (signature && (await subtle.verify("HMAC", key, signature as BufferSource, signed as BufferSource))) return true;
  }
  return false;
}

function keyOf(secret: string): Uint8Array {
  const key = decoded(secret.replace(/^whsec_/, ""));
  if (!key?.length) throw new TypeError("the webhook's secret is not one: it begins with whsec_");
  return key;
}

function decoded(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

function header(headers: Given, name: string): string | undefined {
  if (typeof headers.get === "function") return (headers as Headers).get(name) ?? undefined;
  const found = Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
  return Array.isArray(found) ? found[0] : (found as string | undefined);
}

/** Node 18 does not have it among its globals. */
async function webCrypto(): Promise<Crypto> {
  const module = "node:crypto";
  return globalThis.crypto ?? ((await import(module)) as { webcrypto: Crypto }).webcrypto;
}
