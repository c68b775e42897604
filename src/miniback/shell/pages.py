"""Writing pages: templates, the frame around them, and the headers that every page has."""

import gzip
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from miniback import clock
from miniback.http import Header, Kind, Request, Response
from miniback.shell import assets, browsers, catalogue, cookies, csrf, forms, notices, roots, times
from miniback.shell.keyboard import SHORTCUTS

_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
PAGE = Kind(
    (b"content-type", b"text/html; charset=utf-8"),
    (
        (b"cache-control", b"no-store"),
        (b"content-security-policy", _POLICY.encode()),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        (b"referrer-policy", b"same-origin"),
        (b"vary", b"HX-Request, Cookie, Accept-Encoding"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
    ),
)
# The same for everybody, so that browsers and caches may keep it for a while.
PUBLIC_PAGE = Kind(
    PAGE.content_type,
    (
        (b"cache-control", b"public, max-age=300"),
        *(each for each in PAGE.always if each[0] not in (b"cache-control", b"vary")),
    ),
)
# Templates lie in the rooms that show them: accounts/templates/sign_in.html.
_HOUSE = Path(__file__).parent.parent
# Below this a packet is sent all the same.
_WORTH_PACKING_BYTES = 1_000
_GZIP: Header = (b"content-encoding", b"gzip")


class Banner(msgspec.Struct, frozen=True):
    """What all pages tell until the member puts it away, by its mark: a limit near or reached."""

    text: str
    is_urgent: bool
    mark: str


class MenuEntry(NamedTuple):
    """A saved view in the menu, and how many items it shows."""

    id: str
    name: str
    address: str
    items: int


class Menu(NamedTuple):
    """What the menu tells of the inbox: how many items are new, and the saved views."""

    new: int
    views: list[MenuEntry]


class Frame(msgspec.Struct, frozen=True):
    """What stands around a page: for whom it is, and how they want to see it.

    `secret` is that of the visit's cookie, '' where there is none. `person` is the name in the
    menu; without one the page stands alone, without a menu.
    """

    secret: str = ""
    person: str = ""
    email: str = ""
    zone: str = ""
    theme: str = "SYSTEM"
    density: str = "COMFORTABLE"
    has_shortcuts: bool = False
    banner: Banner | None = None
    menu: Menu | None = None


class Shell:
    """Writes pages in one language, for a server that is known by one address."""

    def __init__(self, language: str, base_url: str) -> None:
        self._root = urlsplit(base_url).path
        self.translate = catalogue.translator(language)
        self.translate_count = catalogue.count_translator(language)
        self._environment = Environment(
            loader=FileSystemLoader(_HOUSE),
            autoescape=select_autoescape(["html"], ["txt"], default=True),
            extensions=["jinja2.ext.i18n"],
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.install_gettext_callables(  # type: ignore[attr-defined]
            self.translate, self.translate_count, newstyle=True
        )
        self._environment.globals.update(
            asset=assets.address,
            icon=_icon,
            new_once=forms.new_once,
            base_url=base_url,
            root=self._root,
            shortcuts=SHORTCUTS,
            ago_words=times.AGO,
            # For texts that are no constants: unlike _() it hands nothing out as safe.
            say=self.translate,
            iso=clock.iso,
        )
        self._environment.filters["ago"] = partial(times.ago, translate=self.translate)
        self._environment.filters["duration"] = partial(times.duration, translate=self.translate)
        self._environment.filters["browser"] = browsers.named

    def page(
        self, request: Request, frame: Frame, template: str, status: int = 200, **values: Any
    ) -> Response:
        """Write a page, packed where the browser takes it so, with the notice that waits for it."""
        # Only what a person comes to see: not a missing image, nor what a script takes a piece of.
        is_seen = request.header(b"sec-fetch-dest") in ("", "document")
        waiting = cookies.value_of(cookies.NOTICE, request) if is_seen else ""
        values["notice"] = notices.opened(waiting, frame.secret)
        values["here"] = request.scope["path"]
        response = _packed(request, status, self._written(frame, template, values))
        if waiting:
            forget = cookies.clearing(cookies.NOTICE, request.state["settings"])
            response = response.with_headers((forget,))
        return response

    def fragment(self, frame: Frame, template: str, status: int = 200, **values: Any) -> Response:
        """Write a piece of a page for a script that asked for one."""
        return Response(status, self._written(frame, template, values), (), PAGE)

    def public(self, template: str, **values: Any) -> bytes:
        """Write a page that is the same for everybody, to be kept and sent as PUBLIC_PAGE."""
        return self._written(Frame(), template, values)

    def text(self, template: str, **values: Any) -> str:
        """Write plain text, for a letter."""
        return self._environment.get_template(template).render(values)

    def _written(self, frame: Frame, template: str, values: dict[str, Any]) -> bytes:
        text = self._environment.get_template(template).render(
            values,
            frame=frame,
            csrf_token=partial(csrf.token_for, frame.secret),
            moment=partial(times.moment, zone=frame.zone),
            day=partial(times.day, zone=frame.zone),
        )
        return roots.below(self._root, text).encode()


def framing(response: Response) -> Response:
    """Let a page show pages of this server in frames, which no other page does."""
    return _with_policy(response, "frame-src 'self'", b"DENY")


def framed(response: Response) -> Response:
    """Let a page be shown in a frame of this server's own pages."""
    return _with_policy(response, "frame-ancestors 'self'", b"SAMEORIGIN")


def _with_policy(response: Response, rule: str, framing: bytes) -> Response:
    name = rule.partition(" ")[0]
    rules = [each for each in _POLICY.split("; ") if not each.startswith(name + " ")]
    changed = {
        b"content-security-policy": "; ".join([*rules, rule]).encode(),
        b"x-frame-options": framing,
    }
    always = tuple((key, changed.get(key, value)) for key, value in response.kind.always)
    kind = Kind(response.kind.content_type, always)
    return Response(response.status, response.body, response.headers, kind)


def redirect(request: Request, address: str, *headers: Header) -> Response:
    """Send a browser on to an address of ours, by GET; a script is told to go there itself."""
    address = request.state["settings"].root + address
    if request.header(b"hx-request"):
        return Response(200, b"", ((b"hx-redirect", address.encode()), *headers), PAGE)
    return Response(303, b"", ((b"location", address.encode()), *headers), PAGE)


def _packed(request: Request, status: int, body: bytes) -> Response:
    is_worth_it = len(body) > _WORTH_PACKING_BYTES
    if is_worth_it and "gzip" in request.header(b"accept-encoding"):
        return Response(status, gzip.compress(body, 5, mtime=0), (_GZIP,), PAGE)
    return Response(status, body, (), PAGE)


def _icon(name: str, label: str = "") -> Markup:
    """Show an icon of the sprite; one without a label says nothing that its neighbour does not."""
    spoken = (
        Markup('role="img" aria-label="{}"').format(label) if label else Markup("aria-hidden=true")
    )
    return Markup('<svg class="icon" {}><use href="{}#{}"></use></svg>').format(
        spoken, assets.address("icons.svg"), name
    )
