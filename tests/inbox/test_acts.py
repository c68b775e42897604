"""Acts on items by the inbox's forms, and taking them back (ux.md section 6: IN4, IN6, IN7)."""

import re
from typing import Any

import pytest

from miniback.accounts import Role
from tests.house import Account, House
from tests.inbox.acting import (
    act,
    assign,
    assignee_of,
    checked,
    figures_are_right,
    ids_on,
    listed,
    send,
    set_status,
    status_of,
    tag,
    tags_of,
    undo,
    user_id,
)
from tests.visitor import Member, member_of, owner_of, said, visiting

TOLD = {"NEW": "new again", "REVIEWED": "reviewed", "RESOLVED": "resolved"}
Fields = dict[str, str]


@pytest.fixture
def bea(house: House, bob: Account) -> Member:
    """The owner of Bob's account, signed in."""
    return owner_of(house, bob)


@pytest.fixture
def max_(house: House, bob: Account) -> Member:
    """A colleague of hers."""
    return member_of(house, bob, Role.MEMBER)


def three(who: Account) -> list[str]:
    """Say three things; return their ids, the oldest first."""
    return [who.say(f"thing {number}")["id"] for number in range(3)]


@pytest.mark.parametrize("status", TOLD)
def test_checked_items_get_the_status_and_no_others(
    house: House, bob: Account, bea: Member, status: str
) -> None:
    first, second, other = three(bob)
    for item, before in zip(
        (first, second), [each for each in TOLD if each != status], strict=True
    ):
        set_status(bob, item, before)

    done = act(bea, status, first, second)

    assert (done["done"], done["isOver"]) == (2, True)
    assert done["told"] == f"2 items {'are new again' if status == 'NEW' else TOLD[status]}"
    assert [status_of(bob, each) for each in (first, second, other)] == [status, status, "NEW"]
    figures_are_right(house, bob)


def test_items_that_are_as_asked_already_are_not_counted(bob: Account, bea: Member) -> None:
    first, second, _ = three(bob)
    set_status(bob, first, "RESOLVED")

    assert act(bea, "RESOLVED", first, second)["done"] == 1


def test_items_may_be_listed_in_one_field_with_commas(bob: Account, bea: Member) -> None:
    first, second, _ = three(bob)

    done = act(bea, "REVIEWED", items=f"{first},{second}")

    assert (done["done"], len(listed(bob, "status=REVIEWED"))) == (2, 2)


def test_a_form_leads_back_to_the_list_where_it_is_told_once(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]

    answer = send(
        bea, "/inbox/act", action="RESOLVED", query="?status=NEW&source=API", **checked(item)
    )

    page = bea.get(answer.headers["location"])
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox?status=NEW&source=API")
    assert "1 item resolved" in said(page)
    assert re.search(r'action="/inbox/undo/act_[0-9a-v]{24}"', page.text)
    assert "1 item resolved" not in said(bea.get("/inbox"))


def test_the_undo_of_a_notice_leads_back_and_tells(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]
    done = act(bea, "RESOLVED", item)

    answer = send(bea, f"/inbox/undo/{done['act']}")

    assert answer.status_code == 303
    assert "1 item is as before" in said(bea.get(answer.headers["location"]))
    assert status_of(bob, item) == "NEW"


def test_in7_deleting_many_asks_first_with_the_number(bob: Account, bea: Member) -> None:
    items = three(bob)

    page = send(bea, "/inbox/act", action="DELETE", query="?source=API", **checked(*items))

    assert (page.status_code, "Delete 3 items?" in said(page)) == (200, True)
    assert 'name="sure" value="1"' in page.text
    assert 'name="query" value="?source=API"' in page.text
    assert sorted(re.findall("feedback_[0-9a-v]{24}", page.text)) == items
    assert listed(bob) == items[::-1]


def test_in7_whoever_is_sure_deletes_many(house: House, bob: Account, bea: Member) -> None:
    first, second, kept = three(bob)

    answer = send(bea, "/inbox/act", action="DELETE", items=f"{first},{second}", sure="1")

    assert answer.status_code == 303
    assert listed(bob) == [kept]
    figures_are_right(house, bob)


