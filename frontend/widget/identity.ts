// Who is signed in on the page, as the page says.
import { settings, type Context, type User } from "./settings";

let told: User | undefined;

// Null forgets whom the page named before, also in its script tag.
export function identify(user: User | null): void {
  told = user ?? {};
}

export function currentUser(): User {
  return told ?? settings.user;
}

export function forget(): void {
  told = undefined;
}

export function identity(): Context & { hash?: string } {
  const { id, email, name, hash } = currentUser();
  const known: Context = {};
  if (id) known["userId"] = id;
  if (email) known["email"] = email;
  if (name) known["name"] = name;
  return id && hash ? { ...known, hash } : known;
}
