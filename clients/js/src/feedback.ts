// Feedback of the account's projects, and what the team adds to it.
import { data, get, page, path, post, postOnce, put, remove } from "./call.js";
import type { Carrier } from "./carrier.js";
import type { Attachment, Context, Feedback, FeedbackSummary, Filters, Image, Note, Page, Person, Status, Tag } from "./models.js";
import { covering, walk } from "./walking.js";

export class FeedbackCalls {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** Send feedback by key: the one call that is open to keys on every plan. */
  submit(
    projectId: string,
    message: string,
    { context, idempotencyKey }: { context?: Context; idempotencyKey?: string } = {},
  ): Promise<FeedbackSummary> {
    const where = path`/api/projects/${projectId}/feedback`;
    return this.#carrier.carryOut(postOnce<FeedbackSummary>(where, { message, context }, idempotencyKey));
  }

  /** List a part of a project's feedback, newest first. */
  page(
    projectId: string,
    options: { status?: Status | undefined; limit?: number; offset?: number } = {},
  ): Promise<Page<FeedbackSummary>> {
    return this.#carrier.carryOut(get(path`/api/projects/${projectId}/feedback`, page<FeedbackSummary>, options));
  }

  /** Walk a project's feedback from the newest to the oldest, each item once. */
  each(projectId: string, { status }: { status?: Status } = {}): AsyncGenerator<FeedbackSummary, void, undefined> {
    return walk(({ offset }) => this.page(projectId, { status, limit: 100, offset }), false);
  }

  /** List a page of the feedback of all projects, newest first. */
  searchPage(options: Filters & { page?: number; pageSize?: number } = {}): Promise<Page<Feedback>> {
    return this.#carrier.carryOut(get("/api/feedback", page<Feedback>, options));
  }

  /** Walk the feedback of all projects from the newest to the oldest, each item once. */
  search(filters: Filters = {}): AsyncGenerator<Feedback, void, undefined> {
    return walk(
      ({ until, offset }) => this.searchPage({ ...filters, ...(until ? { end: until } : {}), ...covering(offset) }),
      true,
    );
  }

  /** Return one item. */
  get(feedbackId: string): Promise<Feedback> {
    return this.#carrier.carryOut(get(path`/api/feedback/${feedbackId}`, data<Feedback>));
  }

  /** Set how far an item has been dealt with. */
  setStatus(feedbackId: string, status: Status): Promise<Feedback> {
    return this.#carrier.carryOut(put<Feedback>(path`/api/feedback/${feedbackId}`, { status }));
  }

  /** Delete an item for good. */
  async delete(feedbackId: string): Promise<void> {
    await this.#carrier.carryOut(remove(path`/api/feedback/${feedbackId}`));
  }

  /** Return the names of an item's tags. */
  async tags(feedbackId: string): Promise<string[]> {
    const call = get(path`/api/feedback/${feedbackId}/tags`, data<{ tags: string[] }>);
    return (await this.#carrier.carryOut(call)).tags;
  }

  /** Give an item just these tags; those that there are none of yet are made. */
  async setTags(feedbackId: string, tags: string[]): Promise<string[]> {
    const call = put<{ tags: string[] }>(path`/api/feedback/${feedbackId}/tags`, { tags });
    return (await this.#carrier.carryOut(call)).tags;
  }

  /** Return who sees to an item. */
  async assignee(feedbackId: string): Promise<Person | null> {
    const call = get(path`/api/feedback/${feedbackId}/assignee`, data<{ assignee: Person | null }>);
    return (await this.#carrier.carryOut(call)).assignee;
  }

  /** Say who sees to an item, by id or address; null for nobody. */
  async setAssignee(feedbackId: string, assignee: string | null): Promise<Person | null> {
    const call = put<{ assignee: Person | null }>(path`/api/feedback/${feedbackId}/assignee`, { assignee });
    return (await this.#carrier.carryOut(call)).assignee;
  }

  /** List an item's notes, the oldest first. */
  notes(feedbackId: string): Promise<Note[]> {
    return this.#carrier.carryOut(get(path`/api/feedback/${feedbackId}/notes`, data<Note[]>));
  }

  /** Add a note. The server knows no repeats here, so it is sent again only if it was refused. */
  addNote(feedbackId: string, content: string): Promise<Note> {
    return this.#carrier.carryOut(post<Note>(path`/api/feedback/${feedbackId}/notes`, { content }));
  }

  /** Delete a note for good. */
  async deleteNote(feedbackId: string, noteId: string): Promise<void> {
    await this.#carrier.carryOut(remove(path`/api/feedback/${feedbackId}/notes/${noteId}`));
  }

  /** List the images that came with an item. */
  attachments(feedbackId: string): Promise<Attachment[]> {
    return this.#carrier.carryOut(get(path`/api/feedback/${feedbackId}/attachments`, data<Attachment[]>));
  }

  /** Return an image. */
  attachment(feedbackId: string, attachmentId: string): Promise<Image> {
    return this.#carrier.carryOut(get(path`/api/feedback/${feedbackId}/attachments/${attachmentId}`, image));
  }
}

export class TagCalls {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** List the account's tags by name. */
  list(): Promise<Tag[]> {
    return this.#carrier.carryOut(get("/api/tags", data<Tag[]>));
  }

  /** Give a tag another name, on all items that have it. */
  rename(tagId: string, name: string): Promise<Tag> {
    return this.#carrier.carryOut(put<Tag>(path`/api/tags/${tagId}`, { name }));
  }

  /** Delete a tag, and take it off all items. */
  async delete(tagId: string): Promise<void> {
    await this.#carrier.carryOut(remove(path`/api/tags/${tagId}`));
  }
}

async function image(response: Response): Promise<Image> {
  const contentType = response.headers.get("content-type") ?? "";
  return { contentType, content: new Uint8Array(await response.arrayBuffer()) };
}
