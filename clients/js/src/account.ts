// What concerns the account as a whole, and the server itself.
import { bare, data, get, path, postOnce } from "./call.js";
import { type Carrier, whole } from "./carrier.js";
import type { AuditEntry, Challenge, Context, FeedbackSummary, Filters, ImageType } from "./models.js";
import { trail } from "./walking.js";

export interface AuditFilters {
  action?: string;
  since?: string | Date;
  until?: string | Date;
}

export class AuditLogCalls {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** List entries of the audit log, the newest first. */
  page(options: AuditFilters & { before?: number | undefined; limit?: number } = {}): Promise<AuditEntry[]> {
    const { since, until, ...rest } = options;
    return this.#carrier.carryOut(get("/api/audit-log", data<AuditEntry[]>, { from: since, to: until, ...rest }));
  }

  /** Walk the audit log, the newest entry first. */
  each(filters: AuditFilters = {}): AsyncGenerator<AuditEntry, void, undefined> {
    return trail<AuditEntry>((last) => this.page({ ...filters, before: last?.number, limit: 100 }));
  }
}

/** Files of all that the filters leave, as streams of bytes: one that breaks off is not whole, and fails. */
export class ExportCalls {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** Feedback as CSV; `bom` helps some spreadsheets to read it as UTF-8. */
  csv({ bom = false, ...filters }: Filters & { bom?: boolean } = {}): Promise<ReadableStream<Uint8Array>> {
    return this.#file("/api/exports/feedback.csv", { ...filters, bom: bom ? "1" : undefined });
  }

  /** Feedback as JSON Lines, with tags and assignee. */
  jsonl(filters: Filters = {}): Promise<ReadableStream<Uint8Array>> {
    return this.#file("/api/exports/feedback.jsonl", filters);
  }

  /** Feedback as a workbook. */
  xlsx(filters: Filters = {}): Promise<ReadableStream<Uint8Array>> {
    return this.#file("/api/exports/feedback.xlsx", filters);
  }

  /** All that the account or a project has, for another server. */
  archive(options: { project?: string } = {}): Promise<ReadableStream<Uint8Array>> {
    return this.#file("/api/exports/archive.zip", options);
  }

  #file(where: string, query: object): Promise<ReadableStream<Uint8Array>> {
    return this.#carrier.carryOut(get(where, async (response) => whole(response.body), query));
  }
}

export interface Visitor {
  context?: Context;
  attachments?: string[];
  userHash?: string;
  elapsedMs?: number;
  altcha?: string;
  /** The site, where the project names those that may send. */
  origin?: string;
  idempotencyKey?: string;
}

/** The public door, through which visitors send without a key. */
export class DoorCalls {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /**
   * Send feedback as a visitor. What the plan has no room for, and what looks like spam, is
   * answered in the same way: it is kept back.
   */
  submit(projectSlug: string, message: string, visitor: Visitor = {}): Promise<FeedbackSummary> {
    const { origin, idempotencyKey, ...more } = visitor;
    const call = postOnce<FeedbackSummary>("/api/feedback", { message, projectSlug, ...more }, idempotencyKey);
    return this.#carrier.carryOut({ ...call, headers: { ...call.headers, ...from(origin) }, isKeyed: false });
  }

  /** Return a challenge, for whoever was refused with the code `proof_required`. */
  challenge(slug: string): Promise<Challenge> {
    return this.#carrier.carryOut({ ...get(path`/w/${slug}/challenge`, bare<Challenge>), isKeyed: false });
  }

  /**
   * Send an image ahead, and return its id for the `attachments` of a submission. One that no
   * submission names is thrown away, so that sending it twice does no harm.
   */
  async upload(
    slug: string,
    bytes: Uint8Array,
    contentType: ImageType,
    { origin }: { origin?: string } = {},
  ): Promise<string> {
    const { id } = await this.#carrier.carryOut({
      method: "POST",
      path: path`/w/${slug}/attachments`,
      read: data<{ id: string }>,
      image: { contentType, bytes },
      headers: from(origin),
      isKeyed: false,
    });
    return id;
  }
}

/** The server itself. */
export class ServerCalls {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** Return the description of all calls. */
  openapi(): Promise<Record<string, unknown>> {
    return this.#carrier.carryOut({ ...get("/openapi.json", bare<Record<string, unknown>>), isKeyed: false });
  }

  /** Tell whether the server answers at all. */
  async health(): Promise<string> {
    return (await this.#carrier.carryOut({ ...get("/healthz", data<{ status: string }>), isKeyed: false })).status;
  }

  /** Tell whether the server takes requests, and what it has looked at. */
  readiness(): Promise<Record<string, unknown>> {
    return this.#carrier.carryOut({ ...get("/readyz", data<Record<string, unknown>>), isKeyed: false });
  }

  /** Return the figures for Prometheus, for who has the server's token. */
  metrics(token: string): Promise<string> {
    const call = get("/metrics", (response) => response.text());
    return this.#carrier.carryOut({ ...call, headers: { authorization: `Bearer ${token}` }, isKeyed: false });
  }
}

function from(origin: string | undefined): Record<string, string> {
  return origin ? { origin } : {};
}
