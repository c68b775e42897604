// The client of Miniback's API.
import { AuditLogCalls, DoorCalls, ExportCalls, ServerCalls } from "./account.js";
import { data, get } from "./call.js";
import { Carrier, type Options } from "./carrier.js";
import { FeedbackCalls, TagCalls } from "./feedback.js";
import type { Limit } from "./limits.js";
import type { Analytics, Usage } from "./models.js";
import { ProjectCalls } from "./projects.js";
import { WebhookCalls } from "./webhooks.js";

export * from "./errors.js";
export type * from "./models.js";
export type { AuditFilters, Visitor } from "./account.js";
export type { Limit } from "./limits.js";
export type { Options } from "./carrier.js";
export { verifyWebhook } from "./signing.js";

export interface AnalyticsOptions {
  project?: string;
  range?: "7d" | "30d" | "90d" | "12m";
  /** The first day; goes before `range`, as `end` does. */
  start?: string;
  /** The last day, included. */
  end?: string;
  timeZone?: string;
  /** Whether the period before is told too. */
  compare?: boolean;
}

/** Calls a Miniback server. */
export class Client {
  readonly #carrier: Carrier;
  readonly feedback: FeedbackCalls;
  readonly projects: ProjectCalls;
  readonly tags: TagCalls;
  readonly webhooks: WebhookCalls;
  readonly auditLog: AuditLogCalls;
  readonly exports: ExportCalls;
  readonly door: DoorCalls;
  readonly server: ServerCalls;

  constructor(options: Options = {}) {
    const carrier = new Carrier(options);
    this.#carrier = carrier;
    this.feedback = new FeedbackCalls(carrier);
    this.projects = new ProjectCalls(carrier);
    this.tags = new TagCalls(carrier);
    this.webhooks = new WebhookCalls(carrier);
    this.auditLog = new AuditLogCalls(carrier);
    this.exports = new ExportCalls(carrier);
    this.door = new DoorCalls(carrier);
    this.server = new ServerCalls(carrier);
  }

  /** What the last answer that told of it has said about the plan's limits. */
  get limits(): Record<string, Limit> {
    return this.#carrier.limits;
  }

  /** Return the numbers of whole days. */
  analytics({ compare = true, ...options }: AnalyticsOptions = {}): Promise<Analytics> {
    const query = { ...options, compare: compare ? undefined : "off" };
    return this.#carrier.carryOut(get("/api/analytics", data<Analytics>, query));
  }

  /** Return what is used of the plan in this period; never counted. */
  usage(): Promise<Usage> {
    return this.#carrier.carryOut(get("/api/usage", data<Usage>));
  }
}
