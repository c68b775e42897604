// Proof of work in the format of ALTCHA 2: a little effort that costs a person nothing and those who
// send by the thousand a lot.
import { call } from "./api";
import { chunk } from "./chunk";
import { settings } from "./settings";

// What is left of a challenge's life must do for sending it.
const SPARE_MS = 5_000;

let ahead: Promise<string> | undefined;
let aheadUntil = 0;

// Begin while the person is still typing.
export function solveAhead(): void {
  if (Date.now() > aheadUntil) ahead = solved();
}

// A solved challenge, good for one submission.
export async function proof(): Promise<string> {
  solveAhead();
  const payload = await ahead!;
  aheadUntil = 0;
  return payload;
}

// Empty where there is none: the server then says what it thinks of that.
async function solved(): Promise<string> {
  aheadUntil = Infinity;
  const [{ body: challenge }, solver] = await Promise.all([
    call(`/w/${settings.project}/challenge`),
    chunk<typeof import("./proof/search")>("proof.js"),
  ]);
  const { parameters } = challenge;
  aheadUntil = parameters?.expiresAt * 1_000 - SPARE_MS || 0;
  return parameters && solver ? btoa(JSON.stringify({ challenge, solution: await solver.search(parameters) })) : "";
}
