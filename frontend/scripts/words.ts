// Texts that scripts show: the server has put them into the page in the reader's language.
interface Words {
  ago: { now: string; minutes: string; hours: string; days: string };
  minutes: string;
  seconds: string;
  tryNow: string;
  copied: string;
  notCopied: string;
  unsaved: string;
  chosen: string;
  chooseFirst: string;
  undo: string;
  retry: string;
  notDone: string;
  goneElsewhere: string;
  deleteMany: string;
  fresh: string;
}

export const words: Words = JSON.parse(document.body.dataset["words"] ?? "{}");
