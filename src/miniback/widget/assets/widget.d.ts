/** The Miniback feedback widget, as pages see it. */

export type Kind = "bug" | "idea" | "other";
export type Position = "bottom-right" | "bottom-left" | "top-right" | "top-left";
export type EventName = "ready" | "open" | "close" | "submit" | "success" | "error" | "queued" | "blocked";

export interface Prefill {
  message?: string;
  kind?: Kind;
  context?: Record<string, unknown>;
}

export interface User {
  id?: string;
  email?: string;
  name?: string;
  /** Hex HMAC-SHA256 of the id by the project's identity secret, made on your server. */
  hash?: string;
}

export interface Feedback {
  message: string;
  kind?: Kind;
  rating?: 1 | 2 | 3 | 4 | 5;
  name?: string;
  email?: string;
  [own: string]: unknown;
}

export interface Options {
  /** The project's slug. */
  project?: string;
  /** The origin of your Miniback server: "https://feedback.example.com". */
  api?: string;
  position?: Position;
  theme?: "auto" | "light" | "dark";
  color?: string;
  zIndex?: string | number;
  label?: string;
  title?: string;
  language?: string;
  /** The same as language. */
  lang?: string;
  /** Any of rating, kind, name, email, screenshot; joined by commas. */
  fields?: string;
  button?: boolean;
  modal?: boolean;
  privacyUrl?: string;
  poweredBy?: boolean;
  /** Which facts about the page are sent along; joined by commas. */
  capture?: string;
  captureErrors?: boolean;
  texts?: Record<string, string>;
  user?: User;
  context?: Record<string, unknown>;
}

/** What a submission came to; status 0 means that it is kept and will be sent later. */
export interface Outcome {
  status: number;
  code?: string;
}

export interface Miniback {
  readonly version: string;
  readonly ready: Promise<void>;
  open(prefill?: Prefill): void;
  close(): void;
  toggle(): void;
  isOpen(): boolean;
  /** Show or hide the button; open() works all the same. */
  show(): void;
  hide(): void;
  /** Null forgets who was signed in. */
  identify(user: User | null): void;
  /** Adds to the context of what is sent from now on; null empties it. */
  setContext(context: Record<string, unknown> | null): void;
  configure(options: Options): void;
  /** Send without the panel; undefined where a listener of "submit" has prevented it. */
  send(feedback: Feedback): Promise<Outcome | undefined>;
  on(name: EventName, listener: (detail: any, event: Event) => unknown): void;
  off(name?: EventName, listener?: (detail: any, event: Event) => unknown): void;
  destroy(): void;
  /** A call by name, as the queue before loading takes them: push(["open", { kind: "bug" }]). */
  push(...calls: [name: string, ...values: unknown[]][]): void;
}

declare global {
  interface Window {
    miniback?: Miniback | [name: string, ...values: unknown[]][];
    minibackSettings?: Options;
  }
}
