"""Pages on which a person changes what is theirs: profile, password, sessions, appearance."""

from miniback import http, shell
from miniback.accounts import models, service, sessions, store, throttles
from miniback.accounts.models import Density, Theme
from miniback.accounts.pages import checked_zone, own_path
from miniback.accounts.visits import Visit, signed_in
from miniback.errors import Conflict, Invalid, TooMany
from miniback.http import Request, Response
from miniback.shell import Form

PROFILE, APPEARANCE = "/settings/profile", "/settings/appearance"


async def show_settings(_request: Request, visit: Visit) -> Response:
    """GET /settings."""
    return visit.go(PROFILE)


async def show_profile(_request: Request, visit: Visit) -> Response:
    """GET /settings/profile."""
    return await _profile_page(visit)


async def update_profile(request: Request, visit: Visit) -> Response:
    """POST /settings/profile."""
    name = visit.form.checked("name", models.checked_person_name)
    zone = visit.form.checked("time_zone", checked_zone)
    if name is None or zone is None:
        return await _profile_page(visit, "profile")
    await request.db.write(store.update_profile, visit.session.user.id, name, zone)
    return visit.tell(PROFILE, visit.say("Profile saved"))


async def update_email(request: Request, visit: Visit) -> Response:
    """POST /settings/email: with the password, and the address before is told."""
    email = visit.form.checked("email", models.checked_email)
    who = await _check_current_password(visit)
    if visit.form.errors or email is None or who is None:
        return await _profile_page(visit, "email")
    try:
        await request.db.write(service.change_email, who, email)
    except Conflict as refusal:
        visit.form.errors["email"] = str(refusal)
        return await _profile_page(visit, "email")
    return visit.tell(PROFILE, visit.say("Email address changed"))


async def update_password(request: Request, visit: Visit) -> Response:
    """POST /settings/password: every other session ends, and this one gets a new token."""
    user = visit.session.user
    who = await _check_current_password(visit)
    await visit.check_new_password(user.email, user.name)
    if visit.form.errors or who is None:
        return await _profile_page(visit, "password")
    await request.db.write(throttles.give_back, throttles.password_limits(user.id))
    password_hash = await visit.passwords.hash(visit.form["password"])
    agent = request.header(b"user-agent")
    token = await request.db.write(
        service.change_password, who, password_hash, request.address, agent
    )
    return visit.enter(PROFILE, token, visit.say("Password changed; all other sessions have ended"))


async def end_session(request: Request, visit: Visit) -> Response:
    """POST /settings/sessions/{session_id}/end."""
    await request.db.write(service.end_session, visit.session, request.path("session_id"))
    return visit.tell(PROFILE, visit.say("Session ended"))


async def end_other_sessions(request: Request, visit: Visit) -> Response:
    """POST /settings/sessions/end-others."""
    await request.db.write(service.end_other_sessions, visit.session)
    return visit.tell(PROFILE, visit.say("All other sessions have ended"))


async def show_appearance(_request: Request, visit: Visit) -> Response:
    """GET /settings/appearance."""
    return await visit.page("accounts/templates/appearance.html")


async def update_appearance(request: Request, visit: Visit) -> Response:
    """POST /settings/appearance."""
    form = visit.form
    theme, density = (
        form.checked("theme", _checked_theme),
        form.checked("density", _checked_density),
    )
    if theme is None or density is None:
        return await visit.page("accounts/templates/appearance.html", 422)
    has_shortcuts = form["shortcuts"] == "on"
    user_id = visit.session.user.id
    await request.db.write(store.update_appearance, user_id, theme, density, has_shortcuts)
    return visit.tell(APPEARANCE, visit.say("Appearance saved"))


async def update_theme(request: Request, visit: Visit) -> Response:
    """POST /settings/theme: what the key for light and dark remembers."""
    theme = _checked_theme(visit.form["theme"])
    await request.db.write(store.update_theme, visit.session.user.id, theme)
    return Response(204, b"")


async def dismiss_banner(request: Request, visit: Visit) -> Response:
    """POST /settings/dismiss: put the warning away that stands on all pages."""
    mark = visit.form["mark"][:40]
    await request.db.write(store.dismiss, visit.account_id, visit.session.user.id, mark)
    return visit.go(own_path(visit.form["back"]))


async def _profile_page(visit: Visit, failed: str = "") -> Response:
    """Write the page; of its forms one may have failed, and keeps what was filled in."""
    user = visit.session.user
    open_sessions = await visit.request.db.look_up(sessions.of_person, user.id)
    forms = {
        "profile": Form({"name": user.name, "time_zone": user.time_zone}),
        "email": Form({"email": user.email}),
        "password": Form(),
    }
    if failed:
        forms[failed] = visit.form
    return await visit.page(
        "accounts/templates/profile.html",
        422 if failed else 200,
        forms=forms,
        sessions=open_sessions,
        zones=shell.zones(),
    )


async def _check_current_password(visit: Visit) -> store.Credentials | None:
    """Compare the password of today; None, and why in the form, where it is not or too often."""
    request, user_id = visit.request, visit.session.user.id
    try:
        await request.db.write(throttles.try_once, throttles.password_limits(user_id))
    except TooMany as refusal:
        visit.form.errors["current_password"] = str(refusal)
        return None
    who = await request.db.look_up(store.find_credentials_of, user_id)
    password_hash = who.password_hash if who else None
    if not await visit.passwords.is_right(password_hash, visit.form["current_password"]):
        visit.form.errors["current_password"] = visit.say("This is not your password")
        return None
    return who


def _checked_theme(name: str) -> Theme:
    if name not in list(Theme):
        raise Invalid(f"The theme must be one of {', '.join(Theme)}")
    return Theme(name)


def _checked_density(name: str) -> Density:
    if name not in list(Density):
        raise Invalid(f"The density must be one of {', '.join(Density)}")
    return Density(name)


routes = [
    http.resource("/settings", GET=signed_in(show_settings)),
    http.resource(PROFILE, GET=signed_in(show_profile), POST=signed_in(update_profile)),
    http.resource("/settings/email", POST=signed_in(update_email)),
    http.resource("/settings/password", POST=signed_in(update_password)),
    http.resource("/settings/sessions/end-others", POST=signed_in(end_other_sessions)),
    http.resource("/settings/sessions/{session_id}/end", POST=signed_in(end_session)),
    http.resource(APPEARANCE, GET=signed_in(show_appearance), POST=signed_in(update_appearance)),
    http.resource("/settings/theme", POST=signed_in(update_theme)),
    http.resource("/settings/dismiss", POST=signed_in(dismiss_banner)),
]
