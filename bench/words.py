"""Made-up feedback: words by Zipf's law, 300 bytes a POST, the same at every run."""

import itertools
import random
from collections.abc import Iterator

import msgspec

SEED = 7
VOCABULARY = 30_000
BODY_BYTES = 300
PAGES = 300

# No other word has an x, so each is found alone, as a whole word and as a prefix.
RARE = "xanthos"
COMMON = "xenolith"
RARE_SHARE = 0.0195  # at 1M items in about 19,500: "up to 20,000"
COMMON_SHARE = 0.25  # at 1M items in about 250,000: "over 200,000"

_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 " * 4


class Draft(msgspec.Struct, frozen=True):
    """The body of one POST."""

    message: str
    context: dict[str, str]


def drafts(seed: int = SEED) -> Iterator[Draft]:
    """Yield drafts without end, each of BODY_BYTES as JSON."""
    chance = random.Random(seed)
    words = _vocabulary()
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(words) + 1)))
    while True:
        chosen = chance.choices(words, cum_weights=weights, k=chance.randint(10, 24))
        if chance.random() < RARE_SHARE:
            chosen[0] = RARE
        if chance.random() < COMMON_SHARE:
            chosen[1] = COMMON
        # People write from a few hundred pages, from some of them very often.
        page = chance.choices(words[:PAGES], cum_weights=weights[:PAGES])[0]
        yield _padded(" ".join(chosen), page)


def bodies(count: int, slug: str = "") -> list[bytes]:
    """Return bodies to POST, drawn apart from those that fill a database."""
    drawn = itertools.islice(drafts(SEED + 1), count)
    named = {"projectSlug": slug} if slug else {}
    return [msgspec.json.encode(msgspec.structs.asdict(draft) | named) for draft in drawn]


def _vocabulary() -> list[str]:
    """Make up the words, the common ones short."""
    chance = random.Random(SEED)
    syllables = [a + b for a in "bcdfghjklmnprstvz" for b in "aeiou"]
    short = [a + b for a in syllables for b in syllables]
    long = [word + syllable for word in short for syllable in syllables]
    chance.shuffle(short)
    return short + chance.sample(long, VOCABULARY - len(short))


def _padded(message: str, page: str) -> Draft:
    """Make a draft of exactly BODY_BYTES."""
    context = {"url": f"https://shop.example.test/{page}", "userAgent": ""}
    missing = BODY_BYTES - len(msgspec.json.encode(Draft(message, context)))
    return Draft(message, context | {"userAgent": _AGENT[:missing]})
