// What a call may fail with: a class for each kind, so that each can be told by `instanceof`.

/** Whatever went wrong with a call. */
export class MinibackError extends Error {
  override name = "MinibackError";
}

/** No answer came, or only a part of one; whether the call was carried out is not known. */
export class NetworkError extends MinibackError {
  override name = "NetworkError";
}

/** A message that does not come from the webhook whose secret was given, or is too old. */
export class WebhookError extends MinibackError {
  override name = "WebhookError";
}

export interface Told {
  status: number;
  message: string;
  code?: string | undefined;
  requestId?: string | undefined;
  retryAfter?: number | undefined;
}

/** The server's refusal, in its own words. */
export class ApiError extends MinibackError {
  override name = "ApiError";
  readonly status: number;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  /** How many seconds to wait. */
  readonly retryAfter: number | undefined;

  constructor({ status, message, code, requestId, retryAfter }: Told) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

/** 400, 415 and 422: the content does not make sense, or a key was used for something else. */
export class Invalid extends ApiError {
  override name = "Invalid";
}

/** 401: no key was sent, or its plan does not allow this call. */
export class Unauthorized extends ApiError {
  override name = "Unauthorized";
}

/** 403: no such key, no project of its account, a project that is paused, or a full plan. */
export class Forbidden extends ApiError {
  override name = "Forbidden";
}

/** 404: the account has no such thing. */
export class NotFound extends ApiError {
  override name = "NotFound";
}

/** 409: the name is taken, or there are too many already. */
export class Conflict extends ApiError {
  override name = "Conflict";
}

/** 413: the body is too large. */
export class TooLarge extends ApiError {
  override name = "TooLarge";
}

/** 429: too much; `retryAfter` tells how many seconds to wait. */
export class RateLimited extends ApiError {
  override name = "RateLimited";
}

/** 429: what the plan allows in a month is used up. */
export class QuotaExceeded extends RateLimited {
  override name = "QuotaExceeded";
}

/** 5xx: the server failed or cannot carry it out right now. */
export class ServerError extends ApiError {
  override name = "ServerError";
}

const KINDS: Record<number, typeof ApiError> = {
  400: Invalid,
  401: Unauthorized,
  403: Forbidden,
  404: NotFound,
  409: Conflict,
  413: TooLarge,
  415: Invalid,
  422: Invalid,
  429: RateLimited,
};

/** Make the error of an answer; a proxy in between may have written it. */
export function refusal(status: number, headers: Headers, text: string): ApiError {
  const { error, code } = told(text);
  const message = typeof error === "string" ? error : "The answer is not one of Miniback's";
  return new (kindOf(status, message))({
    status,
    message,
    code: typeof code === "string" ? code : undefined,
    requestId: headers.get("x-request-id") ?? undefined,
    retryAfter: seconds(headers),
  });
}

/** Read a Retry-After that is a number; a date, as some proxies have it, is not heeded. */
export function seconds(headers: Headers): number | undefined {
  const text = headers.get("retry-after") ?? "";
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function kindOf(status: number, message: string): typeof ApiError {
  if (status >= 500) return ServerError;
  const kind = KINDS[status] ?? ApiError;
  return kind === RateLimited && message.startsWith("Monthly limit") ? QuotaExceeded : kind;
}

function told(text: string): { error?: unknown; code?: unknown } {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === "object" && content !== null ? content : {};
  } catch {
    return {};
  }
}
