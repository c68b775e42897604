"""A page or a call by somebody's session, from end to end: who asks, may they, did they mean it.

Every page is declared with `signed_in(…)` or `open_page(…)`, so that no form is without its check.
"""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from miniback import clock, db, http, shell
from miniback.accounts import frames, session_store, sessions, tokens
from miniback.accounts.models import Role, Session
from miniback.accounts.passwords import Passwords
from miniback.audit import Actor, Way
from miniback.errors import Failed, Forbidden, Invalid, Refusal, Unavailable
from miniback.http import Header, Request, Response, Upload
from miniback.plans import Allowance
from miniback.shell import Form, Frame, Notice, Shell, cookies, csrf, forms, notices

# Where people come in.
HOME = "/inbox"
_NOT_OURS = "This was not sent by a page of this server. Reload the page and try again."
_NOT_ALLOWED = "Your role in this account does not allow this; ask its owner."

PageHandler = Callable[[Request, "Visit"], Awaitable[Response]]


class Visit:
    """A request for a page, with what it needs beside: who asks, what they filled in, the frame."""

    def __init__(self, request: Request, secret: str, session: Session | None) -> None:
        self.request = request
        self.secret = secret
        self._session = session
        self._frame: Frame | None = None
        self.form = Form()
        # A file that comes with the form, where the address takes one.
        self.upload: Upload | None = None

    @property
    def session(self) -> Session:
        """Who is signed in; only for pages that are declared with signed_in()."""
        if self._session is None:
            raise RuntimeError("An open page asked who is signed in")
        return self._session

    @property
    def account_id(self) -> str:
        """The account that the person is in."""
        return self.session.account.id

    @property
    def actor(self) -> Actor:
        """Who does something by a page."""
        return Actor(Way.PAGE, self.session.user.id)

    @property
    def allowance(self) -> Allowance:
        """What the account's plan allows."""
        return frames.allowance_of(self.request, self.session)

    @property
    def say(self) -> Callable[[str], str]:
        """Write a text of the catalogue in the reader's language."""
        return self._shell.translate

    def count(self, one: str, many: str, count: int) -> str:
        """Write a text of the catalogue that depends on a count, with the count in it."""
        text = self._shell.translate_count(one, many, count)
        return text % {"count": f"{count:,}"}

    def may(self, role: Role) -> bool:
        """Tell whether the person may do what a role may."""
        return self.session.role.includes(role)

    @property
    def is_admin(self) -> bool:
        """Whether the person may change what belongs to the whole account."""
        return self.may(Role.ADMIN)

    async def frame(self) -> Frame:
        """Return what stands around a page: only those that are shown one pay for reading it."""
        if self._frame is None:
            self._frame = await frames.of(self.request, self._session, self.secret)
        return self._frame

    async def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """Write a page; it sees this visit as `visit` and what was filled in as `form`."""
        values = {"form": self.form, "visit": self, **values}
        return self._shell.page(self.request, await self.frame(), template, status, **values)

    def fragment(self, template: str, **values: Any) -> Response:
        """Write a piece of a page for a script that asked for one."""
        values = {"visit": self, **values}
        frame = frames.bare(self._session, self.secret)
        return self._shell.fragment(frame, template, 200, **values)

    def go(self, address: str, *headers: Header) -> Response:
        """Go on to an address of ours."""
        return shell.redirect(self.request, address, *headers)

    def tell(self, address: str, text: str, undo: str = "") -> Response:
        """Go on to an address, where a text already translated is told once."""
        return self.go(address, self._notice(Notice(text, undo), self.secret))

    def enter(self, address: str, token: str, text: str = "") -> Response:
        """Go on to an address with a session that has just begun, and tell a text there."""
        settings = self.request.state["settings"]
        lasts_s = sessions.LONGEST_MS // clock.SECOND_MS
        session = cookies.setting(cookies.SESSION, token, settings, lasts_s)
        told = (self._notice(Notice(text), token),) if text else ()
        return self.go(address, session, *told)

    def _notice(self, notice: Notice, secret: str) -> Header:
        sealed = notices.sealed(notice, secret)
        return cookies.setting(cookies.NOTICE, sealed, self.request.state["settings"], 60)

    @property
    def passwords(self) -> Passwords:
        """Where passwords are hashed and compared."""
        passwords: Passwords = self.request.state["passwords"]
        return passwords

    async def check_new_password(self, *known: str) -> None:
        """Judge the form's new password, beside what anybody knows of the person."""
        try:
            await self.passwords.check_new(self.form["password"], known)
        except Invalid as refusal:
            self.form.errors["password"] = str(refusal)

    @property
    def _shell(self) -> Shell:
        page_shell: Shell = self.request.state["shell"]
        return page_shell


