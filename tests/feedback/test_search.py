"""Search in GET /api/feedback (contract section 5): words of ours, and no syntax of an engine."""
# ruff: noqa: RUF001 - look-alike letters are what is tested

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniback import plans
from miniback.text import words
from tests.feedback.batch import fill, new_project
from tests.house import Account, House

VOCABULARY = [
    *(
        "the",
        "button",
        "Button",
        "buttons",
        "Café",
        "cafe\u0301",
        "CAFE",
        "straße",
        "STRASSE",
        "über",
    ),
    *(
        "don't",
        "e-mail",
        "C++",
        "100%",
        "3.14",
        "snake_case",
        "NEW",
        "proj",
        "api",
        "AND",
        "or",
        "NOT",
    ),
    *(
        "日本語",
        "日本",
        "東京都庁",
        "我喜欢",
        "한국어",
        "ご飯",
        "カタカナ",
        "русский",
        "Ёлка",
        "Αθήνα",
    ),
    *("हिन्दी", "שָׁלוֹם", "مَرْحَبًا", "😀", "…", "łódź", "ŒUVRE", "ﬁne", "x" * 70, "a", "aa", "aaa"),
]
HOSTILE = [
    *('"', '"unbalanced', '""', '"the button"', "'", "''", "';--", "' OR '1'='1", "the' button"),
    *(
        "the OR button",
        "the AND button",
        "NOT the",
        "the NOT button",
        "the NEAR button",
        "NEAR(the, 5)",
    ),
    *(
        "the*",
        "*",
        "^the",
        "tokens:the",
        "tokens : the",
        "{tokens}: the",
        "(the",
        "the)",
        "()",
        "the + button",
    ),
    *(
        "-the",
        "-tokens: the",
        "the & button",
        "the | button",
        "!the",
        "the <-> button",
        "the:*",
        "the:A",
    ),
    *(
        ":the",
        ":query",
        "$1",
        "%(query)s",
        "%s",
        "%",
        "_",
        "the_",
        "_NEW",
        "_API",
        "\\",
        "\\'",
        "the\\",
    ),
    *(
        "E'\\x00'",
        "the\0button",
        "\0",
        "\ufffd",
        "rank",
        "feedback_search",
        "NULL",
        "null",
        "@",
        "#",
        "~",
    ),
    *(
        "_proj",
        "; DROP TABLE feedback",
        "<script>",
        "${the}",
        "{{the}}",
        "the\tbutton",
        "the\nbutton",
    ),
    *(
        "\u200b",
        "the\u200bbutton",
        "\ud7ff",
        "\u0301",
        "e\u0301",
        "ßs",
        "İ",
        "ı",
        "\U0010ffff",
        "日*",
    ),
]


@pytest.fixture(scope="module")
def dave(house: House) -> Account:
    return house.account(plans.PRO)


@pytest.fixture(scope="module")
def library(house: House, dave: Account) -> dict[str, str]:
    """Some two hundred messages by id, oldest first."""
    chance = random.Random(7)
    texts = [" ".join(chance.choices(VOCABULARY, k=chance.randint(1, 6))) for _ in range(160)]
    texts += [
        *VOCABULARY,
        "日本語のテスト、東京にて。",
        "我喜欢喝茶abc茶",
        "no/such:thing",
        "the button",
    ]
    return dict(zip(fill(house, dave, texts), texts, strict=True))


def is_hit(query: str, message: str) -> bool:
    """Tell by the contract's rule, without any engine, whether a message has a query's words."""
    wanted, present = words(query), words(message)
    if not wanted:
        return True
    return {*wanted[:-1]} <= {*present} and any(each.startswith(wanted[-1]) for each in present)


def found(who: Account, query: str, **more: Any) -> list[str]:
    response = who.get("/api/feedback", params={"search": query, "pageSize": 100, **more})
    assert response.status_code == 200, response.text
    return [each["id"] for each in response.json()["data"]]


def check(who: Account, messages: dict[str, str], query: str) -> None:
    """See that a query finds what the model finds, to the item, the order and the total."""
    expected = [item for item, message in messages.items() if is_hit(query, message)][::-1]
    response = who.get("/api/feedback", params={"search": query, "pageSize": 100})
    assert response.status_code == 200, response.text
    assert [each["id"] for each in response.json()["data"]] == expected[:100]
    pagination = response.json()["pagination"]
    assert (pagination["total"], pagination["hasMore"]) == (len(expected), len(expected) > 100)


