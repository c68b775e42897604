"""A person at the pages without a browser: cookies, forms with their tokens, what a page says."""

import functools
import html
import json
import re
import weakref
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from miniback import accounts, plans
from miniback.accounts import Role, sessions
from miniback.db import Tx
from tests.house import NO_TLS, PATIENCE_S, Account, House, until

PASSWORD = "correct horse battery staple"
SESSION = "miniback_session"


def begin_session(tx: Tx, email: str, user_agent: str) -> str:
    """Begin a session for somebody, and return what their browser keeps."""
    user_id, account_id = tx.all(
        "SELECT users.id, account_id FROM users JOIN members ON user_id = users.id"
        " WHERE email = :email ORDER BY account_id LIMIT 1",
        email=email,
    )[0]
    return sessions.start(tx, user_id, account_id, "127.0.0.1", user_agent)


@functools.cache
def password_hash() -> str:
    """The hash of PASSWORD; made once, since making one takes a while by design."""
    return accounts.hash_password(PASSWORD)


class Visitor:
    """Whoever looks at the pages of a house, with a cookie jar of their own."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.client = httpx2.Client(
            base_url=house.base_url,
            timeout=PATIENCE_S,
            headers={"origin": house.origin},
            verify=NO_TLS,
        )
        weakref.finalize(self, self.client.close)

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self.client.get(path, **options)

    def token(self, path: str = "/") -> str:
        """The token that the page at a path puts into its forms."""
        page = self.client.get(path, follow_redirects=True)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert found, page.text
        return found[1]

    def submit(self, path: str, page: str | None = None, **fields: str) -> httpx2.Response:
        """Send a form to a path, with the token of a page: that at the path unless named."""
        data = {"csrf_token": self.token(page or path), **fields}
        return self.client.post(path, data=data)

    def sign_in(self, email: str, password: str = PASSWORD) -> httpx2.Response:
        return self.submit("/login", email=email, password=password)

    def call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Call the API by session, as a page's script does."""
        headers = {"x-csrf-token": self.token("/settings/appearance")}
        headers |= options.pop("headers", {})
        return self.client.request(method, path, headers=headers, **options)


class Member(Visitor):
    """A person with an account, signed in.

    The session is begun beside the server, as by another process; that the form begins one as well
    is what tests/accounts/test_sign_in.py shows.
    """

    def __init__(self, house: House, account: Account, email: str) -> None:
        super().__init__(house)
        self.account = account
        self.email = email
        token = house.tx(begin_session, email, self.client.headers["user-agent"])
        self.client.cookies.set(SESSION, token, domain="127.0.0.1")


def filled(path: str, **names: str) -> str:
    """An address with its names filled in; those that are not given are of nothing there is."""
    return path.format_map(defaultdict(lambda: "x", names))


def said(page: httpx2.Response) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page.text)))


@contextmanager
def visiting(house: House) -> Iterator[Visitor]:
    """A visitor who is nobody yet."""
    visitor = Visitor(house)
    with visitor.client:
        yield visitor


def owner_of(house: House, account: Account) -> Member:
    """The owner of an account that the house has made, given a password and signed in."""
    house.change(
        "UPDATE users SET password_hash = :hash WHERE email = :email",
        hash=password_hash(),
        email=account.email,
    )
    return Member(house, account, account.email)


def member_of(house: House, account: Account, role: Role) -> Member:
    """A new member of an account with a role, signed in."""
    email = f"{role.lower()}-of-{account.id}@example.test"
    house.tx(accounts.add_member, account.id, email, password_hash(), role)
    return Member(house, account, email)


def owner(house: House, plan: str = plans.PRO) -> Member:
    """The owner of a new account, signed in."""
    return owner_of(house, house.account(plan))


def links_for(house: House, email: str) -> list[str]:
    """The paths of the links that a server without mail has put into its log for an address."""
    lines = [json.loads(line) for line in house.log.splitlines() if '"link_for"' in line]
    return [line["link"].removeprefix(house.base_url) for line in lines if line["email"] == email]


def link_for(house: House, email: str) -> str:
    """The last such link, once there is one."""
    found: list[str] = until(lambda: links_for(house, email), f"a link for {email}")
    return found[-1]
