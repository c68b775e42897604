"""A call by API key or by session from end to end: who asks, may they, count it, what is left.

Every keyed address is declared with `keyed(…)`, so the rules of contract section 2 and 3 stand in
one place and none can be forgotten.
"""

from collections.abc import Awaitable, Callable

from miniback import accounts, clock, db, http, plans
from miniback.accounts import Role
from miniback.errors import Refusal
from miniback.http import Request, Response
from miniback.plans import Usage
from miniback.projects import access, key_store
from miniback.projects.models import Caller

KeyedHandler = Callable[[Request, Caller], Awaitable[Response]]
_READS = ("GET", "HEAD")


def keyed(handler: KeyedHandler, *, counts: bool = True, least: Role = Role.VIEWER) -> http.Handler:
    """Make a handler of a call that needs a key of a plan with full access, or a session.

    A read by key is counted here, once it has an answer; a write counts itself, in its transaction.
    A session's person must have at least a role in their account.
    """

    async def answer(request: Request) -> Response:
        if member := await member_of(request, least):
            return await handler(request, member)
        caller = await identify(request)
        try:
            access.require_plan(caller.plan, request.method)
            response = await handler(request, caller)
            used = None
            if counts and request.method in _READS:
                used = await _count(request, caller)
        except Refusal as refusal:
            return await with_rates(request, caller, http.refused(refusal))
        return await with_rates(request, caller, response, used)

    return answer


async def member_of(request: Request, least: Role) -> Caller | None:
    """Return who calls by a session, None where there is a key, which beats it, or neither."""
    if api_key(request):
        return None
    session = await accounts.session_of(request)
    if session is None:
        return None
    accounts.check_call(request, session, least)
    return Caller.by_session(accounts.allowance_of(request, session), session.user.id)


async def identify(request: Request) -> Caller:
    """Find out who calls, by the key of the request."""
    key_hash = hash_of_key(request)
    # Remembered only while nothing is committed, so a key that is revoked stops at once.
    caller: Caller | None = await request.db.recall(request.state["holders"].find, key_hash)
    if caller is None or not caller.lives(clock.now()):
        raise access.no_such_key()
    request.state["meter"].touch(caller)
    if request.is_read:
        request.db.asked_by(key_store.MARKS, key_hash, caller.mark)
    return caller


def hash_of_key(request: Request) -> str:
    """Return the hash of a key that may exist; what the request changes is its holder's change."""
    key_hash = access.checked_key(api_key(request))
    request.db.asked_by(key_store.MARKS, key_hash)
    return key_hash


def api_key(request: Request) -> str:
    """Return the key in the header, else the one in the query, where settings let it stand."""
    key = request.header(b"x-api-key")
    if not key and request.state["settings"].api_key_in_query:
        key = request.query("api_key") or ""
    return key


async def with_rates(
    request: Request, caller: Caller, response: Response, used: Usage | None = None
) -> Response:
    """Add what is left of a limited plan; nothing where there is no limit."""
    if not caller.plan.is_limited:
        return response
    if used:
        return response.with_headers(plans.rate_headers(caller.allowance, used))
    with db.at_primary():
        used_now, _ = await request.db.look_up(plans.used_now, caller.allowance)
    return response.with_headers(plans.rate_headers(caller.allowance, used_now))


async def _count(request: Request, caller: Caller) -> Usage | None:
    """Count a call: at once and exactly where it can run out, else when there is time."""
    if caller.plan.calls is None:
        request.state["meter"].count(caller)
        return None
    with db.at_primary():  # a count is nobody's change
        used: Usage = await request.db.batch(plans.spend_calls, caller.allowance)
    return used
