"""A table to play with: notes that come and go."""

from miniback import db
from miniback.db import Engine, Tx


def note(tx: Tx, word: str) -> str:
    """Write a note."""
    tx.run("INSERT INTO scraps (word, number) VALUES (:word, 1)", word=word)
    return word


def noted(tx: Tx) -> list[str]:
    """Return all notes in order."""
    return [word for (word,) in tx.all("SELECT word FROM scraps ORDER BY word")]


def committed(engine: Engine) -> list[str]:
    """Return the notes that another process would see."""
    return db.run(engine, noted)
