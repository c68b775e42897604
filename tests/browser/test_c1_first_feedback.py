"""From nothing to the first feedback: a wheel, a command, a link, a project, a word (C1)."""

import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.customers import message, open_panel, panel
from tests.house import until
from tests.packaging.wheelhouse import wheelhouse

PASSWORD = "correct horse battery staple"
MOST_STEPS = 5
LOCAL = ("127.0.0.1", "localhost")
# Nothing but the environment's own programs is found: no Node above all.
BARE = {"HOME": "/nowhere", "LANG": "C.UTF-8"}


@dataclass
class Newcomer:
    """Somebody who tries Miniback in a clean folder, and what that took."""

    folder: Path
    page: Page
    steps: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def step(self, what: str) -> None:
        self.steps.append(what)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, in a folder with those of what it needs."""
    return wheelhouse(tmp_path_factory.mktemp("wheelhouse"))


@pytest.fixture
def newcomer(tmp_path: Path, browser: Browser) -> Iterator[Newcomer]:
    context = browser.new_context()
    context.set_default_timeout(20_000)
    newcomer = Newcomer(tmp_path, context.new_page())

    def only_here(route: Route) -> None:
        if urlsplit(route.request.url).hostname in LOCAL:
            route.continue_()
        else:
            newcomer.elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    yield newcomer
    context.close()


def test_c1_five_steps_lead_from_a_wheel_to_the_first_feedback(
    newcomer: Newcomer, wheel: Path
) -> None:
    newcomer.step("pip install miniback")
    programs = installed(newcomer.folder / "venv", wheel)
    environment = {**BARE, "PATH": str(programs)}
    assert shutil.which("node", path=environment["PATH"]) is None

    newcomer.step("miniback serve")
    with serving(["miniback", "serve", "--port", "0"], newcomer.folder, environment) as link:
        from_link_to_feedback(newcomer, link)

    assert len(newcomer.steps) <= MOST_STEPS
    assert newcomer.elsewhere == []
    assert (newcomer.folder / "data" / "miniback.db").exists()


def test_c1_uvx_starts_it_from_the_wheel_alone(newcomer: Newcomer, wheel: Path) -> None:
    offline = ["--offline", "--no-config", "--no-index", "--find-links", str(wheel.parent)]
    uvx = ["uvx", *offline, "--python", sys.executable, "--from", str(wheel)]
    environment = {
        **BARE,
        "PATH": str(tools(newcomer.folder / "bin")),
        "UV_CACHE_DIR": str(newcomer.folder / "cache"),
        "UV_TOOL_DIR": str(newcomer.folder / "tools"),
    }

    newcomer.step("uvx miniback serve")
    command = [*uvx, "miniback", "serve", "--port", "0"]
    with serving(command, newcomer.folder, environment) as link:
        from_link_to_feedback(newcomer, link)

    assert len(newcomer.steps) <= MOST_STEPS
    assert newcomer.elsewhere == []


def tools(folder: Path) -> Path:
    """A folder with uv, and what its start scripts need of the system."""
    folder.mkdir()
    for name in ("uv", "uvx"):
        (folder / name).symlink_to(Path(sys.executable).with_name(name))
    for name in ("sh", "realpath", "dirname"):
        (folder / name).symlink_to(shutil.which(name) or name)
    return folder


def installed(folder: Path, wheel: Path) -> Path:
    """Install the wheel into an environment of its own; returns where its programs are."""
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    subprocess.run(
        [*pip, "--quiet", "--no-index", "--find-links", str(wheel.parent), "miniback"],
        check=True,
        cwd=folder,
        env={**BARE, "PIP_CONFIG_FILE": os.devnull},
    )
    return folder / "bin"


@contextmanager
def serving(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """Run a server until the end of the block; gives the link that it prints."""
    program = shutil.which(command[0], path=environment["PATH"])
    assert program, f"there is no {command[0]}"
    out = folder / "printed"
    with out.open("w") as file:
        process = subprocess.Popen(
            [program, *command[1:]],
            cwd=folder,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        found = until(
            lambda: process.poll() is not None or re.search(r"http\S+/setup\S+", out.read_text()),
            "the link",
        )
        assert process.poll() is None, out.read_text()
        yield found[0]
    finally:
        process.terminate()
        assert process.wait(30) == 0, out.read_text()


def from_link_to_feedback(newcomer: Newcomer, link: str) -> None:
    page = newcomer.page
    newcomer.step("open the link, and choose an address and a password")
    page.goto(link)
    page.get_by_label("Email").fill("ada@example.test")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create administrator").click()

    newcomer.step("start a project")
    page.get_by_role("link", name="Start the first one").click()
    page.get_by_label("Name").fill("My Website")
    page.get_by_role("button", name="Create", exact=True).click()

    newcomer.step("open the demo page from its page Install, and say something")
    page.get_by_role("link", name="Install", exact=True).click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the demo page").click()
    demo = opened.value
    open_panel(demo)
    message(demo).fill("The first word")
    panel(demo).locator(".main").click()

    # The page that has stayed open says so by itself.
    expect(page.get_by_text("The first word")).to_be_visible()
    page.get_by_role("link", name="Go to inbox").click()
    expect(page.locator(".item").get_by_text("The first word")).to_be_visible()
