"""What comes back from others, or why nothing did."""

from typing import NamedTuple


class Unreachable(Exception):  # noqa: N818 - an answer that did not come
    """No answer came; the text says why, for the people who gave the address."""


class Page(NamedTuple):
    """What was found at an address: where it was in the end, its headers and its beginning."""

    url: str
    status: int
    headers: list[tuple[str, str]]
    text: str

    def all(self, name: str) -> list[str]:
        """Return the values of a header, which may come several times."""
        return [value for each, value in self.headers if each == name]


class Answer(NamedTuple):
    """What came back: at most the first bytes of a body, as text without NUL; times in ms."""

    status: int
    text: str
    retry_after: str
    took_ms: int

    @property
    def is_good(self) -> bool:
        """Whether it was taken."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the statuses of success
