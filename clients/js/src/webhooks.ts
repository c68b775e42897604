// Webhooks and what they were told.
import { data, get, path, post, put, remove } from "./call.js";
import type { Carrier } from "./carrier.js";
import type { Delivery, Redelivery, Webhook, WebhookChanges, WebhookEvent, WebhookSecret } from "./models.js";
import { trail } from "./walking.js";

export class WebhookCalls {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** List the account's webhooks, the oldest first. */
  list(): Promise<Webhook[]> {
    return this.#carrier.carryOut(get("/api/webhooks", data<Webhook[]>));
  }

  /** Add a webhook; the answer alone has its secret. */
  create(url: string, events: WebhookEvent[], { projects }: { projects?: string[] } = {}): Promise<WebhookSecret> {
    return this.#carrier.carryOut(post<WebhookSecret>("/api/webhooks", { url, events, projects }));
  }

  /** Return a webhook. */
  get(webhookId: string): Promise<Webhook> {
    return this.#carrier.carryOut(get(path`/api/webhooks/${webhookId}`, data<Webhook>));
  }

  /** Change what is given; null for the projects means all of them. */
  update(webhookId: string, changes: WebhookChanges): Promise<Webhook> {
    return this.#carrier.carryOut(put<Webhook>(path`/api/webhooks/${webhookId}`, changes));
  }

  /** Delete a webhook; what waits for it is forgotten. */
  async delete(webhookId: string): Promise<void> {
    await this.#carrier.carryOut(remove(path`/api/webhooks/${webhookId}`));
  }

  /** Make a new secret; for a day deliveries are signed by both. */
  rotateSecret(webhookId: string): Promise<WebhookSecret> {
    return this.#carrier.carryOut(post<WebhookSecret>(path`/api/webhooks/${webhookId}/secret`));
  }

  /** Send an event of no feedback. */
  test(webhookId: string): Promise<Delivery> {
    return this.#carrier.carryOut(post<Delivery>(path`/api/webhooks/${webhookId}/test`));
  }

  /** List what a webhook was told, the newest first. */
  deliveries(webhookId: string, options: { before?: string | undefined; limit?: number } = {}): Promise<Delivery[]> {
    return this.#carrier.carryOut(get(path`/api/webhooks/${webhookId}/deliveries`, data<Delivery[]>, options));
  }

  /** Walk all that a webhook was told, the newest first. */
  eachDelivery(webhookId: string): AsyncGenerator<Delivery, void, undefined> {
    return trail<Delivery>((last) => this.deliveries(webhookId, { before: last?.id, limit: 100 }));
  }

  /** Send a delivery again, by the same `webhook-id`. */
  redeliver(webhookId: string, deliveryId: string): Promise<Redelivery> {
    return this.#carrier.carryOut(post<Redelivery>(path`/api/webhooks/${webhookId}/deliveries/${deliveryId}/redeliver`));
  }
}
