"""`miniback doctor`: each line where all is well, and where something is wrong."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest

from miniback import clock, ids
from tests.house import House, free_port, running
from tests.operations.safe import backed_up, filled, made_older

Findings = dict[str, tuple[str, str]]


def examined(house: House, *arguments: str) -> tuple[int, Findings]:
    """Have the doctor look, and return the worst that it says about each thing, and its advice."""
    done = house.run("doctor", *arguments, "--json")
    assert "Traceback" not in done.stderr
    found: Findings = {}
    for verdict in ("ok", "warning", "wrong"):
        for each in json.loads(done.stdout)["findings"]:
            if each["verdict"] == verdict:
                before = found.get(each["about"], ("", ""))
                told = before[1] if before[0] == verdict else ""
                found[each["about"]] = (verdict, f"{told}{each['text']}|{each['advice']}")
    return done.returncode, found


@pytest.fixture(scope="module")
def known(database: str, new_house: Callable[..., House]) -> Iterator[House]:
    """A server that knows its own address."""
    port = free_port()
    environment = {"MINIBACK_BASE_URL": f"http://127.0.0.1:{port}"}
    with running(new_house(database, port=port, environment=environment)) as house:
        house.folder.chmod(0o700)
        yield house


def test_a_server_that_is_well_has_nothing_wrong(known: House) -> None:
    backed_up(known)

    code, found = examined(known)

    assert code == 0
    # No TLS and no mail server here; the test's own files in its folder are for all to read.
    expected = ["address", "backups", "clock", "database", "disk", "mail", "permissions"]
    assert sorted(found) == [*expected, "proxy", "version"]
    assert sorted(about for about in found if found[about][0] != "ok") == ["address", "mail"]
    assert "https" in found["address"][1]
    shown = known.run("doctor").stdout
    assert "ok       proxy         No proxy in between" in shown
    assert " > Put a proxy with a certificate in front" in shown


@contextmanager
def answering(
    answer: Callable[[BaseHTTPRequestHandler], tuple[int, dict[str, str], bytes]],
) -> Iterator[str]:
    """Answer requests at an address, as another's server or proxy would."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self)
            self.send_response_only(status)
            for name, value in {**headers, "content-length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def proxy(
    house: House, headers: dict[str, str]
) -> Callable[..., tuple[int, dict[str, str], bytes]]:
    """Answer as a proxy in front of a house does that sends certain headers along."""

    def answer(asked: BaseHTTPRequestHandler) -> tuple[int, dict[str, str], bytes]:
        sent = {**{k.lower(): v for k, v in asked.headers.items()}, **headers}
        got = httpx2.get(house.base_url + asked.path, headers=sent, verify=False)
        return got.status_code, {"date": got.headers["date"]}, got.content

    return answer


def seen_from(house: House, base_url: str, **more: str) -> Findings:
    """Have the doctor look with other settings than the house has."""
    environment = {**house.environment, "MINIBACK_BASE_URL": base_url, **more}
    other = House(house.folder, house.database_url, environment=environment)
    return examined(other)[1]


def test_a_proxy_that_nobody_trusts_is_told(known: House) -> None:
    with answering(proxy(known, {"x-forwarded-for": "192.0.2.7"})) as url:
        verdict, told = seen_from(known, url)["proxy"]

    assert verdict == "wrong"
    assert "MINIBACK_TRUSTED_PROXIES=127.0.0.1" in told


def test_a_trusted_proxy_that_tells_nothing_is_told(known: House) -> None:
    trusted = {"MINIBACK_TRUSTED_PROXIES": "127.0.0.1"}

    verdict, told = seen_from(known, known.base_url, **trusted)["proxy"]

    assert verdict == "warning"
    assert "sends no X-Forwarded-For" in told


def test_another_server_at_the_address_is_told(known: House) -> None:
    with answering(lambda _: (200, {}, b'{"data": "of somebody else"}')) as url:
        verdict, told = seen_from(known, url)["address"]
    assert (verdict, "Another server answers" in told) == ("wrong", True)

    verdict, told = seen_from(known, "http://127.0.0.1:9")["address"]
    assert (verdict, "does not answer" in told) == ("wrong", True)


def test_a_token_of_the_doctor_is_good_for_one_answer(known: House) -> None:
    with answering(proxy(known, {"x-miniback-probe": "forged"})) as url:
        verdict, told = seen_from(known, url)["address"]

    assert (verdict, "status 404" in told) == ("wrong", True)
    assert known.client.get("/probe.json").status_code == 404


def test_what_is_wrong_with_a_database_is_told(
    database: str, new_house: Callable[..., House]
) -> None:
    house = filled(new_house(database))
    item_id = ids.made("feedback", clock.now() + clock.DAY_MS, b"")
    later = {"id": item_id, "position": ids.position(item_id)}
    house.change("UPDATE feedback SET id = :id, position = :position", **later)
    house.change(
        "INSERT INTO backups (id, reason, began_at, seen_at, ended_at, failure)"
        " VALUES ('b', 'SCHEDULE', 1, 1, 1, 'The disk is full')"
    )

    code, found = examined(house)

    assert code == 1
    assert found["clock"][0] == "wrong"
    assert "in the future" in found["clock"][1]
    assert (found["backups"][0], "The disk is full" in found["backups"][1]) == ("wrong", True)
    assert (found["address"][0], "is not set" in found["address"][1]) == ("warning", True)
    made_older(house)
    assert "migrations are still to be run" in examined(house)[1]["version"][1]
    house.change("INSERT INTO migrations (name) VALUES ('9999_flying.sql')")
    assert "newer version (9999" in examined(house)[1]["version"][1]


