import type { Carrier } from "./carrier.js";
import type { Attachment, Context, Feedback, FeedbackSummary, Filters, Image, Note, Page, Person, Status, Tag } from "./models.js";
export declare class FeedbackCalls {
    #private;
    constructor(carrier: Carrier);
    /** Send feedback by key: the one call that is open to keys on every plan. */
    submit(projectId: string, message: string, { context, idempotencyKey }?: {
        context?: Context;
        idempotencyKey?: string;
    }): Promise<FeedbackSummary>;
    /** List a part of a project's feedback, newest first. */
    page(projectId: string, options?: {
        status?: Status | undefined;
        limit?: number;
        offset?: number;
    }): Promise<Page<FeedbackSummary>>;
    /** Walk a project's feedback from the newest to the oldest, each item once. */
    each(projectId: string, { status }?: {
        status?: Status;
    }): AsyncGenerator<FeedbackSummary, void, undefined>;
    /** List a page of the feedback of all projects, newest first. */
    searchPage(options?: Filters & {
        page?: number;
        pageSize?: number;
    }): Promise<Page<Feedback>>;
    /** Walk the feedback of all projects from the newest to the oldest, each item once. */
    search(filters?: Filters): AsyncGenerator<Feedback, void, undefined>;
    /** Return one item. */
    get(feedbackId: string): Promise<Feedback>;
    /** Set how far an item has been dealt with. */
    setStatus(feedbackId: string, status: Status): Promise<Feedback>;
    /** Delete an item for good. */
    delete(feedbackId: string): Promise<void>;
    /** Return the names of an item's tags. */
    tags(feedbackId: string): Promise<string[]>;
    /** Give an item just these tags; those that there are none of yet are made. */
    setTags(feedbackId: string, tags: string[]): Promise<string[]>;
    /** Return who sees to an item. */
    assignee(feedbackId: string): Promise<Person | null>;
    /** Say who sees to an item, by id or address; null for nobody. */
    setAssignee(feedbackId: string, assignee: string | null): Promise<Person | null>;
    /** List an item's notes, the oldest first. */
    notes(feedbackId: string): Promise<Note[]>;
    /** Add a note. The server knows no repeats here, so it is sent again only if it was refused. */
    addNote(feedbackId: string, content: string): Promise<Note>;
    /** Delete a note for good. */
    deleteNote(feedbackId: string, noteId: string): Promise<void>;
    /** List the images that came with an item. */
    attachments(feedbackId: string): Promise<Attachment[]>;
    /** Return an image. */
    attachment(feedbackId: string, attachmentId: string): Promise<Image>;
}
export declare class TagCalls {
    #private;
    constructor(carrier: Carrier);
    /** List the account's tags by name. */
    list(): Promise<Tag[]>;
    /** Give a tag another name, on all items that have it. */
    rename(tagId: string, name: string): Promise<Tag>;
    /** Delete a tag, and take it off all items. */
    delete(tagId: string): Promise<void>;
}
