"""What a service or a store sees of the database: one transaction, whatever engine is below."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

Row = tuple[Any, ...]
# Gives the rows that were asked for; it may be called once, before the transaction ends.
Asked = Callable[[], list[Row]]


class Again(Exception):  # noqa: N818 - a signal to the writer
    """Raised by a change that another writer has overtaken: run the transaction from its start."""


class Entry(NamedTuple):
    """One item of the search index: whose it is, its place in time, and what it is found by.

    A token is a word of `text.words`, or a label of the owning room, which begins with `_` as no
    word can. No engine takes a token apart; each is stored under its account.
    """

    account_id: str
    position: int
    tokens: Sequence[str]


class Query(NamedTuple):
    """What to find in the search index of one account, between two places in time, both included.

    `prefix` is the beginning of a token; `none_of` are tokens that a hit must not have.
    """

    account_id: str
    all_of: Sequence[str]
    prefix: str | None
    none_of: Sequence[str]
    oldest: int
    newest: int


class Tx(Protocol):
    """One transaction. SQL is the subset that both engines share.

    Values are named, `:name`; `IN (:names[])` takes a list. Times and counts are whole numbers.
    """

    def all(self, sql: str, **values: Any) -> list[Row]:
        """Return every row; for statements that bound their rows themselves."""

    def one(self, sql: str, **values: Any) -> Row | None:
        """Return the first row, if any."""

    def ask(self, sql: str, **values: Any) -> Asked:
        """Ask for rows that are read later, so that several statements are waited for once."""

    def run(self, sql: str, **values: Any) -> int:
        """Change rows and return how many changed."""

    def run_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run one changing statement for many rows in one go and return how many changed."""

    def put_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Do the same where nobody asks how many changed, so that nobody has to wait for it.

        What goes wrong comes up with a later statement of this transaction, or at its commit.
        """

    def hold_rows(self, sql: str, **values: Any) -> Asked:
        """Ask for rows that no other transaction can delete before this one ends."""

    def hold_table(self, name: str) -> None:
        """Let nobody else change a table before this transaction ends."""

    def merge(
        self, streams: Sequence[str], order: str, limit: int, offset: int, **values: Any
    ) -> list[int]:
        """Return one page of the positions that several queries give, merged by DESC or ASC.

        A stream is a SELECT of `position` that an index gives in that order; it is never read
        further than the page needs.
        """

    def index(self, entries: Sequence[Entry]) -> None:
        """Add items to the search index."""

    def unindex(self, entries: Sequence[Entry]) -> None:
        """Take items out of the search index; the tokens must be those they were added with."""

    def tidy_index(self, portion: int, *, begin: bool = False) -> bool:
        """Write a portion of the search index anew, without what was taken out; False at its end.

        Until then an engine may keep tokens of what nobody finds any more.
        """

    def find(self, query: Query, limit: int, offset: int, order: str = "DESC") -> list[int]:
        """Return the positions of one page of hits, newest first, or by ASC oldest first."""

    def count_found(self, query: Query) -> tuple[int, bool]:
        """Return how many hits there are, and whether that figure is exact (contract section 5)."""
