import type { Page } from "./models.js";
export interface Call<T> {
    method: string;
    path: string;
    read: (response: Response) => Promise<T>;
    query?: object;
    content?: object;
    image?: {
        contentType: string;
        bytes: Uint8Array;
    };
    headers?: Record<string, string>;
    /** Whoever sends it twice has done no more than who sends it once; so unless it says otherwise. */
    isRepeatable?: boolean;
    /** The public door knows no keys, and shall not see one. */
    isKeyed?: boolean;
    /** What is read when a delete that was sent again finds that it has happened. */
    gone?: T;
}
export declare function get<T>(path: string, read: Call<T>["read"], query?: object): Call<T>;
export declare function put<T>(path: string, content: object): Call<T>;
export declare function post<T>(path: string, content?: object): Call<T>;
/** A post that the server knows again by its key, so that it may be sent again. */
export declare function postOnce<T>(path: string, content: object, key?: string): Call<T>;
export declare function remove(path: string): Call<true>;
/** Fill names into a path, so that none of them can lead elsewhere. */
export declare function path(parts: TemplateStringsArray, ...names: string[]): string;
export declare function data<T>(response: Response): Promise<T>;
export declare function bare<T>(response: Response): Promise<T>;
export declare function page<T>(response: Response): Promise<Page<T>>;
export declare function search(query: object): string;
/** Make a key that sorts by its time (UUID version 7), which costs the server less to keep. */
export declare function newKey(): string;
