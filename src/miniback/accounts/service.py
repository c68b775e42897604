"""What one does with accounts and people."""

from miniback import clock, ids, outbox
from miniback.accounts import links, session_store, sessions, store, throttles, tokens
from miniback.accounts.links import Purpose
from miniback.accounts.models import Account, Person, Role, User
from miniback.accounts.store import Credentials
from miniback.accounts.throttles import Limit
from miniback.db import Tx
from miniback.errors import Conflict, Forbidden, Invalid, NotFound

_SOMEBODY = ""


def create(
    tx: Tx, email: str, password_hash: str, plan: str, name: str = "", time_zone: str = ""
) -> Account:
    """Open an account with its owner; Conflict where the address has one already."""
    user = User(id=ids.new("user"), email=email, name=name, time_zone=time_zone)
    if not store.insert_user(tx, user, password_hash):
        raise Conflict(f"There is already a user with the address {email}")
    account = Account(id=ids.new("acct"), plan=plan, anchor=clock.now())
    store.insert_account(tx, account)
    store.insert_member(tx, account.id, user.id, Role.OWNER)
    return account


def add_member(tx: Tx, account_id: str, email: str, password_hash: str, role: Role) -> str:
    """Let a new person into an account and return their id; Conflict where they are known."""
    user = User(id=ids.new("user"), email=email)
    if not store.insert_user(tx, user, password_hash):
        raise Conflict(f"There is already a user with the address {email}")
    store.insert_member(tx, account_id, user.id, role)
    return user.id


def named(tx: Tx, name: str) -> Account:
    """Find an account by its id or its owner's address, or raise NotFound."""
    account = store.find_owned(tx, name.lower()) if "@" in name else store.find(tx, name)
    if account is None:
        raise NotFound(f"There is no account '{name}'")
    return account


def person_named(tx: Tx, account_id: str, name: str) -> Person:
    """Find a member of an account by their id or address, or raise Invalid."""
    for person in store.people(tx, account_id).values():
        if name in (person.id, person.email) or name.lower() == person.email:
            return person
    raise Invalid("The assignee must be the id or the address of a member of the account")


def set_up_token(tx: Tx) -> str | None:
    """Make the token of the set-up link, None where somebody is here already."""
    return None if store.has_users(tx) else links.issue(tx, Purpose.SET_UP, _SOMEBODY)


def set_up(
    tx: Tx, token: str, email: str, password_hash: str, plan: str, time_zone: str
) -> Credentials:
    """Make the first account, whose owner is the server's administrator."""
    links.use_up(tx, Purpose.SET_UP, token)
    if store.has_users(tx):
        raise NotFound("Not found")
    return _opened(tx, email, password_hash, plan, time_zone)


def sign_in(
    tx: Tx, who: Credentials, limits: list[Limit], left_token: str, address: str, user_agent: str
) -> str:
    """Begin a session in place of what the browser had before, and return its token."""
    _require_unchanged(tx, who)
    throttles.give_back(tx, limits)
    sign_out(tx, left_token)
    return sessions.start(tx, who.user_id, who.account_id, address, user_agent)


def sign_out(tx: Tx, token: str) -> None:
    """End the session of a token, if there is one."""
    session = session_store.find(tx, tokens.hashed(token)) if tokens.is_one(token) else None
    if session:
        session_store.delete(tx, session.user.id, session.id)


def ask_for_link(tx: Tx, event: str, email: str, limits: list[Limit]) -> None:
    """Have a link sent to an address, whoever it belongs to.

    Nothing is looked up here: the answer and the time that it takes are the same for an address
    that is known and one that is not (T15).
    """
    throttles.try_once(tx, limits)
    outbox.record(tx, _SOMEBODY, event, email)


def reset_password(tx: Tx, token: str, password_hash: str, neighbourhood: str) -> Credentials:
    """Give the holder of a link a new password; every session and every throttle of theirs ends."""
    user_id = links.use_up(tx, Purpose.RESET_PASSWORD, token)
    store.update_password(tx, user_id, password_hash)
    session_store.delete_all_but(tx, user_id, _SOMEBODY)
    email = store.find_email(tx, user_id)
    throttles.lift(tx, throttles.limits_of_person(email, neighbourhood))
    who = store.find_credentials_of(tx, user_id)
    if who is None:
        raise NotFound("Not found")
    return who


def change_password(
    tx: Tx, who: Credentials, password_hash: str, address: str, user_agent: str
) -> str:
    """Give a person another password and, in place of all their sessions, a new one's token."""
    _require_unchanged(tx, who)
    store.update_password(tx, who.user_id, password_hash)
    links.withdraw(tx, Purpose.RESET_PASSWORD, who.user_id)
    session_store.delete_all_but(tx, who.user_id, _SOMEBODY)
    return sessions.start(tx, who.user_id, who.account_id, address, user_agent)


def change_email(tx: Tx, who: Credentials, email: str) -> None:
    """Give a person another address, or raise Conflict; the one before is told."""
    _require_unchanged(tx, who)
    user_id = who.user_id
    before = store.find_email(tx, user_id)
    if before == email:
        return
    if not store.update_email(tx, user_id, email):
        raise Conflict("This address cannot be used; take another one")
    links.withdraw(tx, Purpose.RESET_PASSWORD, user_id)
    outbox.record(tx, _SOMEBODY, outbox.EMAIL_CHANGED, before)


def sign_up(tx: Tx, token: str, password_hash: str, plan: str, time_zone: str) -> Credentials:
    """Open an account for the address that a link was sent to."""
    email = links.use_up(tx, Purpose.SIGN_UP, token)
    return _opened(tx, email, password_hash, plan, time_zone)


def _opened(tx: Tx, email: str, password_hash: str, plan: str, time_zone: str) -> Credentials:
    create(tx, email, password_hash, plan, time_zone=time_zone)
    who = store.find_credentials(tx, email)
    if who is None:
        raise NotFound("Not found")
    return who


def _require_unchanged(tx: Tx, who: Credentials) -> None:
    """Refuse where the password that was compared outside the transaction is another one by now.

    Held to the end, so that a change beside it ends the session that begins here, or forbids it.
    """
    if not store.hold_unchanged(tx, who):
        raise Forbidden("The password has just been changed; sign in again")