def signed_in(handler: PageHandler, *, least: Role = Role.VIEWER) -> http.Handler:
    """Make a handler of a page for members of at least a role; others are sent to sign in."""

    async def answer(request: Request) -> Response:
        session = await session_of(request)
        if session is None:
            return shell.redirect(request, sign_in_address(request))
        visit = Visit(request, cookies.value_of(cookies.SESSION, request), session)
        try:
            if not session.role.includes(least):
                raise Forbidden(_NOT_ALLOWED)
            return await _handled(handler, visit)
        except Refusal as refusal:
            return shell.failure(request, await visit.frame(), refusal)

    return answer


def for_members(handler: PageHandler) -> http.Handler:
    """Make a handler of a page that works on what the account has."""
    return signed_in(handler, least=Role.MEMBER)


def for_admins(handler: PageHandler) -> http.Handler:
    """Make a handler of a page that changes what belongs to the whole account."""
    return signed_in(handler, least=Role.ADMIN)


def open_page(handler: PageHandler) -> http.Handler:
    """Make a handler of a page for anybody; its forms are held by a cookie of their own."""

    async def answer(request: Request) -> Response:
        secret = cookies.value_of(cookies.FORM, request)
        is_new = not tokens.is_one(secret)
        if is_new:
            secret = tokens.new()
        visit = Visit(request, secret, None)
        try:
            response = await _handled(handler, visit)
        except Refusal as refusal:
            response = shell.failure(request, await visit.frame(), refusal)
        if not is_new:
            return response
        settings = request.state["settings"]
        return response.with_headers((cookies.setting(cookies.FORM, secret, settings),))

    return answer


async def answer_refusal(request: Request, refusal: Refusal) -> Response:
    """Answer what no handler has answered: JSON for programs, a page for people.

    Whoever is signed in keeps their menu, unless that would need what has just failed.
    """
    if shell.is_for_programs(request):
        return http.refused(refusal)
    frame = Frame()
    if not isinstance(refusal, Failed | Unavailable):
        with contextlib.suppress(Exception):  # the refusal is what matters
            session = await session_of(request)
            if session:
                secret = cookies.value_of(cookies.SESSION, request)
                frame = await frames.of(request, session, secret)
    return shell.failure(request, frame, refusal)


async def session_of(request: Request) -> Session | None:
    """Find out who is signed in, if anybody; that they were here is noted once a minute."""
    token = cookies.value_of(cookies.SESSION, request)
    if not tokens.is_one(token):
        return None
    token_hash = tokens.hashed(token)
    with db.at_primary():
        session: Session | None = await request.db.recall(session_store.find, token_hash)
        if session is None or not sessions.is_alive(session):
            return None
        await _note(request, session)
    # A request that changes something sees all that there is.
    mark = session.mark if request.is_read else None
    request.db.asked_by(session_store.MARKS, token_hash, mark)
    return session


async def _note(request: Request, session: Session) -> None:
    """Note that somebody is here, if that was written some time ago."""
    now = clock.now()
    if session.seen_at < now - sessions.TOUCH_EVERY_MS:
        with contextlib.suppress(Unavailable):  # a database that only reads keeps nobody out
            await request.db.write(session_store.touch, session.id, session.user.id, now)


def check_call(request: Request, session: Session, least: Role) -> None:
    """Refuse a call by session that the role does not allow, or that no page of ours has sent.

    Contract section 2: what writes is JSON and carries the token.
    """
    if not session.role.includes(least):
        raise Forbidden(_NOT_ALLOWED)
    if request.is_read:
        return
    content_type = request.header(b"content-type").partition(";")[0].strip().lower()
    token = request.header(b"x-csrf-token")
    secret = cookies.value_of(cookies.SESSION, request)
    is_ours = csrf.origin_of(request) is not False and csrf.is_token_for(secret, token)
    if content_type != "application/json" or not is_ours:
        raise Forbidden(
            "A call by session that changes something must be application/json and carry the"
            " page's token in X-CSRF-Token"
        )


def sign_in_address(request: Request) -> str:
    """Return where to sign in, and to come back from to what was asked for."""
    query = request.scope["query_string"].decode("latin-1")
    wanted = quote(request.scope["path"]) + ("?" + query if query else "")
    is_worth_it = request.is_read and wanted != "/"
    return f"/login?next={quote(wanted, safe='/')}" if is_worth_it else "/login"


async def _handled(handler: PageHandler, visit: Visit) -> Response:
    request = visit.request
    if not request.is_read:
        await _read_form(visit)
        is_ours = csrf.is_token_for(visit.secret, visit.form[csrf.FIELD])
        if not is_ours or not csrf.origin_of(request):
            raise Forbidden(_NOT_OURS)
    return await handler(request, visit)


async def _read_form(visit: Visit) -> None:
    """Read what was filled in; of a form with a file the fields alone, which stand before it."""
    visit.upload = http.upload_of(visit.request)
    if visit.upload is None:
        visit.form = forms.read(visit.request)
    else:
        visit.form = Form(await visit.upload.fields())
