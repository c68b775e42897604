"""The documentation says what there is: every setting, every command, every link."""

import re
from pathlib import Path

import msgspec
import pytest

from miniback import settings
from miniback.plans.models import TABLE, Plan
from miniback.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("bench/*.md"),
        *ROOT.glob("clients/*/*.md"),
    ]
)


def test_the_page_of_settings_lists_each_setting_and_no_other() -> None:
    listed = re.findall(r"^\| `(MINIBACK_\w+)` \|", (ROOT / "docs/settings.md").read_text(), re.M)

    fields = msgspec.structs.fields(Settings)
    assert sorted(listed) == sorted(settings.PREFIX + field.name.upper() for field in fields)


def test_the_page_of_settings_lists_each_figure_of_a_plan() -> None:
    listed = re.findall(r"^\| `([a-z]+)` \|", (ROOT / "docs/settings.md").read_text(), re.M)

    figures = {field.name for field in msgspec.structs.fields(Plan)} - {"name"}
    assert set(listed) == figures


@pytest.mark.parametrize("page", ["README.md", "docs/plans.md"])
@pytest.mark.parametrize("plan", TABLE.values(), ids=TABLE.keys())
def test_pages_tell_the_limits_of_each_plan(plan: Plan, page: str) -> None:
    rows = (ROOT / page).read_text().split("| | FREE | STARTER | PRO |")[1].splitlines()[2:]
    column = list(TABLE).index(plan.name) + 2

    told = [row.split("|")[column].strip() for row in rows[:3]]
    limits = (plan.projects, plan.items, plan.calls)
    assert told == ["unlimited" if limit is None else f"{limit:,}" for limit in limits]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_each_promise_of_the_readme_names_the_tests_that_show_it() -> None:
    promises = re.findall(r"^- \*\*.+?(?=^- |^$)", (ROOT / "README.md").read_text(), re.M | re.S)
    shown = {promise: re.findall(r"(tests/\S+\.py)::(\w+)", promise) for promise in promises}

    assert len(promises) >= 5
    assert [promise for promise, tests in shown.items() if not tests] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text()
    named = set(re.findall(r"(tests/\S+?\.py)::(\w+)", text))
    files = set(re.findall(r"tests/[\w/]+\.py", text))

    assert [file for file in files if not (ROOT / file).exists()] == []
    assert [name for file, name in named if f"def {name}(" not in (ROOT / file).read_text()] == []
