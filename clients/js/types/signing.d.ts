import type { Delivered } from "./models.js";
type Given = Headers | Record<string, string | string[] | undefined>;
/**
 * Return what a message says; throws WebhookError where its signature does not fit or it is old.
 *
 * `body` is what came, to the byte. The same `id` may come again: keep those you have seen.
 */
export declare function verifyWebhook(body: string | Uint8Array, headers: Given, secret: string): Promise<Delivered>;
export {};
