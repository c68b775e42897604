import { type Call } from "./call.js";
import { type Limit } from "./limits.js";
export interface Options {
    /** The server's address; else MINIBACK_URL. */
    baseUrl?: string | undefined;
    /** An API key; else MINIBACK_API_KEY. */
    apiKey?: string | undefined;
    /** How long one try may take until its answer is there; 30. */
    timeoutS?: number;
    /** How long a call that fails for a reason that passes is sent again; 60. */
    patienceS?: number;
}
export declare class Carrier {
    #private;
    limits: Record<string, Limit>;
    constructor({ baseUrl, apiKey, timeoutS, patienceS }: Options);
    /** Send a call until it succeeds, fails for good, or took too long. */
    carryOut<T>(call: Call<T>): Promise<T>;
}
/** Give what a body gives; where it breaks off, say so as a call does. */
export declare function whole(body: ReadableStream<Uint8Array> | null): ReadableStream<Uint8Array>;
