"""Pages for those who are not signed in: the first start, signing in and out, lost passwords."""

from urllib.parse import quote

from miniback import http, outbox, shell
from miniback.accounts import links, models, service, store, throttles
from miniback.accounts.links import Purpose
from miniback.accounts.store import Credentials
from miniback.accounts.visits import HOME, Visit, open_page, session_of, signed_in
from miniback.errors import Invalid, NotFound, TooMany
from miniback.http import Request, Response
from miniback.shell import cookies

# What may stand in a path and a query as it is (RFC 3986), and what is written as %XX already.
_IN_ADDRESSES = "/?:@!$&'()*+,;=-._~%"
_WRONG = "The email address or the password is not right."


async def show_home(request: Request, visit: Visit) -> Response:
    """GET /: to the projects, to sign in, or on an empty server what to do first."""
    if await session_of(request):
        return visit.go(HOME)
    if await request.db.look_up(store.has_users):
        return visit.go("/login")
    return await visit.page("accounts/templates/welcome.html")


async def show_set_up(request: Request, visit: Visit) -> Response:
    """GET /setup?token=…: the first start."""
    token = request.query("token") or ""
    await _require_set_up(request, token)
    return await visit.page("accounts/templates/set_up.html", token=token, zones=shell.zones())


async def set_up(request: Request, visit: Visit) -> Response:
    """POST /setup."""
    form, token = visit.form, visit.form["token"]
    await _require_set_up(request, token)
    email = form.checked("email", models.checked_email)
    await visit.check_new_password(email or "")
    zone = form.checked("time_zone", checked_zone)
    if form.errors or email is None or zone is None:
        return await visit.page(
            "accounts/templates/set_up.html", 422, token=token, zones=shell.zones()
        )
    password_hash = await visit.passwords.hash(form["password"])
    plan = request.state["settings"].default_plan
    who = await request.db.write(service.set_up, token, email, password_hash, plan, zone)
    return await _enter(visit, who, [], HOME)


async def show_sign_in(request: Request, visit: Visit) -> Response:
    """GET /login?next=…."""
    wanted = own_path(request.query("next") or "")
    if await session_of(request):
        return visit.go(wanted)
    if not await request.db.look_up(store.has_users):
        return visit.go("/")
    return await _sign_in_page(visit, wanted)


async def sign_in(request: Request, visit: Visit) -> Response:
    """POST /login: the same words and the same work for an address that nobody has (T15)."""
    form, wanted = visit.form, own_path(visit.form["next"])
    email = form["email"].strip().lower()
    limits = throttles.sign_in_limits(email, http.neighbourhood(request.address))
    try:
        await request.db.write(throttles.try_once, limits)
    except TooMany as refusal:
        page = await _sign_in_page(visit, wanted, 429, str(refusal), refusal.retry_after_s)
        return page.with_headers(http.headers_of(refusal))
    who = await request.db.look_up(store.find_credentials, email)
    password_hash = who.password_hash if who else None
    if not await visit.passwords.is_right(password_hash, form["password"]) or who is None:
        await request.db.write(service.note_refused, email)
        return await _sign_in_page(visit, wanted, 422, visit.say(_WRONG))
    return await _enter(visit, who, limits, wanted)


async def show_sign_out(_request: Request, visit: Visit) -> Response:
    """GET /logout: whoever comes by a link still has to mean it."""
    return await visit.page("accounts/templates/sign_out.html")


async def sign_out(request: Request, visit: Visit) -> Response:
    """POST /logout."""
    await request.db.write(service.sign_out, cookies.value_of(cookies.SESSION, request))
    return visit.go("/login", cookies.clearing(cookies.SESSION, request.state["settings"]))


async def show_forgot(_request: Request, visit: Visit) -> Response:
    """GET /forgot."""
    return await visit.page("accounts/templates/forgot.html")


async def forgot(request: Request, visit: Visit) -> Response:
    """POST /forgot: a link goes to the address if somebody here has it."""
    return await _send_link(request, visit, outbox.PASSWORD_FORGOTTEN, "forgot.html")


async def show_reset(request: Request, visit: Visit) -> Response:
    """GET /reset?token=…."""
    token = request.query("token") or ""
    await request.db.look_up(links.subject_of, Purpose.RESET_PASSWORD, token)
    return await visit.page("accounts/templates/reset.html", token=token)


async def reset(request: Request, visit: Visit) -> Response:
    """POST /reset."""
    token = visit.form["token"]
    user_id = await request.db.look_up(links.subject_of, Purpose.RESET_PASSWORD, token)
    await visit.check_new_password(await request.db.look_up(store.find_email, user_id))
    if visit.form.errors:
        return await visit.page("accounts/templates/reset.html", 422, token=token)
    password_hash = await visit.passwords.hash(visit.form["password"])
    who = await request.db.write(
        service.reset_password, token, password_hash, http.neighbourhood(request.address)
    )
    return await _enter(visit, who, [], HOME)