def test_in7_deleting_all_that_match_asks_first(bob: Account, bea: Member) -> None:
    three(bob)

    page = send(bea, "/inbox/act", action="DELETE", all="1", total="3")

    assert (page.status_code, "Delete 3 items?" in said(page)) == (200, True)
    assert len(listed(bob)) == 3


def test_in7_one_is_deleted_without_asking(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]

    answer = send(bea, "/inbox/act", action="DELETE", **checked(item))

    assert (answer.status_code, listed(bob)) == (303, [])


def test_in7_a_deleted_item_is_gone_everywhere_until_it_is_brought_back(
    house: House, bob: Account, bea: Member
) -> None:
    gone, kept = bob.say("same words")["id"], bob.say("same words")["id"]
    before = bob.get(f"/api/feedback/{gone}").json()

    done = act(bea, "DELETE", gone)

    assert bob.get(f"/api/feedback/{gone}").status_code == 404
    assert bea.get(f"/inbox/{gone}").status_code == 404
    for query in ("", "search=same+words", "start=2020-01-01", f"project={bob.slug}"):
        assert listed(bob, query) == [kept]
    assert ids_on(bea.get("/inbox")) == [kept]
    assert undo(bea, done)["done"] == 1
    assert bob.get(f"/api/feedback/{gone}").json() == before
    assert listed(bob, "search=same+words") == ids_on(bea.get("/inbox")) == [kept, gone]
    figures_are_right(house, bob)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_in7_a_deleted_item_is_404_for_every_call(bob: Account, bea: Member, method: str) -> None:
    item = bob.say()["id"]
    done = act(bea, "DELETE", item)

    answer = bob.call(method, f"/api/feedback/{item}", json={"status": "NEW"})

    assert (answer.status_code, answer.json()) == (404, {"error": "Feedback not found"})
    assert undo(bea, done)["done"] == 1


def test_an_item_brought_back_has_its_tags_assignee_and_notes(
    house: House, bob: Account, bea: Member
) -> None:
    item = bob.say()["id"]
    tag(bob, item, "bug", "shop")
    assign(bob, item, bob.email)
    bob.post(f"/api/feedback/{item}/notes", json={"content": "remember"})

    undo(bea, act(bea, "DELETE", item))

    assert tags_of(bob, item) == ["bug", "shop"]
    assert assignee_of(bob, item) == bob.email
    for query in ("search=remember", "tag=shop", f"assignee={bob.email}"):
        assert listed(bob, query) == [item]
    figures_are_right(house, bob)


def test_in6_undo_gives_each_item_the_status_that_it_had(
    house: House, bob: Account, bea: Member
) -> None:
    new, reviewed, resolved = three(bob)
    set_status(bob, reviewed, "REVIEWED")
    set_status(bob, resolved, "RESOLVED")
    done = act(bea, "RESOLVED", new, reviewed, resolved)

    told = undo(bea, done)

    assert (done["done"], told["done"], told["told"]) == (2, 2, "2 items are as before")
    assert [status_of(bob, each) for each in (new, reviewed, resolved)] == [
        *("NEW", "REVIEWED", "RESOLVED")
    ]
    figures_are_right(house, bob)


def test_a_tag_is_put_on_items_and_taken_back_from_those_that_had_it_not(
    house: House, bob: Account, bea: Member
) -> None:
    first, second, other = three(bob)
    tag(bob, first, "bug")

    done = act(bea, "TAG:Bug", first, second)

    assert (done["done"], listed(bob, "tag=bug")) == (1, [second, first])
    assert undo(bea, done)["done"] == 1
    assert (listed(bob, "tag=bug"), tags_of(bob, other)) == ([first], [])
    figures_are_right(house, bob)


def test_a_tag_is_taken_off_items_and_given_back(house: House, bob: Account, bea: Member) -> None:
    first, second, _ = three(bob)
    tag(bob, first, "bug", "kept")

    done = act(bea, "UNTAG:bug", first, second)

    assert (done["done"], tags_of(bob, first)) == (1, ["kept"])
    undo(bea, done)
    assert (tags_of(bob, first), tags_of(bob, second)) == (["bug", "kept"], [])
    figures_are_right(house, bob)


