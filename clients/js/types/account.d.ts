import { type Carrier } from "./carrier.js";
import type { AuditEntry, Challenge, Context, FeedbackSummary, Filters, ImageType } from "./models.js";
export interface AuditFilters {
    action?: string;
    since?: string | Date;
    until?: string | Date;
}
export declare class AuditLogCalls {
    #private;
    constructor(carrier: Carrier);
    /** List entries of the audit log, the newest first. */
    page(options?: AuditFilters & {
        before?: number | undefined;
        limit?: number;
    }): Promise<AuditEntry[]>;
    /** Walk the audit log, the newest entry first. */
    each(filters?: AuditFilters): AsyncGenerator<AuditEntry, void, undefined>;
}
/** Files of all that the filters leave, as streams of bytes: one that breaks off is not whole, and fails. */
export declare class ExportCalls {
    #private;
    constructor(carrier: Carrier);
    /** Feedback as CSV; `bom` helps some spreadsheets to read it as UTF-8. */
    csv({ bom, ...filters }?: Filters & {
        bom?: boolean;
    }): Promise<ReadableStream<Uint8Array>>;
    /** Feedback as JSON Lines, with tags and assignee. */
    jsonl(filters?: Filters): Promise<ReadableStream<Uint8Array>>;
    /** Feedback as a workbook. */
    xlsx(filters?: Filters): Promise<ReadableStream<Uint8Array>>;
    /** All that the account or a project has, for another server. */
    archive(options?: {
        project?: string;
    }): Promise<ReadableStream<Uint8Array>>;
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
export declare class DoorCalls {
    #private;
    constructor(carrier: Carrier);
    /**
     * Send feedback as a visitor. What the plan has no room for, and what looks like spam, is
     * answered in the same way: it is kept back.
     */
    submit(projectSlug: string, message: string, visitor?: Visitor): Promise<FeedbackSummary>;
    /** Return a challenge, for whoever was refused with the code `proof_required`. */
    challenge(slug: string): Promise<Challenge>;
    /**
     * Send an image ahead, and return its id for the `attachments` of a submission. One that no
     * submission names is thrown away, so that sending it twice does no harm.
     */
    upload(slug: string, bytes: Uint8Array, contentType: ImageType, { origin }?: {
        origin?: string;
    }): Promise<string>;
}
/** The server itself. */
export declare class ServerCalls {
    #private;
    constructor(carrier: Carrier);
    /** Return the description of all calls. */
    openapi(): Promise<Record<string, unknown>>;
    /** Tell whether the server answers at all. */
    health(): Promise<string>;
    /** Tell whether the server takes requests, and what it has looked at. */
    readiness(): Promise<Record<string, unknown>>;
    /** Return the figures for Prometheus, for who has the server's token. */
    metrics(token: string): Promise<string>;
}