@pytest.mark.parametrize("query", HOSTILE)
def test_no_syntax_of_an_engine_leaks(dave: Account, library: dict[str, str], query: str) -> None:
    check(dave, library, query)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3), st.integers(0, 9))
def test_a_search_finds_what_the_model_finds(
    dave: Account, library: dict[str, str], chosen: list[str], cut: int
) -> None:
    last = chosen[-1]
    check(dave, library, " ".join([*chosen[:-1], last[: max(1, len(last) - cut)]])[:200])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=12))
def test_any_text_at_all_finds_what_the_model_finds(
    dave: Account, library: dict[str, str], query: str
) -> None:
    if "\ud800" <= max(query, default="") <= "\udfff":
        return
    check(dave, library, query)


def both(who: Account, message: str, query: str) -> bool:
    """Tell whether a query finds a message, and nothing beside it."""
    item = who.say(message)["id"]
    who.say("qqqqq")
    hits = found(who, query)
    assert hits in ([], [item])
    return hits == [item]


@pytest.mark.parametrize(
    ("message", "query"),
    [
        ("The blue button is broken", "blue button"),
        ("The blue button is broken", "button blue"),
        ("The blue button is broken", "broken the is blue button"),
        ("The blue button is broken", "blue but"),
        ("The blue button is broken", "b"),
        ("The blue button is broken", "blue blue"),
        ("The blue button is broken", "BLUE BUTTON"),
        ("THE BLUE BUTTON", "blue"),
        ("The blue/button;is-broken", "button broken"),
        ("Café olé", "cafe ole"),
        ("Cafe ole", "CAFÉ OLÉ"),
        ("Cafe\u0301", "café"),
        ("Straße", "strasse"),
        ("STRASSE", "straße"),
        ("Ångström", "angstrom"),
        ("ΑΘΉΝΑ", "αθηνα"),
        ("Łódź, Ørsted", "lodz orsted"),
        ("ﬁnally", "finally"),
        ("ＡＢＣ１２３", "abc123"),
        ("Всё ещё", "все еще"),
        ("שָׁלוֹם", "שלום"),
        ("今日は東京都庁に行く", "東京"),
        ("今日は東京都庁に行く", "京都庁"),
        ("今日は東京都庁に行く", "東京都庁に行く"),
        ("今日は東京都庁に行く", "庁"),
        ("我喜欢喝茶", "喜欢"),
        ("我喜欢喝茶", "喝茶 喜欢"),
        ("한국어를 배우다", "국어"),
        ("カタカナです", "タカナ"),
        ("iPhone12の電池", "iphone12"),
        ("iPhone12の電池", "電池"),
        ("Version 3.14.15", "3 14"),
        ("x" * 70, "x" * 70),
        ("x" * 70, "x" * 64),
        ("user@example.com wrote", "example"),
        ("100% sure", "100"),
    ],
)
def test_a_message_with_all_the_words_is_found(bob: Account, message: str, query: str) -> None:
    assert both(bob, message, query)


@pytest.mark.parametrize(
    ("message", "query"),
    [
        ("The blue button is broken", "blue car"),
        ("The blue button is broken", "blu button"),
        ("The blue button is broken", "utton"),
        ("The blue button is broken", "buttons"),
        ("The blue button is broken", "blue bx"),
        ("The bluebutton", "blue button"),
        ("今日は東京都庁に行く", "京東"),
        ("今日は東京都庁に行く", "大阪"),
        ("Cafeteria", "cafe olé"),
        ("हिंदी", "हद"),
    ],
)
def test_a_message_that_lacks_a_word_is_not_found(bob: Account, message: str, query: str) -> None:
    assert not both(bob, message, query)


def test_context_is_not_searched(bob: Account) -> None:
    bob.say("Words", context={"url": "secretplace"})

    assert found(bob, "secretplace") == []


def test_another_accounts_feedback_is_never_found(bob: Account, mallory: Account) -> None:
    bob.say("Confidential words")

    assert found(mallory, "confidential") == []


@pytest.mark.parametrize("query", ["", " ", "!!!", "…", "😀", "\u200b", "_ - _", '"*"'])
def test_a_search_without_a_word_is_no_filter(bob: Account, query: str) -> None:
    items = [bob.say(each)["id"] for each in ("one", "two")]

    assert found(bob, query) == items[::-1]


