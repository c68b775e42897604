import type { Carrier } from "./carrier.js";
import type { Delivery, Redelivery, Webhook, WebhookChanges, WebhookEvent, WebhookSecret } from "./models.js";
export declare class WebhookCalls {
    #private;
    constructor(carrier: Carrier);
    /** List the account's webhooks, the oldest first. */
    list(): Promise<Webhook[]>;
    /** Add a webhook; the answer alone has its secret. */
    create(url: string, events: WebhookEvent[], { projects }?: {
        projects?: string[];
    }): Promise<WebhookSecret>;
    /** Return a webhook. */
    get(webhookId: string): Promise<Webhook>;
    /** Change what is given; null for the projects means all of them. */
    update(webhookId: string, changes: WebhookChanges): Promise<Webhook>;
    /** Delete a webhook; what waits for it is forgotten. */
    delete(webhookId: string): Promise<void>;
    /** Make a new secret; for a day deliveries are signed by both. */
    rotateSecret(webhookId: string): Promise<WebhookSecret>;
    /** Send an event of no feedback. */
    test(webhookId: string): Promise<Delivery>;
    /** List what a webhook was told, the newest first. */
    deliveries(webhookId: string, options?: {
        before?: string | undefined;
        limit?: number;
    }): Promise<Delivery[]>;
    /** Walk all that a webhook was told, the newest first. */
    eachDelivery(webhookId: string): AsyncGenerator<Delivery, void, undefined>;
    /** Send a delivery again, by the same `webhook-id`. */
    redeliver(webhookId: string, deliveryId: string): Promise<Redelivery>;
}
