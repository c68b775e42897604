"""Formbricks: responses to a survey as CSV, or as its API lists them."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from miniback.imports import mapping
from miniback.imports.models import Taken, Target

_MAPPING = {
    "message": Target.MESSAGE,
    "Response ID": Target.ID,
    "id": Target.ID,
    "Timestamp": Target.CREATED_AT,
    "createdAt": Target.CREATED_AT,
    "updatedAt": Target.UPDATED_AT,
    "Tags": Target.TAGS,
    "tags": Target.TAGS,
    "url": Target.URL,
    "email": Target.EMAIL,
    "Verified Email": Target.EMAIL,
    **dict.fromkeys(("No.", "ttc", "notes", "displayId", "endingId", "contact"), Target.NOTHING),
}
# A column of the CSV is an answer where its question's number stands in front.
_QUESTION = re.compile(r"\d+\. .+")
_OPTION = " - Option ID"


def recognises(columns: Collection[str]) -> bool:
    """Tell whether these are responses: of a file, or of the API."""
    names = set(columns)
    is_file = names >= {"Response ID", "Timestamp", "Survey ID"}
    return is_file or names >= {"surveyId", "finished", "data", "createdAt"}


def taken(cells: Mapping[str, Any]) -> Taken:
    """Take the answers for the message, each below its question where there are several."""
    if isinstance(answers := cells.get("data"), dict):
        flat = _flat(cells)
    else:
        answers = {name: cell for name, cell in cells.items() if _QUESTION.fullmatch(name)}
        flat = {name: cell for name, cell in cells.items() if name not in answers}
        answers = {name: cell for name, cell in answers.items() if not name.endswith(_OPTION)}
    said = {name: text for name, answer in answers.items() if (text := _said(answer))}
    if len(said) == 1:
        flat["message"] = next(iter(said.values()))
    else:
        flat["message"] = "\n\n".join(f"{question}\n{text}" for question, text in said.items())
    return mapping.taken(flat, _MAPPING)


def _flat(cells: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: cell for name, cell in cells.items() if name not in ("data", "meta")}
    meta = cells.get("meta")
    attributes = cells.get("contactAttributes")
    if isinstance(attributes, dict) and attributes.get("email"):
        flat["email"] = attributes["email"]
    return {**meta, **flat} if isinstance(meta, dict) else flat


def _said(answer: object) -> str:
    if isinstance(answer, list):
        return ", ".join(filter(None, map(_said, answer)))
    if isinstance(answer, dict):
        return ", ".join(
            f"{name}: {text}" for name, each in answer.items() if (text := _said(each))
        )
    return "" if answer is None else str(answer).strip()
