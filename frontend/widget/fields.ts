// The fields of the form, and what is wrong with them.
import { drawing, element } from "./dom";
import { isListed, settings, type Context } from "./settings";
import { texts } from "./texts";

const FACE = "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M9 9v.5M15 9v.5M8 ";
const LONGEST = 10_000;
const COUNTED_FROM = 9_000;
// White space alone is no message, nor is what nobody sees.
const UNSEEN = /[\s\u200b-\u200d\u2060\ufeff]/g;

export function fields(): Node[] {
  const has = (name: string): boolean => isListed(name, settings.fields);
  const made = [
    has("rating") && choice("rating", texts.faces, ["1", "2", "3", "4", "5"]),
    has("kind") && choice("kind", texts.kinds, ["bug", "idea", "other"]),
    messageField(),
    has("name") && line("name"),
    has("email") && line("email"),
    // People do not see this one, and machines fill in all there is.
    element("input", { class: "trap", name: "website", tabindex: "-1", autocomplete: "off" }),
  ];
  return made.filter((node) => node !== false);
}

// What is wrong, and with which field.
export function problem(values: Context): [text: string, field: string] | [] {
  const message = String(values["message"]);
  if (!message.replace(UNSEEN, "")) return [texts.empty, "message"];
  if ([...message].length > LONGEST) return [texts.large, "message"];
  if (values["email"] && !/^\S+@\S+\.\S+$/.test(String(values["email"]))) return [texts.address, "email"];
  return [];
}

function choice(name: "rating" | "kind", told: string, values: string[]): Node {
  const options = told.split("|").map((text, index) => {
    const shown = name === "rating" && drawing(face(index));
    const input = element("input", { type: "radio", name, value: values[index]!, "aria-label": text });
    return element("label", { title: shown && text }, input, element("span", { class: shown ? "chip face" : "chip" }, shown || text));
  });
  return element("fieldset", {}, element("legend", {}, texts[name], optional()), element("div", { class: "row" }, ...options));
}

// From sad to happy.
function face(step: number): string {
  return FACE + (17 - step * 0.75) + "q4 " + (step * 2.5 - 5) + " 8 0";
}

function messageField(): Node {
  const count = element("small", { class: "count" });
  const field = element("textarea", { name: "message", class: "field", required: "", placeholder: texts.hint, "aria-describedby": "bad" });
  field.addEventListener("input", () => {
    const { length } = field.value;
    count.textContent = length < COUNTED_FROM ? "" : [...field.value].length + "/" + LONGEST;
  });
  return element("label", {}, named(texts.message), field, count);
}

function line(name: "name" | "email"): Node {
  const field = element("input", { name, type: name, autocomplete: name, class: "field", "aria-describedby": "bad" });
  return element("label", {}, named(texts[name], optional()), field);
}

function named(...children: (Node | string)[]): Node {
  return element("span", { class: "name" }, ...children);
}

function optional(): Node {
  return element("small", {}, ` (${texts.optional})`);
}