def test_an_assignee_is_set_and_the_one_before_given_back(
    house: House, bob: Account, bea: Member, max_: Member
) -> None:
    first, second, _ = three(bob)
    assign(bob, first, bob.email)

    done = act(bea, "ASSIGN:" + user_id(house, max_.email), first, second)

    assert [assignee_of(bob, each) for each in (first, second)] == [max_.email] * 2
    undo(bea, done)
    assert [assignee_of(bob, each) for each in (first, second)] == [bob.email, ""]
    figures_are_right(house, bob)


def test_items_are_assigned_to_nobody(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]
    assign(bob, item, bob.email)

    assert act(bea, "ASSIGN:", item)["done"] == 1
    assert assignee_of(bob, item) == ""


@pytest.mark.parametrize("action", ["RESOLVED", "DELETE", "TAG:bug", "SPAM"])
def test_undo_twice_does_no_harm(house: House, bob: Account, bea: Member, action: str) -> None:
    items = three(bob)
    done = act(bea, action, *items)

    assert [undo(bea, done)["done"] for _ in range(2)] == [3, 0]

    assert [status_of(bob, each) for each in items] == ["NEW"] * 3
    assert listed(bob, "tag=bug") == []
    figures_are_right(house, bob)


def test_a_status_changed_by_somebody_else_since_is_left_alone_by_undo(
    bob: Account, bea: Member, max_: Member
) -> None:
    first, second, third = three(bob)
    done = act(bea, "RESOLVED", first, second, third)
    set_status(bob, first, "REVIEWED")
    act(max_, "NEW", second)

    assert undo(bea, done)["done"] == 1

    assert [status_of(bob, each) for each in (first, second, third)] == ["REVIEWED", "NEW", "NEW"]


def test_an_assignee_set_by_somebody_else_since_is_left_alone_by_undo(
    house: House, bob: Account, bea: Member, max_: Member
) -> None:
    item = bob.say()["id"]
    done = act(bea, "ASSIGN:" + user_id(house, bob.email), item)
    assign(bob, item, max_.email)

    assert undo(bea, done)["done"] == 0
    assert assignee_of(bob, item) == max_.email


def test_undo_of_what_the_api_has_deleted_since_brings_nothing_back(
    bob: Account, bea: Member
) -> None:
    item = bob.say()["id"]
    done = act(bea, "RESOLVED", item)
    bob.delete(f"/api/feedback/{item}")

    assert undo(bea, done)["done"] == 0
    assert (status_of(bob, item), listed(bob)) == ("", [])


def test_a_colleague_may_take_an_act_back(bob: Account, bea: Member, max_: Member) -> None:
    item = bob.say()["id"]

    assert undo(max_, act(bea, "DELETE", item))["done"] == 1
    assert listed(bob) == [item]


@pytest.mark.parametrize("action", ["RESOLVED", "DELETE", "SPAM", "TAG:bug", "ASSIGN:"])
def test_nothing_of_another_account_is_acted_on(
    house: House, bob: Account, mallory: Account, action: str
) -> None:
    item = bob.say()["id"]
    tag(bob, item, "mine")
    assign(bob, item, bob.email)

    answer = send(owner_of(house, mallory), "/inbox/act", action=action, **checked(item))

    assert answer.status_code == 404
    assert status_of(bob, item) == "NEW"
    assert (tags_of(bob, item), assignee_of(bob, item)) == (["mine"], bob.email)


def test_all_that_match_are_those_of_ones_own_account(
    house: House, bob: Account, mallory: Account
) -> None:
    item, own = bob.say()["id"], mallory.say()["id"]

    assert act(owner_of(house, mallory), "RESOLVED", all="1")["done"] == 1
    assert (status_of(bob, item), status_of(mallory, own)) == ("NEW", "RESOLVED")


