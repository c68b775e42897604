"""What one does with accounts and people."""

from typing import Any

from miniback import audit, clock, ids, outbox
from miniback.accounts import links, session_store, sessions, store, throttles, tokens
from miniback.accounts.links import Purpose
from miniback.accounts.models import LONGEST_EMAIL, Account, Person, Role, Session, User
from miniback.accounts.store import Credentials
from miniback.accounts.throttles import Limit
from miniback.audit import BY_ITSELF, Action, Actor, Way
from miniback.db import Tx
from miniback.errors import Conflict, Forbidden, Invalid, NotFound

_SOMEBODY = ""


def create(
    tx: Tx,
    email: str,
    password_hash: str,
    plan: str,
    name: str = "",
    time_zone: str = "",
    way: Way = Way.SYSTEM,
) -> Account:
    """Open an account with its owner; Conflict where the address has one already."""
    user = User(id=ids.new("user"), email=email, name=name, time_zone=time_zone)
    if not store.insert_user(tx, user, password_hash):
        raise Conflict(f"There is already a user with the address {email}")
    account = Account(id=ids.new("acct"), plan=plan, anchor=clock.now())
    store.insert_account(tx, account)
    store.insert_member(tx, account.id, user.id, Role.OWNER)
    # On a page it is the owner who does it.
    by = Actor(way, user.id if way is Way.PAGE else "")
    audit.record(tx, account.id, Action.ACCOUNT_CREATED, by, {"userId": user.id, "plan": plan})
    return account


def add_member(
    tx: Tx, account_id: str, email: str, password_hash: str, role: Role, by: Actor = BY_ITSELF
) -> str:
    """Let a new person into an account and return their id; Conflict where they are known."""
    user = User(id=ids.new("user"), email=email)
    if not store.insert_user(tx, user, password_hash):
        raise Conflict(f"There is already a user with the address {email}")
    store.insert_member(tx, account_id, user.id, role)
    told = {"userId": user.id, "role": role.value}
    audit.record(tx, account_id, Action.MEMBER_ADDED, by, told)
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
    token = sessions.start(tx, who.user_id, who.account_id, address, user_agent)
    _record(tx, who, Action.SESSION_BEGUN, {})
    return token


def note_refused(tx: Tx, email: str) -> None:
    """Have it recorded that somebody could not sign in, where the address is anybody's.

    Nothing is looked up here either: it takes the same time for an address that nobody has (T15).
    """
    known = email if len(email) <= LONGEST_EMAIL else ""
    outbox.record(tx, _SOMEBODY, outbox.SIGN_IN_REFUSED, known)


def record_refused(tx: Tx, email: str) -> None:
    """Record that somebody could not sign in, in the account of the person with an address."""
    who = store.find_credentials(tx, email)
    if who:
        told = {"userId": who.user_id}
        audit.record(tx, who.account_id, Action.SESSION_REFUSED, Actor(Way.PAGE), told)


def sign_out(tx: Tx, token: str) -> None:
    """End the session of a token, if there is one."""
    session = session_store.find(tx, tokens.hashed(token)) if tokens.is_one(token) else None
    if session and session_store.delete(tx, session.user.id, session.id):
        _record_ended(tx, session, 1)


def end_session(tx: Tx, session: Session, session_id: str) -> None:
    """End one session of the person whose session this is, or raise NotFound."""
    sessions.end(tx, session.user.id, session_id)
    _record_ended(tx, session, 1)


def end_other_sessions(tx: Tx, session: Session) -> None:
    """End all sessions of a person but this one."""
    ended = session_store.delete_all_but(tx, session.user.id, session.id)
    if ended:
        _record_ended(tx, session, ended)


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
    ended = session_store.delete_all_but(tx, user_id, _SOMEBODY)
    email = store.find_email(tx, user_id)
    throttles.lift(tx, throttles.limits_of_person(email, neighbourhood))
    who = store.find_credentials_of(tx, user_id)
    if who is None:
        raise NotFound("Not found")
    _record(tx, who, Action.PASSWORD_RESET, {"sessionsEnded": ended})
    return who


def change_password(
    tx: Tx, who: Credentials, password_hash: str, address: str, user_agent: str
) -> str:
    """Give a person another password and, in place of all their sessions, a new one's token."""
    _require_unchanged(tx, who)
    store.update_password(tx, who.user_id, password_hash)
    links.withdraw(tx, Purpose.RESET_PASSWORD, who.user_id)
    ended = session_store.delete_all_but(tx, who.user_id, _SOMEBODY)
    token = sessions.start(tx, who.user_id, who.account_id, address, user_agent)
    # The one of this very browser goes on under another name.
    _record(tx, who, Action.PASSWORD_CHANGED, {"sessionsEnded": max(0, ended - 1)})
    return token


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
    _record(tx, who, Action.EMAIL_CHANGED, {})


def sign_up(tx: Tx, token: str, password_hash: str, plan: str, time_zone: str) -> Credentials:
    """Open an account for the address that a link was sent to."""
    email = links.use_up(tx, Purpose.SIGN_UP, token)
    return _opened(tx, email, password_hash, plan, time_zone)


def _opened(tx: Tx, email: str, password_hash: str, plan: str, time_zone: str) -> Credentials:
    create(tx, email, password_hash, plan, time_zone=time_zone, way=Way.PAGE)
    who = store.find_credentials(tx, email)
    if who is None:
        raise NotFound("Not found")
    return who


def _record(tx: Tx, who: Credentials, action: Action, details: dict[str, Any]) -> None:
    """Record what somebody did about their own access, in the account that they come into."""
    audit.record(tx, who.account_id, action, Actor(Way.PAGE, who.user_id), details)


def _record_ended(tx: Tx, session: Session, count: int) -> None:
    by = Actor(Way.PAGE, session.user.id)
    audit.record(tx, session.account.id, Action.SESSION_ENDED, by, {"sessions": count})


def _require_unchanged(tx: Tx, who: Credentials) -> None:
    """Refuse where the password that was compared outside the transaction is another one by now.

    Held to the end, so that a change beside it ends the session that begins here, or forbids it.
    """
    if not store.hold_unchanged(tx, who):
        raise Forbidden("The password has just been changed; sign in again")
