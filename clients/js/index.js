// ../clients/js/src/call.ts
function get(path2, read, query = {}) {
  return { method: "GET", path: path2, read, query };
}
function put(path2, content) {
  return { method: "PUT", path: path2, read: data, content };
}
function post(path2, content) {
  const call = { method: "POST", path: path2, read: data, isRepeatable: false };
  return content ? { ...call, content } : call;
}
function postOnce(path2, content, key = newKey()) {
  return { ...post(path2, content), isRepeatable: true, headers: { "idempotency-key": key } };
}
function remove(path2) {
  return { method: "DELETE", path: path2, read: async () => true, gone: true };
}
function path(parts2, ...names) {
  if (!names.every((name) => /[^.]/.test(name))) throw new TypeError("an id must not be empty");
  return parts2.reduce((path2, part, at) => path2 + encodeURIComponent(names[at - 1] ?? "") + part);
}
async function data(response) {
  return (await response.json()).data;
}
async function bare(response) {
  return await response.json();
}
async function page(response) {
  const { data: data2, pagination } = await bare(response);
  const { total, hasMore, totalIsExact = true } = pagination;
  return { items: data2, total, hasMore, totalIsExact };
}
function search(query) {
  const given = Object.entries(query).filter(([, value]) => value !== void 0 && value !== null);
  const texts = given.map(([name, value]) => [name, value instanceof Date ? value.toISOString() : String(value)]);
  return texts.length ? `?${new URLSearchParams(texts)}` : "";
}
function newKey() {
  const time = Date.now().toString(16).padStart(12, "0");
  const digits = Array.from({ length: 18 }, () => Math.floor(Math.random() * 16).toString(16)).join("");
  const variant = "89ab"[Math.floor(Math.random() * 4)];
  const [a, b, c] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-${variant}${b}-${c}`;
}

// ../clients/js/src/errors.ts
var MinibackError = class extends Error {
  name = "MinibackError";
};
var NetworkError = class extends MinibackError {
  name = "NetworkError";
};
var WebhookError = class extends MinibackError {
  name = "WebhookError";
};
var ApiError = class extends MinibackError {
  name = "ApiError";
  status;
  code;
  requestId;
  /** How many seconds to wait. */
  retryAfter;
  constructor({ status, message, code, requestId, retryAfter }) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
};
var Invalid = class extends ApiError {
  name = "Invalid";
};
var Unauthorized = class extends ApiError {
  name = "Unauthorized";
};
var Forbidden = class extends ApiError {
  name = "Forbidden";
};
var NotFound = class extends ApiError {
  name = "NotFound";
};
var Conflict = class extends ApiError {
  name = "Conflict";
};
var TooLarge = class extends ApiError {
  name = "TooLarge";
};
var RateLimited = class extends ApiError {
  name = "RateLimited";
};
var QuotaExceeded = class extends RateLimited {
  name = "QuotaExceeded";
};
var ServerError = class extends ApiError {
  name = "ServerError";
};
var KINDS = {
  400: Invalid,
  401: Unauthorized,
  403: Forbidden,
  404: NotFound,
  409: Conflict,
  413: TooLarge,
  415: Invalid,
  422: Invalid,
  429: RateLimited
};
function refusal(status, headers, text) {
  const { error, code } = told(text);
  const message = typeof error === "string" ? error : "The answer is not one of Miniback's";
  return new (kindOf(status, message))({
    status,
    message,
    code: typeof code === "string" ? code : void 0,
    requestId: headers.get("x-request-id") ?? void 0,
    retryAfter: seconds(headers)
  });
}
function seconds(headers) {
  const text = headers.get("retry-after") ?? "";
  return /^\d+$/.test(text) ? Number(text) : void 0;
}
function kindOf(status, message) {
  if (status >= 500) return ServerError;
  const kind = KINDS[status] ?? ApiError;
  return kind === RateLimited && message.startsWith("Monthly limit") ? QuotaExceeded : kind;
}
function told(text) {
  try {
    const content = JSON.parse(text);
    return typeof content === "object" && content !== null ? content : {};
  } catch {
    return {};
  }
}

// ../clients/js/src/limits.ts
function limits(headers) {
  const left = parts(headers, "ratelimit");
  const found = {};
  for (const [name, { q = 0, w = 0 }] of Object.entries(parts(headers, "ratelimit-policy"))) {
    const { r, t } = left[name] ?? {};
    if (r !== void 0 && t !== void 0) found[name] = { allowed: q, periodS: w, remaining: r, resetsInS: t };
  }
  return found;
}
function parts(headers, name) {
  const found = {};
  for (const [, part = "", rest = ""] of (headers.get(name) ?? "").matchAll(/"([\w-]+)"((?:;\w+=\d+)*)/g)) {
    found[part] = Object.fromEntries([...rest.matchAll(/(\w+)=(\d+)/g)].map(([, key, value]) => [key, Number(value)]));
  }
  return found;
}

// ../clients/js/src/carrier.ts
var TOO_MANY = 429;
var AWAY = [502, 503, 504];
var FIRST_WAIT_S = 0.25;
var LONGEST_WAIT_S = 8;
var SPREAD = 0.1;
var UNSENT = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"];
var Carrier = class {
  #baseUrl;
  #key;
  #timeoutS;
  #patienceS;
  limits = {};
  constructor({ baseUrl, apiKey, timeoutS = 30, patienceS = 60 }) {
    this.#baseUrl = (baseUrl ?? variable("MINIBACK_URL")).replace(/\/+$/, "");
    if (!/^https?:\/\//.test(this.#baseUrl)) {
      throw new TypeError("baseUrl (or MINIBACK_URL) must be the http(s) address of the server");
    }
    this.#key = apiKey ?? variable("MINIBACK_API_KEY");
    if (!/^[ -~]*$/.test(this.#key)) throw new TypeError("the API key has characters that no key has");
    this.#timeoutS = timeoutS;
    this.#patienceS = patienceS;
  }
  /** Send a call until it succeeds, fails for good, or took too long. */
  async carryOut(call) {
    const endsAt = Date.now() + this.#patienceS * 1e3;
    let mayBeDone = false;
    for (let tried = 0; ; tried++) {
      const { value, error, isNotDone, isPassing } = await this.#try(call);
      if (!error) return value;
      const isGone = error instanceof ApiError && error.status === 404;
      if (call.gone !== void 0 && mayBeDone && isGone) return call.gone;
      const waitS = nextWaitS(error, tried);
      const mayRepeat = isPassing && ((call.isRepeatable ?? true) || isNotDone);
      if (!mayRepeat || Date.now() + waitS * 1e3 > endsAt) throw error;
      mayBeDone ||= !isNotDone;
      await new Promise((done) => setTimeout(done, waitS * 1e3));
    }
  }
  async #try(call) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), this.#timeoutS * 1e3);
    try {
      const response = await fetch(this.#baseUrl + call.path + search(call.query ?? {}), {
        ...this.#request(call),
        signal: control.signal
      });
      const told2 = limits(response.headers);
      if (Object.keys(told2).length) this.limits = told2;
      if (response.ok) return { value: await call.read(response), isNotDone: false, isPassing: false };
      const { status } = response;
      const error = refusal(status, response.headers, await response.text());
      const isNotDone = status === TOO_MANY;
      return { error, isNotDone, isPassing: isNotDone || AWAY.includes(status) };
    } catch (error) {
      return failed(error, control.signal.aborted);
    } finally {
      clearTimeout(timer);
    }
  }
  #request(call) {
    const headers = { "user-agent": "miniback-client-js/0.1.0", ...call.headers };
    if (this.#key && (call.isKeyed ?? true)) headers["x-api-key"] = this.#key;
    const request = { method: call.method, headers, redirect: "manual" };
    if (call.image) {
      headers["content-type"] = call.image.contentType;
      request.body = call.image.bytes;
    } else if (call.content) {
      headers["content-type"] = "application/json";
      request.body = JSON.stringify(call.content);
    }
    return request;
  }
};
function whole(body) {
  const reader = (body ?? new Blob().stream()).getReader();
  return new ReadableStream({
    async pull(control) {
      try {
        const { done, value } = await reader.read();
        if (done) control.close();
        else control.enqueue(value);
      } catch (error) {
        control.error(new NetworkError(reason(error).message));
      }
    },
    cancel: (why) => reader.cancel(why)
  });
}
function failed(error, isLate) {
  if (isLate) return { error: new NetworkError("No answer came in time"), isNotDone: false, isPassing: true };
  const { message, code = "" } = reason(error);
  return { error: new NetworkError(message), isNotDone: UNSENT.includes(code), isPassing: true };
}
function reason(error) {
  const { cause, errors, message = "", code } = error;
  if (cause) return reason(cause);
  if (!message && errors?.length) return reason(errors[0]);
  return code === void 0 ? { message } : { message, code };
}
function nextWaitS(error, tried) {
  const toldS = error instanceof ApiError ? error.retryAfter : void 0;
  if (toldS !== void 0) return toldS * (1 + Math.random() * SPREAD);
  const longestS = Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** tried);
  return longestS / 2 * (1 + Math.random());
}
function variable(name) {
  const { process } = globalThis;
  return process?.env?.[name] ?? "";
}

// ../clients/js/src/walking.ts
var MOST = 100;
async function* walk(ask, byTime) {
  let last = "";
  let given = /* @__PURE__ */ new Set();
  let offset = 0;
  let step = MOST;
  for (; ; ) {
    const { items, hasMore } = await ask({ until: byTime && last ? last : void 0, offset });
    if (offset && !joins(items[0], last, given)) {
      offset = Math.max(0, offset - step);
      step *= 2;
      continue;
    }
    const due = items.filter((item) => !last || item.createdAt <= last && !given.has(item.id));
    for (const { id, createdAt } of due) {
      if (createdAt !== last) given = /* @__PURE__ */ new Set();
      last = createdAt;
      given.add(id);
    }
    yield* due;
    if (!hasMore) return;
    step = MOST;
    offset = byTime && due.length ? given.size - 1 : offset + Math.max(1, items.length - 1);
  }
}
async function* trail(ask) {
  let items = [];
  do {
    items = await ask(items.at(-1));
    yield* items;
  } while (items.length >= MOST);
}
function covering(offset) {
  let best = { page: 0, pageSize: 0 };
  for (let pageSize = MOST; pageSize > MOST / 2; pageSize--) {
    const page2 = Math.floor(offset / pageSize) + 1;
    if (page2 * pageSize > best.page * best.pageSize) best = { page: page2, pageSize };
  }
  return best;
}
function joins(first, last, given) {
  return first !== void 0 && (first.createdAt > last || given.has(first.id));
}

// ../clients/js/src/account.ts
var AuditLogCalls = class {
  #carrier;
  constructor(carrier) {
    this.#carrier = carrier;
  }
  /** List entries of the audit log, the newest first. */
  page(options = {}) {
    const { since, until, ...rest } = options;
    return this.#carrier.carryOut(get("/api/audit-log", data, { from: since, to: until, ...rest }));
  }
  /** Walk the audit log, the newest entry first. */
  each(filters = {}) {
    return trail((last) => this.page({ ...filters, before: last?.number, limit: 100 }));
  }
};
var ExportCalls = class {
  #carrier;
  constructor(carrier) {
    this.#carrier = carrier;
  }
  /** Feedback as CSV; `bom` helps some spreadsheets to read it as UTF-8. */
  csv({ bom = false, ...filters } = {}) {
    return this.#file("/api/exports/feedback.csv", { ...filters, bom: bom ? "1" : void 0 });
  }
  /** Feedback as JSON Lines, with tags and assignee. */
  jsonl(filters = {}) {
    return this.#file("/api/exports/feedback.jsonl", filters);
  }
  /** Feedback as a workbook. */
  xlsx(filters = {}) {
    return this.#file("/api/exports/feedback.xlsx", filters);
  }
  /** All that the account or a project has, for another server. */
  archive(options = {}) {
    return this.#file("/api/exports/archive.zip", options);
  }
  #file(where, query) {
    return this.#carrier.carryOut(get(where, async (response) => whole(response.body), query));
  }
};
var DoorCalls = class {
  #carrier;
  constructor(carrier) {
    this.#carrier = carrier;
  }
  /**
   * Send feedback as a visitor. What the plan has no room for, and what looks like spam, is
   * answered in the same way: it is kept back.
   */
  submit(projectSlug, message, visitor = {}) {
    const { origin, idempotencyKey, ...more } = visitor;
    const call = postOnce("/api/feedback", { message, projectSlug, ...more }, idempotencyKey);
    return this.#carrier.carryOut({ ...call, headers: { ...call.headers, ...from(origin) }, isKeyed: false });
  }
  /** Return a challenge, for whoever was refused with the code `proof_required`. */
  challenge(slug) {
    return this.#carrier.carryOut({ ...get(path`/w/${slug}/challenge`, bare), isKeyed: false });
  }
  /**
   * Send an image ahead, and return its id for the `attachments` of a submission. One that no
   * submission names is thrown away, so that sending it twice does no harm.
   */
  async upload(slug, bytes, contentType, { origin } = {}) {
    const { id } = await this.#carrier.carryOut({
      method: "POST",
      path: path`/w/${slug}/attachments`,
      read: data,
      image: { contentType, bytes },
      headers: from(origin),
      isKeyed: false
    });
    return id;
  }
};
var ServerCalls = class {
  #carrier;
  constructor(carrier) {
    this.#carrier = carrier;
  }
  /** Return the description of all calls. */
  openapi() {
    return this.#carrier.carryOut({ ...get("/openapi.json", bare), isKeyed: false });
  }
  /** Tell whether the server answers at all. */
  async health() {
    return (await this.#carrier.carryOut({ ...get("/healthz", data), isKeyed: false })).status;
  }
  /** Tell whether the server takes requests, and what it has looked at. */
  readiness() {
    return this.#carrier.carryOut({ ...get("/readyz", data), isKeyed: false });
  }
  /** Return the figures for Prometheus, for who has the server's token. */
  metrics(token) {
    const call = get("/metrics", (response) => response.text());
    return this.#carrier.carryOut({ ...call, headers: { authorization: `Bearer ${token}` }, isKeyed: false });
  }
};
function from(origin) {
  return origin ? { origin } : {};
}

// ../clients/js/src/feedback.ts
var FeedbackCalls = class {
  #carrier;
  constructor(carrier) {
    this.#carrier = carrier;
  }
  /** Send feedback by key: the one call that is open to keys on every plan. */
  submit(projectId, message, { context, idempotencyKey } = {}) {
    const where = path`/api/projects/${projectId}/feedback`;
    return this.#carrier.carryOut(postOnce(where, { message, context }, idempotencyKey));
  }
  /** List a part of a project's feedback, newest first. */
  page(projectId, options = {}) {
    return this.#carrier.carryOut(get(path`/api/projects/${projectId}/feedback`, page, options));
  }
  /** Walk a project's feedback from the newest to the oldest, each item once. */
  each(projectId, { status } = {}) {
    return walk(({ offset }) => this.page(projectId, { status, limit: 100, offset }), false);
  }
  /** List a page of the feedback of all projects, newest first. */
  searchPage(options = {}) {
    return this.#carrier.carryOut(get("/api/feedback", page, options));
  }
  /** Walk the feedback of all projects from the newest to the oldest, each item once. */
  search(filters = {}) {
    return walk(
      ({ until, offset }) => this.searchPage({ ...filters, ...until ? { end: until } : {}, ...covering(offset) }),
      true
    );
  }
  /** Return one item. */
  get(feedbackId) {
    return this.#carrier.carryOut(get(path`/api/feedback/${feedbackId}`, data));
  }
  /** Set how far an item has been dealt with. */
  setStatus(feedbackId, status) {
    return this.#carrier.carryOut(put(path`/api/feedback/${feedbackId}`, { status }));
  }
  /** Delete an item for good. */
  async delete(feedbackId) {
    await this.#carrier.carryOut(remove(path`/api/feedback/${feedbackId}`));
  }
  /** Return the names of an item's tags. */
  async tags(feedbackId) {
    const call = get(path`/api/feedback/${feedbackId}/tags`, data);
    return (await this.#carrier.carryOut(call)).tags;
  }
  /** Give an item just these tags; those that there are none of yet are made. */
  async setTags(feedbackId, tags) {
    const call = put(path`/api/feedback/${feedbackId}/tags`, { tags });
    return (await this.#carrier.carryOut(call)).tags;
  }
  /** Return who sees to an item. */
  async assignee(feedbackId) {
    const call = get(path`/api/feedback/${feedbackId}/assignee`, data);
    return (await this.#carrier.carryOut(call)).assignee;
  }
  /** Say who sees to an item, by id or address; null for nobody. */
  async setAssignee(feedbackId, assignee) {
    const call = put(path`/api/feedback/${feedbackId}/assignee`, { assignee });
    return (await this.#carrier.carryOut(call)).assignee;
  }
  /** List an item's notes, the oldest first. */
  notes(feedbackId) {
    return this.#carrier.carryOut(get(path`/api/feedback/${feedbackId}/notes`, data));
  }
  /** Add a note. The server knows no repeats here, so it is sent again only if it was refused. */
  addNote(feedbackId, content) {
    return this.#carrier.carryOut(post(path`/api/feedback/${feedbackId}/notes`, { content }));
  }
  /** Delete a note for good. */
  async deleteNote(feedbackId, noteId) {
    await this.#carrier.carryOut(remove(path`/api/feedback/${feedbackId}/notes/${noteId}`));
  }
  /** List the images that came with an item. */
  attachments(feedbackId) {
    return this.#carrier.carryOut(get(path`/api/feedback/${feedbackId}/attachments`, data));
  }
  /** Return an image. */
  attachment(feedbackId, attachmentId) {
    return this.#carrier.carryOut(get(path`/api/feedback/${feedbackId}/attachments/${attachmentId}`, image));
  }
};
var TagCalls = class {
  #carrier;
  constructor(carrier) {
    this.#carrier = carrier;
  }
  /** List the account's tags by name. */
  list() {
    return this.#carrier.carryOut(get("/api/tags", data));
  }
  /** Give a tag another name, on all items that have it. */
  rename(tagId, name) {
    return this.#carrier.carryOut(put(path`/api/tags/${tagId}`, { name }));
  }
  /** Delete a tag, and take it off all items. */
  async delete(tagId) {
    await this.#carrier.carryOut(remove(path`/api/tags/${tagId}`));
  }
};
async function image(response) {
  const contentType = response.headers.get("content-type") ?? "";
  return { contentType, content: new Uint8Array(await response.arrayBuffer()) };
}

// ../clients/js/src/projects.ts
var ProjectCalls = class {
  #carrier;
  constructor(carrier) {
    this.#carrier = carrier;
  }
  /** List the account's projects, newest first, 1,000 at most. */
  list() {
    return this.#carrier.carryOut(get("/api/projects", data));
  }
  /** Return a project. */
  get(projectId) {
    return this.#carrier.carryOut(get(path`/api/projects/${projectId}`, data));
  }
  /** Make a project; without a slug one is made from the name. */
  create(name, { slug, idempotencyKey } = {}) {
    return this.#carrier.carryOut(postOnce("/api/projects", { name, slug }, idempotencyKey));
  }
  /** Change what is given and leave the rest as it is. */
  update(projectId, changes) {
    return this.#carrier.carryOut(put(path`/api/projects/${projectId}`, changes));
  }
  /** Delete a project with all its feedback and its keys, for good. */
  async delete(projectId) {
    await this.#carrier.carryOut(remove(path`/api/projects/${projectId}`));
  }
  /** Return a project's settings. */
  settings(projectId) {
    return this.#carrier.carryOut(get(path`/api/projects/${projectId}/settings`, data));
  }
  /** Change what is given. */
  updateSettings(projectId, changes) {
    return this.#carrier.carryOut(put(path`/api/projects/${projectId}/settings`, changes));
  }
  /** Tell whether a project has a key, and when it was last used; not the key itself. */
  apiKey(projectId) {
    return this.#carrier.carryOut(get(path`/api/projects/${projectId}/api-key`, data));
  }
  /** Make a new key, told this once; the old one works for `overlapSeconds` more. */
  rotateApiKey(projectId, { overlapSeconds = 0 } = {}) {
    return this.#carrier.carryOut(post(path`/api/projects/${projectId}/api-key`, { overlapSeconds }));
  }
};

// ../clients/js/src/webhooks.ts
var WebhookCalls = class {
  #carrier;
  constructor(carrier) {
    this.#carrier = carrier;
  }
  /** List the account's webhooks, the oldest first. */
  list() {
    return this.#carrier.carryOut(get("/api/webhooks", data));
  }
  /** Add a webhook; the answer alone has its secret. */
  create(url, events, { projects } = {}) {
    return this.#carrier.carryOut(post("/api/webhooks", { url, events, projects }));
  }
  /** Return a webhook. */
  get(webhookId) {
    return this.#carrier.carryOut(get(path`/api/webhooks/${webhookId}`, data));
  }
  /** Change what is given; null for the projects means all of them. */
  update(webhookId, changes) {
    return this.#carrier.carryOut(put(path`/api/webhooks/${webhookId}`, changes));
  }
  /** Delete a webhook; what waits for it is forgotten. */
  async delete(webhookId) {
    await this.#carrier.carryOut(remove(path`/api/webhooks/${webhookId}`));
  }
  /** Make a new secret; for a day deliveries are signed by both. */
  rotateSecret(webhookId) {
    return this.#carrier.carryOut(post(path`/api/webhooks/${webhookId}/secret`));
  }
  /** Send an event of no feedback. */
  test(webhookId) {
    return this.#carrier.carryOut(post(path`/api/webhooks/${webhookId}/test`));
  }
  /** List what a webhook was told, the newest first. */
  deliveries(webhookId, options = {}) {
    return this.#carrier.carryOut(get(path`/api/webhooks/${webhookId}/deliveries`, data, options));
  }
  /** Walk all that a webhook was told, the newest first. */
  eachDelivery(webhookId) {
    return trail((last) => this.deliveries(webhookId, { before: last?.id, limit: 100 }));
  }
  /** Send a delivery again, by the same `webhook-id`. */
  redeliver(webhookId, deliveryId) {
    return this.#carrier.carryOut(post(path`/api/webhooks/${webhookId}/deliveries/${deliveryId}/redeliver`));
  }
};

// ../clients/js/src/signing.ts
var VERSION = "v1";
var TOLERANCE_S = 300;
async function verifyWebhook(body, headers, secret) {
  const [id, sentAt, signatures] = ["id", "timestamp", "signature"].map((part) => header(headers, `webhook-${part}`));
  if (!id || !sentAt || !signatures) throw new WebhookError("a header of Standard Webhooks is missing");
  if (!/^\d+$/.test(sentAt)) throw new WebhookError("the header webhook-timestamp is no time");
  if (Math.abs(Date.now() / 1e3 - Number(sentAt)) > TOLERANCE_S) {
    throw new WebhookError("the message is too old, or the clocks are too far apart");
  }
  const content = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const signed = joined(new TextEncoder().encode(`${id}.${sentAt}.`), content);
  if (!await fits(signed, signatures, keyOf(secret))) throw new WebhookError("no signature fits");
  const { data: data2, ...told2 } = JSON.parse(new TextDecoder().decode(content));
  return { id, ...told2, ...data2 };
}
async function fits(signed, signatures, secret) {
  const { subtle } = await webCrypto();
  const key = await subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  for (const each of signatures.split(" ")) {
    const [version, text] = each.split(",");
    const signature = version === VERSION && text ? decoded(text) : void 0;
    if (signature && await subtle.verify("HMAC", key, signature, signed)) return true;
  }
  return false;
}
function keyOf(secret) {
  const key = decoded(secret.replace(/^whsec_/, ""));
  if (!key?.length) throw new TypeError("the webhook's secret is not one: it begins with whsec_");
  return key;
}
function decoded(base64) {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return void 0;
  }
}
function joined(first, second) {
  const whole2 = new Uint8Array(first.length + second.length);
  whole2.set(first);
  whole2.set(second, first.length);
  return whole2;
}
function header(headers, name) {
  if (typeof headers.get === "function") return headers.get(name) ?? void 0;
  const found = Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
  return Array.isArray(found) ? found[0] : found;
}
async function webCrypto() {
  const module = "node:crypto";
  return globalThis.crypto ?? (await import(module)).webcrypto;
}

// ../clients/js/src/index.ts
var Client = class {
  #carrier;
  feedback;
  projects;
  tags;
  webhooks;
  auditLog;
  exports;
  door;
  server;
  constructor(options = {}) {
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
  get limits() {
    return this.#carrier.limits;
  }
  /** Return the numbers of whole days. */
  analytics({ compare = true, ...options } = {}) {
    const query = { ...options, compare: compare ? void 0 : "off" };
    return this.#carrier.carryOut(get("/api/analytics", data, query));
  }
  /** Return what is used of the plan in this period; never counted. */
  usage() {
    return this.#carrier.carryOut(get("/api/usage", data));
  }
};
export {
  ApiError,
  Client,
  Conflict,
  Forbidden,
  Invalid,
  MinibackError,
  NetworkError,
  NotFound,
  QuotaExceeded,
  RateLimited,
  ServerError,
  TooLarge,
  Unauthorized,
  WebhookError,
  refusal,
  seconds,
  verifyWebhook
};