def test_an_act_of_another_account_is_not_undone(
    house: House, bob: Account, bea: Member, mallory: Account
) -> None:
    item = bob.say()["id"]
    done = act(bea, "RESOLVED", item)

    assert undo(owner_of(house, mallory), done)["done"] == 0
    assert status_of(bob, item) == "RESOLVED"


FORMS_OF_AN_ITEM: list[tuple[str, Fields]] = [
    ("tags", {"tags": "mine"}),
    ("assignee", {"assignee": ""}),
    ("notes", {"content": "Mine"}),
    ("notes/note_000000000000000000000000/delete", {}),
]


@pytest.mark.parametrize(("path", "fields"), FORMS_OF_AN_ITEM)
def test_an_item_of_another_account_is_404_for_a_form_as_an_unknown_one_is(
    house: House, bob: Account, mallory: Account, path: str, fields: Fields
) -> None:
    item, other = bob.say()["id"], owner_of(house, mallory)

    answers = [
        send(other, f"/inbox/{each}/{path}", **fields)
        for each in (item, "feedback_" + "0" * 24, "nonsense")
    ]

    assert [each.status_code for each in answers] == [404] * 3
    assert len({_apart_from_ids(said(each)) for each in answers}) == 1
    assert (tags_of(bob, item), bob.get(f"/api/feedback/{item}/notes").json()["data"]) == ([], [])


def _apart_from_ids(text: str) -> str:
    return re.sub(r"[0-9a-f]{20}", "", text)


ALL_FORMS: list[tuple[str, Fields]] = [
    ("/inbox/act", {"action": "RESOLVED", "all": "1"}),
    ("/inbox/undo/act_000000000000000000000000", {}),
    ("/inbox/views", {"name": "Mine", "query": ""}),
    ("/inbox/views/view_000000000000000000000000", {"name": "Mine"}),
    ("/inbox/views/view_000000000000000000000000/filters", {"query": ""}),
    ("/inbox/views/view_000000000000000000000000/delete", {}),
    *((f"/inbox/{{item}}/{path}", fields) for path, fields in FORMS_OF_AN_ITEM),
]


@pytest.mark.parametrize(("path", "fields"), ALL_FORMS)
def test_a_viewer_changes_nothing(house: House, bob: Account, path: str, fields: Fields) -> None:
    item = bob.say()["id"]
    viewer = member_of(house, bob, Role.VIEWER)

    answer = send(viewer, path.format(item=item), **fields)

    assert answer.status_code == 403
    assert (status_of(bob, item), tags_of(bob, item)) == ("NEW", [])


@pytest.mark.parametrize(("path", "fields"), ALL_FORMS)
def test_a_form_without_its_token_is_403(
    bob: Account, bea: Member, path: str, fields: Fields
) -> None:
    item = bob.say()["id"]

    answer = bea.client.post(path.format(item=item), data=fields)

    assert answer.status_code == 403
    assert (status_of(bob, item), tags_of(bob, item)) == ("NEW", [])


@pytest.mark.parametrize(("path", "fields"), ALL_FORMS)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(
    house: House, path: str, fields: Fields
) -> None:
    with visiting(house) as nobody:
        answer = nobody.client.post(path.format(item="feedback_" + "0" * 24), data=fields)

    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "RESOLVED"},
        {"action": "RESOLVED", "item-nonsense": "on"},
        {"action": "RESOLVED", "items": "1,2,3"},
        *({"action": each, "all": "1"} for each in ("", "DONE", "resolved", "NOTE", "RESTORE")),
        {"action": "TAG:", "all": "1"},
        {"action": "TAG:a,b", "all": "1"},
        {"action": "TAG:" + "x" * 41, "all": "1"},
        {"action": "ASSIGN:nobody@example.test", "all": "1"},
        {"action": "RESOLVED", "all": "1", "query": "?status=DONE"},
        {"action": "RESOLVED", "all": "1", "query": "?start=tomorrow"},
    ],
)
def test_a_form_that_makes_no_sense_is_400_and_changes_nothing(
    bob: Account, bea: Member, fields: Fields
) -> None:
    item = bob.say()["id"]

    answer = send(bea, "/inbox/act", **fields)

    assert answer.status_code == 400
    assert (status_of(bob, item), assignee_of(bob, item), tags_of(bob, item)) == ("NEW", "", [])