def test_files_that_others_may_read_and_damage_are_told(new_house: Callable[..., House]) -> None:
    house = filled(new_house("sqlite"))
    path = house.folder / "miniback.db"
    path.chmod(0o644)
    verdict, told = examined(house)[1]["permissions"]
    assert (verdict, f"chmod go= {path}" in told or "can be read" in told) == ("warning", True)

    content = bytearray(path.read_bytes())
    content[4096 * 3 : -4096] = os.urandom(len(content) - 4096 * 4)
    path.write_bytes(content)
    code, found = examined(house)
    assert (code, found["database"][0]) == (1, "wrong")
    assert "miniback restore" in found["database"][1]


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    code, found = examined(House(tmp_path, f"sqlite:///{tmp_path}/none.db"))

    assert (code, found["database"][0]) == (1, "wrong")
    assert list(tmp_path.iterdir()) == []


BASE = "https://feedback.example.test"
LINE = f'<script async src="{BASE}/w/my-website.js" nonce="r4nd0m"></script>'
LETS_THROUGH = [
    "",
    f"script-src {BASE}; connect-src {BASE}",
    "default-src https:",
    "default-src *",
    f"default-src 'none'; script-src-elem {BASE}/; connect-src https://*.example.test",
    f"script-src 'nonce-r4nd0m' 'strict-dynamic'; connect-src {BASE}/api/",
    "script-src feedback.example.test:443; connect-src *:443",
    "img-src 'none'",
]
KEEPS_OUT = [
    ("default-src 'self'", f"script-src 'self' {BASE}"),
    (f"script-src {BASE}; connect-src 'self'", f"connect-src 'self' {BASE}"),
    (f"script-src 'none'; connect-src {BASE}", f"script-src {BASE}"),
    (f"script-src http://elsewhere.test; connect-src {BASE}", BASE),
    (f"script-src {BASE}:8443; connect-src {BASE}", f"script-src {BASE}:8443 {BASE}"),
    (f"script-src {BASE}/js/; connect-src {BASE}", f"script-src {BASE}/js/ {BASE}"),
    (f"script-src 'nonce-other' 'strict-dynamic' {BASE}; connect-src {BASE}", "the nonce"),
    ("sandbox", "allow-scripts"),
    (f"script-src {BASE}; connect-src {BASE}, connect-src 'none'", f"connect-src {BASE}"),
]


@pytest.fixture(scope="module")
def customer(new_house: Callable[..., House]) -> House:
    """A house that is known by a name and may look at pages of this machine."""
    house = filled(new_house("sqlite"))
    house.environment |= {"MINIBACK_BASE_URL": BASE, "MINIBACK_ALLOW_PRIVATE_TARGETS": "on"}
    return house


def page_seen(house: House, policy: str, body: str = LINE) -> tuple[int, Findings]:
    headers = {"content-type": "text/html"} | (
        {"content-security-policy": policy} if policy else {}
    )
    with answering(lambda _: (200, headers, f"<!doctype html>{body}".encode())) as url:
        return examined(house, "page", url, "--project", "my-website")


def test_pages_that_let_the_widget_through(customer: House) -> None:
    for policy in LETS_THROUGH[:: 1 if os.environ.get("MINIBACK_SOAK") else 3]:
        code, found = page_seen(customer, policy)

        assert (code, {verdict for verdict, _ in found.values()}) == (0, {"ok"}), policy


def test_pages_that_keep_the_widget_out_and_what_they_have_to_say(customer: House) -> None:
    for policy, advice in KEEPS_OUT[:: 1 if os.environ.get("MINIBACK_SOAK") else 3]:
        code, found = page_seen(customer, policy)

        assert (code, found["policy"][0]) == (1, "wrong"), policy
        assert advice in found["policy"][1], (policy, found)


def test_a_policy_in_the_page_itself_counts_too(customer: House) -> None:
    meta = "<meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">"

    assert page_seen(customer, "", meta + LINE)[1]["policy"][0] == "wrong"


def test_a_page_without_the_line_or_not_allowed_is_told(customer: House) -> None:
    customer.change("UPDATE projects SET allowed_domains = '[\"shop.example\"]'")
    try:
        code, found = page_seen(customer, "", '<script src="https://x.example/w/my-website.js">')
    finally:
        customer.change("UPDATE projects SET allowed_domains = '[]'")

    assert code == 1
    assert found["line"][0] == "warning"
    assert "https://x.example/w/my-website.js is" in found["line"][1]
    assert (found["project"][0], "Add 127.0.0.1" in found["project"][1]) == ("wrong", True)


def test_a_page_at_a_private_address_is_not_read(customer: House) -> None:
    environment = {"MINIBACK_BASE_URL": BASE}
    strict = House(customer.folder, customer.database_url, environment=environment)

    code, found = examined(strict, "page", "https://127.0.0.1/", "--project", "my-website")

    assert (code, found["page"][0]) == (1, "wrong")
    assert "private" in found["page"][1]
