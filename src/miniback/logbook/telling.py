"""What was done, in plain words: the entries of the audit log as sentences."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from miniback.accounts import Person
from miniback.audit import Action, Entry

_PLACE = re.compile(r"%\((\w+)\)s")
# Texts of the catalogue, each with the details that it names.
_TEXTS: dict[str, str] = {
    Action.SESSION_BEGUN: "Signed in",
    Action.SESSION_REFUSED: "Somebody gave a wrong password for %(person)s",
    Action.PASSWORD_CHANGED: "Password changed",
    Action.PASSWORD_RESET: "New password chosen, by a link from a letter",
    Action.EMAIL_CHANGED: "Email address changed",
    Action.ACCOUNT_CREATED: "Account created, on %(plan)s",
    Action.MEMBER_ADDED: "%(person)s added as %(role)s",
    Action.PLAN_CHANGED: "Plan set to %(plan)s",
    Action.PROJECT_CREATED: "Project created",
    Action.PROJECT_CHANGED: "Project changed: %(changed)s",
    Action.PROJECT_DELETED: "Project deleted",
    Action.KEY_ISSUED: "API key made, which ends in %(key)s",
    Action.KEY_REVOKED: "API key revoked, which ended in %(key)s",
    Action.SECRET_MADE: "Secret made, by which visitors are vouched for",
    Action.SECRET_ROTATED: "Secret replaced by a new one",
    Action.TARGET_ADDED: "Added to those who are told: %(target)s",
    Action.TARGET_CHANGED: "Changed what is told to %(target)s: %(changed)s",
    Action.TARGET_ENABLED: "Told again: %(target)s",
    Action.TARGET_DISABLED: "Told no more: %(target)s",
    Action.TARGET_REMOVED: "Removed from those who are told: %(target)s",
    Action.FEEDBACK_EXPORTED: "Feedback exported as %(format)s",
    Action.ARCHIVE_EXPORTED: "Archive exported",
    Action.IMPORT_STARTED: "Import started (%(format)s)",
    Action.IMPORT_FINISHED: "Import finished: %(imported)s",
    Action.IMPORT_CANCELLED: "Import cancelled: %(imported)s had come",
    Action.IMPORT_FAILED: "Import failed: %(imported)s had come",
    Action.LOG_EXPORTED: "Audit log exported as %(format)s",
}
_COUNTED: dict[str, tuple[str, str]] = {
    Action.SESSION_ENDED: ("%(count)s session ended", "%(count)s sessions ended"),
    Action.FEEDBACK_DELETED: ("%(count)s item deleted", "%(count)s items deleted"),
    Action.FEEDBACK_RESTORED: ("%(count)s item brought back", "%(count)s items brought back"),
    Action.SPAM_PURGED: (
        "%(count)s item deleted after 30 days in quarantine",
        "%(count)s items deleted after 30 days in quarantine",
    ),
    Action.RETENTION_APPLIED: (
        "%(count)s item deleted that was too old",
        "%(count)s items deleted that were too old",
    ),
    Action.PERSON_EXPORTED: (
        "%(count)s item of a person handed out",
        "%(count)s items of a person handed out",
    ),
    Action.PERSON_ERASED: (
        "%(count)s item of a person erased",
        "%(count)s items of a person erased",
    ),
}
_REASONS = {
    "failing": "it could not be reached, or wanted nothing more",
    "plan": "the plan does not have it any more",
    "unsubscribed": "its own reader wants no more mail",
}
_KINDS = {"WEBHOOK": "a webhook", "EMAIL": "an email address"}


class Part(NamedTuple):
    """A piece of a sentence: of ours, or a name or word that belongs to what is told."""

    text: str
    is_name: bool = False


class Words(NamedTuple):
    """How texts of the catalogue are written in the reader's language."""

    say: Callable[[str], str]
    plural: Callable[[str, str, int], str]


def sentence(entry: Entry, people: dict[str, Person], words: Words) -> list[Part]:
    """Say what was done; an action that is not known yet is told by its name."""
    told = entry.told
    if entry.action in _COUNTED:
        count = told.get("items", told.get("sessions", 0))
        return [Part(words.plural(*_COUNTED[entry.action], count))]
    text = _TEXTS.get(entry.action)
    if text is None:
        return [Part(entry.action, is_name=True)]
    person = people.get(told.get("userId", ""))
    values = {
        "person": person.label if person else words.say("somebody who is no member any more"),
        "changed": ", ".join(told.get("changed", ())),
        "target": _target(told, words),
        "imported": _imported(told.get("imported", {}), words),
        **{name: told.get(name, "") for name in ("plan", "role", "key", "format")},
    }
    pieces = _PLACE.split(words.say(text))
    # Every other piece is the name of a value.
    parts = [
        Part(values[piece], is_name=True) if number % 2 else Part(piece)
        for number, piece in enumerate(pieces)
    ]
    reason = _REASONS.get(told.get("reason", ""))
    return [*parts, Part(f" ({words.say(reason)})")] if reason else parts


def doer(entry: Entry, people: dict[str, Person], words: Words) -> str:
    """Say who did it, where that is no member whose name stands there."""
    if entry.by.user_id:
        person = people.get(entry.by.user_id)
        return person.label if person else words.say("By somebody who is no member any more")
    if entry.by.way == "CLI":
        return words.say("By the command line")
    if entry.by.way == "SYSTEM":
        return words.say("By this server")
    if entry.by.way == "API":
        return words.say("By API key")
    return words.say("By somebody who was not signed in")


def _target(told: dict[str, Any], words: Words) -> str:
    kind = told.get("kind", "")
    name = words.say(_KINDS[kind]) if kind in _KINDS else kind.title()
    return f"{name} ({told['host']})" if told.get("host") else name


def _imported(counts: dict[str, int], words: Words) -> str:
    named = [f"{count:,} {kind}" for kind, count in counts.items() if count]
    return ", ".join(named) or words.say("nothing")
