// Carries out calls of the JavaScript client that come as lines of JSON, and answers in lines.
import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Client, MinibackError, verifyWebhook } from "../../clients/js/index.js";

const clients = new Map();
const walks = new Map();

const works = {
  open: ({ id, options }) => void clients.set(id, new Client(options)),
  call: ({ id, path, values }) => resolved(clients.get(id), path)(...values),
  limits: ({ id }) => clients.get(id).limits,
  save: async ({ id, path, values, into }) => {
    await writeFile(into, await resolved(clients.get(id), path)(...values));
  },
  walk: ({ id, walk, path, values }) => void walks.set(walk, resolved(clients.get(id), path)(...values)),
  next: ({ walk }) => walks.get(walk).next(),
  verify: (given) => verifyWebhook(given.body, given.headers, given.secret),
};

function resolved(client, path) {
  const names = path.split(".");
  const name = names.pop();
  const group = names.reduce((group, each) => group[each], client);
  return group[name].bind(group);
}

const fromJson = (_, value) => (value?.$bytes ? Uint8Array.from(Buffer.from(value.$bytes, "base64")) : value);
const toJson = (_, value) => (value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString("base64") } : value);

for await (const line of createInterface({ input: process.stdin })) {
  const { work, ...given } = JSON.parse(line, fromJson);
  let answer;
  try {
    answer = { value: (await works[work](given)) ?? null };
  } catch (error) {
    const { name, message, status, code, requestId, retryAfter } = error;
    if (!(error instanceof MinibackError)) console.error(error);
    answer = { error: { name, message, status, code, requestId, retryAfter } };
  }
  console.log(JSON.stringify(answer, toJson));
}
