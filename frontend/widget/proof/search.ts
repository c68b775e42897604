// The search for a solution, fetched where a server asks for one. In slices, so that the page stays
// as quick as it was.
import { hash, hashAgain, padded } from "./sha256";

const SLICE_MS = 8;
// So few that even a slow browser looks at the clock in time.
const STEP = 16;

export interface Parameters {
  salt: string;
  nonce: string;
  cost: number;
  keyLength: number;
  keyPrefix: string;
  expiresAt: number;
}

export interface Solution {
  counter: number;
  derivedKey: string;
}

export async function search({ salt, nonce, cost, keyLength, keyPrefix }: Parameters): Promise<Solution> {
  const start = bytes(salt + nonce);
  const message = padded([...start, 0, 0, 0, 0]);
  const state = new Int32Array(8);
  let end = performance.now() + SLICE_MS;
  for (let counter = 0; ; counter++) {
    message.setUint32(start.length, counter);
    hash(message, state);
    for (let done = 1; done < cost || performance.now() > end; ) {
      for (const until = Math.min(cost, done + STEP); done < until; done++) hashAgain(state);
      if (performance.now() > end) {
        await pause();
        end = performance.now() + SLICE_MS;
      }
    }
    const derivedKey = hex(state).slice(0, keyLength * 2);
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
}

function bytes(text: string): number[] {
  return text.match(/../g)?.map((pair) => parseInt(pair, 16)) ?? [];
}

function hex(state: Int32Array): string {
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

// setTimeout would wait for 4 ms each time.
function pause(): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((done) => {
    port1.onmessage = done;
    port2.postMessage(0);
  }).finally(() => port1.close());
}
