/** Whatever went wrong with a call. */
export declare class MinibackError extends Error {
    name: string;
}
/** No answer came, or only a part of one; whether the call was carried out is not known. */
export declare class NetworkError extends MinibackError {
    name: string;
}
/** A message that does not come from the webhook whose secret was given, or is too old. */
export declare class WebhookError extends MinibackError {
    name: string;
}
export interface Told {
    status: number;
    message: string;
    code?: string | undefined;
    requestId?: string | undefined;
    retryAfter?: number | undefined;
}
/** The server's refusal, in its own words. */
export declare class ApiError extends MinibackError {
    name: string;
    readonly status: number;
    readonly code: string | undefined;
    readonly requestId: string | undefined;
    /** How many seconds to wait. */
    readonly retryAfter: number | undefined;
    constructor({ status, message, code, requestId, retryAfter }: Told);
}
/** 400, 415 and 422: the content does not make sense, or a key was used for something else. */
export declare class Invalid extends ApiError {
    name: string;
}
/** 401: no key was sent, or its plan does not allow this call. */
export declare class Unauthorized extends ApiError {
    name: string;
}
/** 403: no such key, no project of its account, a project that is paused, or a full plan. */
export declare class Forbidden extends ApiError {
    name: string;
}
/** 404: the account has no such thing. */
export declare class NotFound extends ApiError {
    name: string;
}
/** 409: the name is taken, or there are too many already. */
export declare class Conflict extends ApiError {
    name: string;
}
/** 413: the body is too large. */
export declare class TooLarge extends ApiError {
    name: string;
}
/** 429: too much; `retryAfter` tells how many seconds to wait. */
export declare class RateLimited extends ApiError {
    name: string;
}
/** 429: what the plan allows in a month is used up. */
export declare class QuotaExceeded extends RateLimited {
    name: string;
}
/** 5xx: the server failed or cannot carry it out right now. */
export declare class ServerError extends ApiError {
    name: string;
}
/** Make the error of an answer; a proxy in between may have written it. */
export declare function refusal(status: number, headers: Headers, text: string): ApiError;
/** Read a Retry-After that is a number; a date, as some proxies have it, is not heeded. */
export declare function seconds(headers: Headers): number | undefined;
