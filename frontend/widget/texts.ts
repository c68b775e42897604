// What the widget says. English is inside; other languages are fetched when they are needed.
import { call } from "./api";
import { settings } from "./settings";

const english = {
  button: "Feedback",
  title: "Send us feedback",
  rating: "How do you feel?",
  faces: "Very bad|Bad|So-so|Good|Very good",
  kind: "What is it about?",
  kinds: "Bug|Idea|Other",
  message: "Your message",
  hint: "What could be better? What do you like?",
  name: "Name",
  email: "Email",
  optional: "optional",
  picture: "Add screenshot",
  send: "Send",
  sending: "Sending…",
  close: "Close",
  thanks: "Thank you! Your feedback has arrived.",
  again: "Send another",
  privacy: "Privacy",
  empty: "Please write a message.",
  address: "Please check the email address.",
  queued: "You are offline. We will send it when you are back.",
  unreachable: "We cannot reach the server. We keep your message and try again.",
  many: "That was a lot at once. Please try again later.",
  paused: "We are not taking feedback at the moment.",
  blocked: "This site may not send feedback.",
  large: "This is too long to be sent.",
  error: "Something went wrong. Please try again.",
};
export type Texts = typeof english;

const OTHERS = /^(de|fr|es|it|pt|nl|pl|tr|ru|uk|ar|he|ja|zh)$/;
export const texts = { ...english };
let loaded = "";
let loading: Promise<Partial<Texts>>;

export function language(): string {
  const wish = settings.language || document.documentElement.lang || navigator.language;
  const short = wish.toLowerCase().split(/\W/)[0]!;
  return OTHERS.test(short) ? short : "en";
}

// Without its language one can still send feedback, in English.
export async function loadTexts(): Promise<void> {
  const wanted = language();
  if (loaded !== wanted) {
    loaded = wanted;
    loading = wanted === "en" ? Promise.resolve({}) : call(settings.assets + wanted + ".json").then(({ body }) => body);
  }
  Object.assign(texts, english, await loading, settings.texts);
}