async def show_sign_up(request: Request, visit: Visit) -> Response:
    """GET /signup, where settings let strangers in."""
    await _require_registration(request)
    return await visit.page("accounts/templates/sign_up.html")


async def sign_up(request: Request, visit: Visit) -> Response:
    """POST /signup: a link goes to the address; what it says depends on whose it is."""
    await _require_registration(request)
    return await _send_link(request, visit, outbox.SIGN_UP_ASKED, "sign_up.html")


async def show_finish_sign_up(request: Request, visit: Visit) -> Response:
    """GET /signup/finish?token=…."""
    await _require_registration(request)
    token = request.query("token") or ""
    email = await request.db.look_up(links.subject_of, Purpose.SIGN_UP, token)
    return await _finish_page(visit, token, email)


async def finish_sign_up(request: Request, visit: Visit) -> Response:
    """POST /signup/finish."""
    await _require_registration(request)
    form, token = visit.form, visit.form["token"]
    email = await request.db.look_up(links.subject_of, Purpose.SIGN_UP, token)
    await visit.check_new_password(email)
    zone = form.checked("time_zone", checked_zone)
    if form.errors or zone is None:
        return await _finish_page(visit, token, email, 422)
    password_hash = await visit.passwords.hash(form["password"])
    plan = request.state["settings"].default_plan
    who = await request.db.write(service.sign_up, token, password_hash, plan, zone)
    return await _enter(visit, who, [], HOME)


def own_path(wanted: str) -> str:
    """Return where to go on to: a path of this server, else the first page (T25)."""
    is_path = wanted.startswith("/") and not wanted.startswith("//")
    if not is_path or not wanted.isprintable() or "\\" in wanted:
        return HOME
    return quote(wanted, safe=_IN_ADDRESSES)


def checked_zone(name: str) -> str:
    """Return a time zone, '' for that of the browser, or raise Invalid."""
    if name and not shell.is_zone(name):
        raise Invalid("Choose a time zone from the list")
    return name


async def _require_set_up(request: Request, token: str) -> None:
    """Let nobody but the holder of the link set up, and nobody at all once somebody is here."""
    if await request.db.look_up(store.has_users):
        raise NotFound("Not found")
    await request.db.look_up(links.subject_of, Purpose.SET_UP, token)


async def _require_registration(request: Request) -> None:
    """Let strangers in where settings do, and not before the server has its administrator."""
    is_open = request.state["settings"].registration
    if not is_open or not await request.db.look_up(store.has_users):
        raise NotFound("Not found")


async def _send_link(request: Request, visit: Visit, event: str, template: str) -> Response:
    page = f"accounts/templates/{template}"
    email = visit.form.checked("email", models.checked_email)
    if email is None:
        return await visit.page(page, 422)
    limits = throttles.link_limits(email, http.neighbourhood(request.address))
    await request.db.write(service.ask_for_link, event, email, limits)
    has_mail = bool(request.state["settings"].smtp_url)
    return await visit.page("accounts/templates/link_sent.html", email=email, has_mail=has_mail)


async def _enter(
    visit: Visit, who: Credentials, limits: list[throttles.Limit], wanted: str
) -> Response:
    """Begin a session, whose token is a new one whatever the browser had before (T17)."""
    request = visit.request
    left = cookies.value_of(cookies.SESSION, request)
    agent = request.header(b"user-agent")
    token = await request.db.write(service.sign_in, who, limits, left, request.address, agent)
    return visit.enter(wanted, token)


async def _sign_in_page(
    visit: Visit, wanted: str, status: int = 200, problem: str = "", wait_s: int | None = None
) -> Response:
    return await visit.page(
        "accounts/templates/sign_in.html",
        status,
        next=wanted,
        problem=problem,
        wait_s=wait_s,
        can_sign_up=visit.request.state["settings"].registration,
    )


async def _finish_page(visit: Visit, token: str, email: str, status: int = 200) -> Response:
    values = {"token": token, "email": email, "zones": shell.zones()}
    return await visit.page("accounts/templates/finish_sign_up.html", status, **values)


routes = [
    http.resource("/", GET=open_page(show_home)),
    http.resource("/setup", GET=open_page(show_set_up), POST=open_page(set_up)),
    http.resource("/login", GET=open_page(show_sign_in), POST=open_page(sign_in)),
    http.resource("/logout", GET=signed_in(show_sign_out), POST=signed_in(sign_out)),
    http.resource("/forgot", GET=open_page(show_forgot), POST=open_page(forgot)),
    http.resource("/reset", GET=open_page(show_reset), POST=open_page(reset)),
    http.resource("/signup", GET=open_page(show_sign_up), POST=open_page(sign_up)),
    http.resource(
        "/signup/finish", GET=open_page(show_finish_sign_up), POST=open_page(finish_sign_up)
    ),
]
