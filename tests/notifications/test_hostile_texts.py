"""What a visitor writes is words in mails and chats: no header, no mention, no link (T6, T30)."""

import json
import re
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.house import House, until
from tests.notifications.post_office import Letter, PostOffice, subscribe
from tests.notifications.receivers import Got, Receiver, receiving
from tests.visitor import Member

TEXTS = [
    "<!channel> come here",
    "<!here>",
    "<!everyone>",
    "<@U012AB3CD> look",
    "<#C012AB3CD>",
    "<!subteam^S012AB3CD>",
    "<https://evil.example|Your bank>",
    "<mailto:a@evil.example|Write to us>",
    "<!date^1392734382^{date}^https://evil.example|today>",
    "&lt;!channel&gt;",
    "@everyone",
    "@here and <@&123456789012345678>",
    "<@123456789012345678>",
    "<#123456789012345678> </do:1>",
    "<:smile:123456789012345678> <t:0:R>",
    "[Your bank](https://evil.example)",
    "[Your bank](<https://evil.example> 'title')",
    "![x](https://evil.example/pixel.png)",
    "https://evil.example/login",
    "HTTPS://EVIL.EXAMPLE",
    "http://evil.example www.evil.example",
    "mailto:someone@evil.example",
    "tg://resolve?domain=evil",
    "t.me/evil /start@evilbot",
    "@evilbot #tag $TSLA",
    "**bold** __under__ ~~gone~~ `code` ||spoiler||",
    "```\nfenced https://evil.example\n```",
    "# Heading\n> quote\n- list\n1. list",
    "<at>Everyone</at> <at id='0'>Ada</at>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)><svg onload=alert(1)>",
    "</pre></blockquote><a href='https://evil.example'>Open in the inbox</a>",
    "<style>*{display:none}</style><base href='https://evil.example'>",
    "{{ 7 * 7 }} {% include '/etc/passwd' %} ${7*7} %(link)s",
    "Hello\r\nBcc: victim@evil.example\r\n\r\nBody",
    "Hello\nSubject: Evil\nX-Evil: yes\n.\nRCPT TO:<victim@evil.example>",
    "=?utf-8?q?=0D=0ABcc=3A_victim=40evil.example?=",
    "Line\u2028separator\u2029paragraph\u0085next\x0bvt\x0cff\x1cfs",
    "\u202egnp.exe\u202c \u200b\ufeff\u2066hidden\u2069",
    "\\[Your bank\\](https://evil.example) \\<@1> \\\\*x*",
]
HALVES = [TEXTS[:20], TEXTS[20:]]
# What stands in every letter of ours; Received and the like are the far end's own.
HEADERS = {
    *("From", "To", "Subject", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"),
    *("MIME-Version", "Content-Type"),
}
TAGS = {"html", "body", "h3", "p", "small", "blockquote", "pre", "a", "hr"}


class Reader(HTMLParser):
    """Which tags a page has, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def tell_all(who: Member, texts: list[str]) -> None:
    """Send feedback that is hostile wherever it can be."""
    for text in texts:
        who.account.say(text, context={"url": text, "name": text, "email": text})


def rename(who: Member, name: str) -> None:
    path = f"/api/projects/{who.account.project_id}"
    answer = who.account.put(path, json={"name": name})
    assert answer.status_code == 200, answer.text


def headers_of(message: EmailMessage) -> set[str]:
    return {name for name in message if not name.startswith("X-") and name != "Received"}


def assert_harmless(letter: Letter, email: str, base_url: str) -> None:
    reader = Reader(letter.html)
    assert letter.to == [email]
    assert headers_of(letter.message) == HEADERS
    assert letter.message["To"] == email
    assert re.fullmatch(
        r"Miniback: (New feedback|\d+ pieces of feedback)", letter.message["Subject"]
    )
    assert set(reader.tags) == TAGS
    assert {name for name, _ in reader.attributes} == {"href"}
    assert all((value or "").startswith(base_url + "/") for _, value in reader.attributes)


@pytest.mark.parametrize("texts", HALVES, ids=["first", "second"])
def test_t6_no_visitors_text_is_more_than_words_in_a_letter(
    bea: Member, mailing: House, office: PostOffice, texts: list[str]
) -> None:
    email = f"hostile-{bea.account.slug}@example.test"
    rename(bea, "<b>=?utf-8?q?Bcc?= https://evil.example")
    subscribe(bea, office, email)
    tell_all(bea, texts)

    letters = until(lambda: len(office.to(email)) == len(texts) and office.to(email))

    for letter in letters:
        assert_harmless(letter, email, mailing.base_url)
    assert len(office.letters) == len(texts)


def test_t6_nor_in_a_digest(bea: Member, mailing: House, office: PostOffice) -> None:
    email = f"hostile-{bea.account.slug}@example.test"
    subscribe(bea, office, email, schedule="DAILY")
    tell_all(bea, TEXTS)
    sql = "SELECT count(*) FROM deliveries WHERE account_id = :id AND status = 'WAITING'"
    until(lambda: mailing.row(sql, id=bea.account.id) == (len(TEXTS),))
    sql = "UPDATE deliveries SET due_at = 0 WHERE account_id = :id AND status = 'WAITING'"
    mailing.change(sql, id=bea.account.id)
    mailing.change("UPDATE targets SET due_at = 0 WHERE account_id = :id", id=bea.account.id)

    (letter,) = office.wait(email)

    assert_harmless(letter, email, mailing.base_url)
    assert Reader(letter.html).tags.count("blockquote") == len(TEXTS)


def strings(value: Any) -> list[str]:
    """All texts in a value of JSON."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


def plain_parts(value: Any) -> list[str]:
    """The texts that Slack takes for nothing but words."""
    if isinstance(value, dict) and value.get("type") == "plain_text":
        return [value["text"]]
    if isinstance(value, dict):
        return [text for each in value.values() for text in plain_parts(each)]
    if isinstance(value, list):
        return [text for each in value for text in plain_parts(each)]
    return []


def assert_slack(message: dict[str, Any], base_url: str) -> None:
    words = plain_parts(message)
    others = [text for text in strings(message) if text not in words]
    assert words
    assert not re.search(r"<[!@#h]", message["text"])
    assert (message["unfurl_links"], message["unfurl_media"]) == (False, False)
    assert [each for each in others if "evil" in each] in ([], [message["text"]])
    assert message["blocks"][-1]["elements"][0]["url"].startswith(base_url)


def assert_discord(message: dict[str, Any], base_url: str) -> None:
    (embed,) = message["embeds"]
    assert message.keys() == {"allowed_mentions", "embeds"}
    assert message["allowed_mentions"] == {"parse": []}
    assert embed.keys() == {"title", "url", "description"}
    assert embed["url"].startswith(base_url)
    for text in (embed["title"], embed["description"]):
        bare = re.sub(r"\\[\\*_~`|>#\[\]()<@:/!&.-]", "", text)
        assert not re.search(r"[\\*_~`|>#\[\]<@]|://|www\.", bare), bare


def assert_teams(message: dict[str, Any], base_url: str) -> None:
    card = message["attachments"][0]["content"]
    assert {each["type"] for each in card["body"]} == {"TextBlock"}
    assert [each["url"].startswith(base_url) for each in card["actions"]] == [True]
    assert "msteams" not in card
    for block in card["body"]:
        bare = re.sub(r"\\[\\*_\[\]()`#+!<>&-]", "", block["text"])
        assert not re.search(r"[\\*_\[\]`#<>]|(?i:https?:/|www\.\w|mailto:\w)", bare), bare


def assert_telegram(message: dict[str, Any], base_url: str) -> None:
    text = message["text"]
    units = text.encode("utf-16-le")
    (entity,) = message["entities"]
    rest = units[(entity["offset"] + entity["length"]) * 2 :].decode("utf-16-le")
    assert message.keys() == {"text", "link_preview_options", "entities"}
    assert message["link_preview_options"] == {"is_disabled": True}
    assert (entity["type"], entity["offset"]) == ("code", 0)
    assert re.fullmatch(re.escape(base_url) + r"/inbox/\w+", rest)


CHATS = {
    "SLACK": ("/services/T/B/x", assert_slack),
    "DISCORD": ("/api/webhooks/1/x", assert_discord),
    "TEAMS": ("/workflows/x", assert_teams),
    "TELEGRAM": ("/bot1:x/sendMessage?chat_id=1", assert_telegram),
}


def add_chat(who: Member, kind: str, receiver: Receiver) -> None:
    address = f"http://127.0.0.1:{receiver.port}{CHATS[kind][0]}"
    fields = {"kind": kind, "address": address, "created": "on"}
    answer = who.submit("/settings/notifications", "/usage", **fields)
    assert answer.status_code == 303, answer.text


def messages_of(got: list[Got]) -> list[dict[str, Any]]:
    return [json.loads(each.body) for each in got]


@pytest.mark.parametrize("kind", CHATS)
def test_t6_no_visitors_text_is_more_than_words_in_a_chat(
    bea: Member, mailing: House, kind: str
) -> None:
    rename(bea, "<!channel> @everyone [x](https://evil.example)")
    with receiving() as receiver:
        add_chat(bea, kind, receiver)
        tell_all(bea, TEXTS)
        until(lambda: len(receiver.got) == len(TEXTS), "all messages")

    for message in messages_of(receiver.got):
        CHATS[kind][1](message, mailing.base_url)


@pytest.mark.parametrize("kind", CHATS)
def test_a_chat_is_told_in_words_that_name_the_project_and_lead_to_the_item(
    bea: Member, mailing: House, kind: str
) -> None:
    with receiving() as receiver:
        add_chat(bea, kind, receiver)
        item = bea.account.say("The button does nothing")
        until(lambda: receiver.got, "a message")

    (message,) = messages_of(receiver.got)
    texts = strings(message)
    assert any("My Website" in each and "new feedback" in each for each in texts)
    assert any("The button does nothing" in each for each in texts)
    assert any(each.endswith(f"{mailing.base_url}/inbox/{item['id']}") for each in texts)
    assert receiver.got[0].head.startswith(f"POST {CHATS[kind][0]} HTTP/1.1")
    assert "webhook-signature" not in receiver.got[0].head
