import type { Answer } from "../api";
import type { Payload } from "../send";
import type { Settings } from "../settings";
export interface Tools {
  form: HTMLFormElement;
  button: HTMLButtonElement;
  say: (text: string) => void;
  call: (path: string, options?: RequestInit) => Promise<Answer>;
  settings: Settings;
  language: string;
  files?: FileList | undefined;
}
export async function make(_tools: Tools): Promise<void> {}
export function pictures(): string { return ""; }
export async function uploaded(_payload: Payload): Promise<Answer | undefined> { return undefined; }
export function dropPictures(): void {}