@pytest.mark.parametrize("character", ["a", "é", "日", "😀", " "])
def test_a_search_of_200_characters_is_taken_and_201_are_400(bob: Account, character: str) -> None:
    fits = bob.get("/api/feedback", params={"search": character * 200})
    refused = bob.get("/api/feedback", params={"search": character * 201})

    assert (fits.status_code, refused.status_code) == (200, 400)
    assert isinstance(refused.json()["error"], str)


def test_a_search_of_ill_formed_utf8_is_answered(bob: Account) -> None:
    assert bob.get("/api/feedback?search=%ff%c3").status_code in (200, 400)


def test_the_pages_of_a_search_are_whole(house: House, bob: Account) -> None:
    ids = fill(house, bob, [f"needle {number}" for number in range(7)] + ["hay"])[:7]

    pages = [found(bob, "needle", pageSize=3, page=page) for page in (1, 2, 3, 4)]

    assert pages == [ids[6:3:-1], ids[3:0:-1], ids[:1], []]
    last = bob.get("/api/feedback?search=needle&pageSize=3&page=3").json()["pagination"]
    assert last == {"page": 3, "pageSize": 3, "total": 7, "totalPages": 3, "hasMore": False}


def test_a_page_of_a_search_that_is_full_knows_whether_more_follow(
    house: House, bob: Account
) -> None:
    fill(house, bob, ["needle"] * 6)

    seen = [
        bob.get(f"/api/feedback?search=needle&pageSize=3&page={page}").json()["pagination"][
            "hasMore"
        ]
        for page in (1, 2, 3)
    ]

    assert seen == [True, False, False]


@pytest.fixture(scope="module")
def shelves(house: House, dave: Account) -> dict[str, dict[str, str]]:
    """Items of every kind with the same word in two projects of an account."""
    found = {}
    for name in (dave.project_id, new_project(dave)["id"]):
        for source in ("WIDGET", "API"):
            for status in ("NEW", "REVIEWED", "RESOLVED"):
                headers, path = {"x-feedback-source": source}, f"/api/projects/{name}/feedback"
                item = dave.post(path, json={"message": "xylophone"}, headers=headers).json()[
                    "data"
                ]
                dave.put(f"/api/feedback/{item['id']}", json={"status": status})
                found[item["id"]] = {"project": name, "source": source, "status": status}
    return found


@pytest.mark.parametrize("status", [None, "NEW", "REVIEWED", "RESOLVED"])
@pytest.mark.parametrize("source", [None, "WIDGET", "API"])
@pytest.mark.parametrize("is_in_project", [True, False])
def test_filters_combine_with_a_search(
    dave: Account,
    shelves: dict[str, dict[str, str]],
    status: str | None,
    source: str | None,
    is_in_project: bool,
) -> None:
    named = {"status": status, "source": source, "project": dave.project_id * is_in_project}
    chosen = {name: value for name, value in named.items() if value}

    hits = [item for item, each in shelves.items() if chosen.items() <= each.items()]

    assert found(dave, "xylo", **chosen) == hits[::-1]
    assert found(dave, "xylo other", **chosen) == []


@pytest.mark.parametrize("label", ["_NEW", "new", "_API", "api", "widget", "LIVE"])
def test_a_label_is_not_found_as_a_word(bob: Account, label: str) -> None:
    bob.say("xylophone")

    assert found(bob, label) == []
    assert found(bob, "_" + bob.project_id) == []


def test_a_changed_status_is_seen_by_searches(bob: Account) -> None:
    item = bob.say("needle")["id"]
    for status in ("REVIEWED", "RESOLVED", "NEW", "RESOLVED"):
        bob.put(f"/api/feedback/{item}", json={"status": status})

    assert found(bob, "needle", status="RESOLVED") == [item]
    assert found(bob, "needle", status="NEW") == found(bob, "needle", status="REVIEWED") == []
    assert found(bob, "needle") == [item]


def test_deleted_feedback_is_not_found(bob: Account) -> None:
    kept, gone = bob.say("needle one")["id"], bob.say("needle two")["id"]
    bob.put(f"/api/feedback/{gone}", json={"status": "REVIEWED"})
    bob.delete(f"/api/feedback/{gone}")

    assert found(bob, "needle") == [kept]
    assert found(bob, "two") == []