def test_a_person_of_another_account_is_assigned_nothing(
    house: House, bob: Account, bea: Member, mallory: Account
) -> None:
    item = bob.say()["id"]

    for who in (user_id(house, mallory.email), mallory.email):
        fields = {"action": f"ASSIGN:{who}", **checked(item)}
        assert send(bea, "/inbox/act", **fields).status_code == 400
        assert send(bea, f"/inbox/{item}/assignee", assignee=who).status_code == 400
    assert assignee_of(bob, item) == ""


def test_more_than_a_hundred_items_at_once_are_refused(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]
    others = [f"feedback_{number:024}" for number in range(100)]

    answer = send(bea, "/inbox/act", action="RESOLVED", items=",".join([item, *others]))

    assert (answer.status_code, status_of(bob, item)) == (400, "NEW")


def test_every_item_of_the_longest_page_can_be_checked_at_once(bob: Account, bea: Member) -> None:
    items = [bob.say()["id"] for _ in range(60)]
    page = bea.get("/inbox?pageSize=100")
    assert ids_on(page) == items[::-1]

    fields = {"action": "RESOLVED", "query": "?pageSize=100", "newest": "1", "total": "60"}
    answer = send(bea, "/inbox/act", **fields, **checked(*items))

    assert answer.status_code == 303
    assert listed(bob, "status=RESOLVED") == items[::-1]


def test_the_forms_of_an_item_lead_back_to_it_in_its_list(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]

    answers: list[Any] = [
        send(bea, f"/inbox/{item}/{path}", query="?status=NEW", **fields)
        for path, fields in FORMS_OF_AN_ITEM[:3]
    ]

    for answer in answers:
        assert (answer.status_code, answer.headers["location"]) == (
            *(303, f"/inbox/{item}?status=NEW"),
        )
    assert tags_of(bob, item) == ["mine"]


def test_tags_are_written_with_commas_between_them(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]
    tag(bob, item, "old")

    send(bea, f"/inbox/{item}/tags", tags=" Shop ,, two  words ,shop")

    assert tags_of(bob, item) == ["Shop", "two words"]


def test_a_note_by_form_is_told_with_its_author_and_deleted(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]

    send(bea, f"/inbox/{item}/notes", content="Ask Ada")

    (note,) = bob.get(f"/api/feedback/{item}/notes").json()["data"]
    page = bea.get(f"/inbox/{item}")
    assert (note["author"]["email"], "Ask Ada" in said(page)) == (bob.email, True)
    send(bea, f"/inbox/{item}/notes/{note['id']}/delete")
    assert bob.get(f"/api/feedback/{item}/notes").json()["data"] == []


def test_a_note_sent_twice_by_a_double_click_is_there_once(bob: Account, bea: Member) -> None:
    item = bob.say()["id"]

    for once in ("first", "first", "second"):
        send(bea, f"/inbox/{item}/notes", content="Ask Ada", once=once)

    assert len(bob.get(f"/api/feedback/{item}/notes").json()["data"]) == 2


@pytest.mark.parametrize("content", ["", "  ", "\u200b", "x" * 4_001])
def test_a_note_that_cannot_be_is_400(bob: Account, bea: Member, content: str) -> None:
    item = bob.say()["id"]

    answer = send(bea, f"/inbox/{item}/notes", content=content)

    assert answer.status_code == 400
    assert bob.get(f"/api/feedback/{item}/notes").json()["data"] == []


@pytest.mark.parametrize("newest", ["9" * 19, "9" * 5_000, "-1", "x", ""])
def test_a_list_that_was_never_shown_is_that_of_now(
    bob: Account, house: House, newest: str
) -> None:
    item = bob.say()["id"]

    done = act(owner_of(house, bob), "RESOLVED", all="1", newest=newest)

    assert (done["done"], status_of(bob, item)) == (1, "RESOLVED")
