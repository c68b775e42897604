"""The checker of histories: it finds nothing in good ones, and each fault that is put into one."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.history import Call, Item, Kind, check

SENT = Call("m1", "m1 word", "key")
DONE = SENT._replace(status=201, item_id="f1")
REFUSED = SENT._replace(status=429)
FAILED = SENT._replace(status=503)
KEYLESS = Call("m1", "m1 word", status=201, item_id="f1")
THERE = Item("f1", "m1 word")


@pytest.mark.parametrize(
    ("calls", "items"),
    [
        ([], []),
        ([DONE], [THERE]),
        ([REFUSED], []),
        ([SENT], []),
        ([SENT], [THERE]),
        ([FAILED], []),
        ([FAILED, DONE], [THERE]),
        ([SENT, REFUSED], [THERE]),
        ([DONE, DONE], [THERE]),
        ([KEYLESS, KEYLESS._replace(item_id="f2")], [THERE, Item("f2", "m1 word")]),
        ([KEYLESS, KEYLESS._replace(status=None, item_id="")], [THERE, Item("f2", "m1 word")]),
    ],
)
def test_a_good_history_has_no_findings(calls: list[Call], items: list[Item]) -> None:
    assert check(calls, {"rows": items}, {"count": len(items)}) == []


@pytest.mark.parametrize(
    ("calls", "items", "kind"),
    [
        ([DONE], [], Kind.LOST),
        ([FAILED, DONE], [], Kind.LOST),
        ([KEYLESS, KEYLESS._replace(item_id="f2")], [THERE], Kind.LOST),
        ([REFUSED], [THERE], Kind.PHANTOM),
        ([REFUSED, REFUSED], [THERE], Kind.PHANTOM),
        ([], [THERE], Kind.UNEXPECTED),
        ([DONE, DONE], [THERE, Item("f2", "m1 word")], Kind.DOUBLED),
        ([SENT, FAILED], [THERE, Item("f2", "m1 word")], Kind.DOUBLED),
        ([KEYLESS], [THERE, Item("f2", "m1 word")], Kind.DOUBLED),
        ([DONE], [Item("f2", "m1 word")], Kind.WRONG_ID),
        ([DONE, DONE._replace(item_id="f2")], [THERE], Kind.WRONG_ID),
        ([DONE], [Item("f1", "m1 wor")], Kind.ALTERED),
        ([SENT], [Item("f1", "m1 ")], Kind.ALTERED),
    ],
)
def test_a_bad_history_is_found_out(calls: list[Call], items: list[Item], kind: Kind) -> None:
    assert [finding.kind for finding in check(calls, {"rows": items}, {})] == [kind]


def test_a_counter_that_differs_from_the_rows_is_found_out() -> None:
    (finding,) = check([DONE], {"rows": [THERE]}, {"usage": 2, "tallies": 1})

    assert finding == (Kind.MISCOUNTED, "rows", "usage: 2 for 1 items")


def test_each_view_is_judged_by_itself() -> None:
    (finding,) = check([DONE], {"rows": [THERE], "list": []}, {})

    assert finding == (Kind.LOST, "list", "m1")


@dataclass
class World:
    """A history that is being made up."""

    calls: list[Call] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)

    @property
    def kinds(self) -> set[Kind]:
        return {found.kind for found in check(self.calls, {"rows": self.items}, self.counters)}


ANSWERS: st.SearchStrategy[list[int | None]] = st.lists(
    st.sampled_from([201, 201, 429, 503, None]), min_size=1, max_size=4
)


@st.composite
def good_worlds(draw: st.DrawFn) -> World:
    """Make up callers that try again by key, over a server that keeps its promises.

    The first two are never left out, so that there is always something to break.
    """
    world = World()
    others = draw(st.lists(ANSWERS, max_size=8))
    attempts: list[list[int | None]] = [[503, 201, 201], [429], *others]
    for number, answers in enumerate(attempts):
        sent = Call(f"m{number}", f"m{number} word", f"key{number}")
        item = Item(f"f{number}", sent.text)
        for status in answers:
            item_id = item.item_id if status == 201 else ""
            world.calls.append(sent._replace(status=status, item_id=item_id))
        may_be = any(status in (503, None) for status in answers)
        if 201 in answers or (may_be and draw(st.booleans())):
            world.items.append(item)
    world.items = draw(st.permutations(world.items))
    world.counters = dict.fromkeys(("rows", "usage"), len(world.items))
    return world


def _first(world: World) -> Item:
    return next(item for item in world.items if item.item_id == "f0")


def _lose(world: World) -> None:
    world.items.remove(_first(world))


def _keep_what_was_refused(world: World) -> None:
    world.items.append(Item("f1", "m1 word"))


def _make_up(world: World) -> None:
    world.items.append(Item("f_", "nobody"))


def _double(world: World) -> None:
    world.items.append(Item("f_", _first(world).text))


def _rename(world: World) -> None:
    world.items.append(Item("f_", _first(world).text))
    _lose(world)


def _answer_with_another_id(world: World) -> None:
    at = next(at for at, call in enumerate(world.calls) if call.is_done)
    world.calls[at] = world.calls[at]._replace(item_id="f_")


def _alter(world: World) -> None:
    world.items.append(_first(world)._replace(text="m0 wrd"))
    world.items.remove(_first(world))


def _miscount(world: World) -> None:
    world.counters["usage"] += 1


@settings(deadline=None)
@given(good_worlds())
def test_no_good_history_is_suspected(world: World) -> None:
    assert world.kinds == set()


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (_lose, Kind.LOST),
        (_keep_what_was_refused, Kind.PHANTOM),
        (_make_up, Kind.UNEXPECTED),
        (_double, Kind.DOUBLED),
        (_rename, Kind.WRONG_ID),
        (_answer_with_another_id, Kind.WRONG_ID),
        (_alter, Kind.ALTERED),
        (_miscount, Kind.MISCOUNTED),
    ],
)
def test_one_fault_in_any_good_history_is_found(spoil: Callable[[World], None], kind: Kind) -> None:
    @settings(deadline=None)
    @given(good_worlds())
    def found(world: World) -> None:
        spoil(world)
        assert kind in world.kinds

    found()
