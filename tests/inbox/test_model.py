"""After whatever acts and undos, lists, searches, filters and tabs say what the rows say."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from miniback.accounts import Role
from tests.feedback.batch import new_project
from tests.house import Account, House
from tests.inbox.acting import (
    STATUSES,
    act,
    assign,
    figures_are_right,
    ids_on,
    listed,
    note,
    set_status,
    tabs_on,
    tag,
    undo,
    user_id,
)
from tests.visitor import Member, member_of, owner_of

ACTS = 40
TAGS = ("bug", "idea", "shop")
WORDS = ("apple", "pear", "plum")
Told = tuple[str, str, str, str]  # item, kind, what it was, what it became


@dataclass
class Thing:
    """What a plain model knows of an item."""

    project: str
    source: str
    words: str
    status: str = "NEW"
    shelf: str = "LIVE"
    tags: set[str] = field(default_factory=set)
    assignee: str = ""
    notes: dict[str, str] = field(default_factory=dict)


@dataclass
class Scene:
    """An account, who works in it, and what must be true of it."""

    house: House
    who: Account
    people: dict[str, Member]
    chance: random.Random
    things: dict[str, Thing] = field(default_factory=dict)
    acts: list[tuple[dict[str, object], list[Told]]] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)

    def some(self, shelves: tuple[str, ...] = ("LIVE", "SPAM", "BIN")) -> list[str]:
        """A few items of some shelves."""
        found = [item for item, thing in self.things.items() if thing.shelf in shelves]
        return self.chance.sample(found, min(len(found), self.chance.randint(1, 4)))

    def member(self) -> Member:
        """Somebody of the team."""
        return self.chance.choice(list(self.people.values()))


def changed(thing: Thing, kind: str, value: str) -> tuple[str, str] | None:
    """Change a thing as an act does; return what it was and became, None where nothing changed."""
    if kind in ("SPAM", "NOT_SPAM", "DELETE"):
        return moved(thing, kind)
    if thing.shelf != "LIVE":
        return None
    if kind in ("TAG", "UNTAG"):
        return tagged(thing, kind, value)
    name = {"STATUS": "status", "ASSIGN": "assignee"}[kind]
    was = getattr(thing, name)
    setattr(thing, name, value)
    return (was, value) if was != value else None


def moved(thing: Thing, kind: str) -> tuple[str, str] | None:
    """Move a thing to another shelf, from one on which it may be moved."""
    may_lie, after = {
        "SPAM": (("LIVE",), "SPAM"),
        "NOT_SPAM": (("SPAM",), "LIVE"),
        "DELETE": (("LIVE", "SPAM"), "BIN"),
    }[kind]
    was = thing.shelf
    if was not in may_lie:
        return None
    thing.shelf = after
    return was, after


def tagged(thing: Thing, kind: str, name: str) -> tuple[str, str] | None:
    """Put a tag on a thing or take it off."""
    if (name in thing.tags) is (kind == "TAG"):
        return None
    thing.tags ^= {name}
    return ("", name) if kind == "TAG" else (name, "")


def reversed_(thing: Thing, kind: str, was: str, became: str) -> bool:
    """Take a change of a thing back where it still holds; tell whether it did."""
    if kind == "STATUS":
        return thing.status == became and changed(thing, kind, was) is not None
    if kind == "ASSIGN":
        return thing.assignee == became and changed(thing, kind, was) is not None
    if kind == "DELETE":
        is_there, thing.shelf = thing.shelf == "BIN", was if thing.shelf == "BIN" else thing.shelf
        return is_there
    opposite = {"TAG": "UNTAG", "UNTAG": "TAG", "SPAM": "NOT_SPAM", "NOT_SPAM": "SPAM"}[kind]
    return changed(thing, opposite, became if kind == "TAG" else was) is not None


def do_by_page(scene: Scene, kind: str, value: str, action: str) -> None:
    items = scene.some()
    told = [
        (item, kind, *change)
        for item in items
        if scene.things[item].shelf != "BIN"
        and (change := changed(scene.things[item], kind, value))
    ]
    done = act(scene.member(), action, *items)
    assert done["done"] == len(told), scene.trace
    scene.acts.append((done, told))


def change_status(scene: Scene) -> None:
    status = scene.chance.choice(STATUSES)
    do_by_page(scene, "STATUS", status, status)


def put_tag(scene: Scene) -> None:
    kind, name = scene.chance.choice(["TAG", "TAG", "UNTAG"]), scene.chance.choice(TAGS)
    do_by_page(scene, kind, name, f"{kind}:{name}")


def pass_on(scene: Scene) -> None:
    email = scene.chance.choice(["", *scene.people])
    do_by_page(scene, "ASSIGN", email, f"ASSIGN:{user_id(scene.house, email) if email else ''}")


def move(scene: Scene) -> None:
    kind = scene.chance.choice(["DELETE", "SPAM", "NOT_SPAM"])
    do_by_page(scene, kind, "", kind)


def take_back(scene: Scene) -> None:
    if scene.acts:
        done, told = scene.chance.choice(scene.acts)
        count = sum(
            reversed_(scene.things[item], *rest) for item, *rest in told if item in scene.things
        )
        assert undo(scene.member(), done)["done"] == count, scene.trace


def call_the_api(scene: Scene) -> None:
    for item in scene.some(("LIVE",))[:1]:
        thing, way = scene.things[item], scene.chance.randrange(5)
        if way == 0:
            thing.status = scene.chance.choice(STATUSES)
            set_status(scene.who, item, thing.status)
        elif way == 1:
            thing.tags = set(scene.chance.sample(TAGS, scene.chance.randint(0, 3)))
            assert set(tag(scene.who, item, *thing.tags)) == thing.tags
        elif way == 2:
            thing.assignee = scene.chance.choice(["", *scene.people])
            assign(scene.who, item, thing.assignee or None)
        else:
            write_or_forget(scene, item, thing)


def write_or_forget(scene: Scene, item: str, thing: Thing) -> None:
    if thing.notes and scene.chance.random() < 0.5:
        note_id, _ = thing.notes.popitem()
        path = f"/api/feedback/{item}/notes/{note_id}"
        assert scene.who.delete(path).status_code == 200
    else:
        word = scene.chance.choice(WORDS)
        thing.notes[note(scene.who, item, word)] = word


def say_or_delete(scene: Scene) -> None:
    if scene.chance.random() < 0.2:
        for item in scene.some(("LIVE",))[:1]:
            assert scene.who.delete(f"/api/feedback/{item}").status_code == 200
            del scene.things[item]
    else:
        say(scene)


def say(scene: Scene) -> None:
    projects = [thing.project for thing in scene.things.values()] or [scene.who.project_id]
    project, word = scene.chance.choice(projects), scene.chance.choice(WORDS)
    source = scene.chance.choice(["API", "WIDGET"])
    scene.things[said_to(scene, project, source, word)] = Thing(project, source, word)


def said_to(scene: Scene, project: str, source: str, word: str) -> str:
    member = scene.people[scene.who.email]
    path, headers = f"/api/projects/{project}/feedback", {"x-feedback-source": source.lower()}
    answer = member.call("POST", path, json={"message": word}, headers=headers)
    item_id: str = answer.json()["data"]["id"]
    return item_id


STEPS: list[Callable[[Scene], None]] = [
    *(change_status, change_status, put_tag, put_tag, pass_on, move, move),
    *(take_back, take_back, take_back, call_the_api, call_the_api, call_the_api, say_or_delete),
]


def meant(
    *,
    status: str = "",
    tag: str = "",
    word: str = "",
    assignee: str = "",
    source: str = "",
    project: str = "",
) -> Callable[[Thing], bool]:
    """Tell of a thing whether it is as asked, '' for however it is."""

    def is_meant(thing: Thing) -> bool:
        return (
            status in ("", thing.status)
            and source in ("", thing.source)
            and assignee in ("", thing.assignee)
            and project in ("", thing.project)
            and (not tag or tag in thing.tags)
            and (not word or word in (thing.words, *thing.notes.values()))
        )

    return is_meant


def queries(scene: Scene) -> dict[str, Callable[[Thing], bool]]:
    """Filters, and what each must find."""
    found = {"": meant()}
    for status in STATUSES:
        found[f"status={status}"] = meant(status=status)
    for name in TAGS:
        found[f"tag={name}"] = meant(tag=name)
        found[f"tag={name}&status=NEW"] = meant(tag=name, status="NEW")
    for word in WORDS:
        found[f"search={word}"] = meant(word=word)
        found[f"search={word}&tag=bug"] = meant(word=word, tag="bug")
    for email in scene.people:
        found[f"assignee={email}&source=API"] = meant(assignee=email, source="API")
    found[f"project={scene.who.slug}"] = meant(project=scene.who.project_id)
    return found


def hold(scene: Scene) -> None:
    """Compare all that can be asked with the model."""
    live = {item: thing for item, thing in scene.things.items() if thing.shelf == "LIVE"}
    for query, is_meant in queries(scene).items():
        wanted = sorted((item for item, thing in live.items() if is_meant(thing)), reverse=True)
        assert listed(scene.who, query) == wanted, (query, scene.trace)
    page = scene.people[scene.who.email].get("/inbox?shelf=SPAM&pageSize=100")
    spam = {item for item, thing in scene.things.items() if thing.shelf == "SPAM"}
    counts = dict.fromkeys(STATUSES, 0)
    for thing in live.values():
        counts[thing.status] += 1
    assert set(ids_on(page)) == spam, scene.trace
    assert tabs_on(page) == {"ALL": len(live), **counts, "SPAM": len(spam)}, scene.trace


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_done_and_taken_back_everything_finds_what_the_rows_say(
    house: House, bob: Account, seed: int
) -> None:
    people = [owner_of(house, bob), member_of(house, bob, Role.MEMBER)]
    scene = Scene(house, bob, {each.email: each for each in people}, random.Random(seed))
    for project in (bob.project_id, new_project(bob)["id"]):
        for word in WORDS * 2:
            scene.things[said_to(scene, project, "API", word)] = Thing(project, "API", word)
    tag(bob, next(iter(scene.things)), *TAGS)
    next(iter(scene.things.values())).tags = set(TAGS)

    for number in range(ACTS):
        step = scene.chance.choice(STEPS)
        scene.trace.append(step.__name__)
        step(scene)
        if number % 5 == 4:
            hold(scene)

    figures_are_right(house, bob)


def test_acts_of_many_at_once_leave_every_figure_right(house: House, bob: Account) -> None:
    items = [bob.say(word)["id"] for word in WORDS * 3]
    people = [owner_of(house, bob), *(member_of(house, bob, Role.MEMBER) for _ in range(1))]
    actions = [*STATUSES, "SPAM", "NOT_SPAM", "DELETE", "TAG:bug", "UNTAG:bug", "ASSIGN:"]

    def work(seed: int) -> None:
        chance, member = random.Random(seed), people[seed % 2]
        for _ in range(8):
            done = act(member, chance.choice(actions), *chance.sample(items, 4))
            if chance.random() < 0.5:
                undo(member, done)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))

    figures_are_right(house, bob)
