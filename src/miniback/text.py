"""The words of a text, for search: one rule for both databases (contract section 5)."""

import re
import unicodedata

LONGEST_WORD = 64

# Letters with a stroke have no accent that Unicode could take off; people search without it.
_STROKES = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "ħ": "h",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ð": "d",
    }
)
_WRITTEN_WITHOUT_SPACES = (
    "\u1100-\u11ff"  # Hangul Jamo
    "\u3005-\u3007\u3031-\u3035"  # iteration marks, ideographic zero
    "\u3041-\u3096\u309d-\u309f"  # Hiragana
    "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # Katakana
    "\u3105-\u312f\u31a0-\u31bf"  # Bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han
    "\uac00-\ud7a3"  # Hangul syllables
    "\U00020000-\U0003ffff"  # Han, later planes
)
_POINTS = range(10, 37)  # Hebrew and Arabic
_AROUND_A_LETTER = 200
_MOST_REMEMBERED = 20_000
_PIECES = re.compile(f"([{_WRITTEN_WITHOUT_SPACES}]+)")
_ASCII_WORDS = {code: chr(code) if chr(code).isalnum() else " " for code in range(128)}


class _Kept(dict[int, str]):
    """Maps letters, digits and marks to themselves and all else to a blank, learning as it goes."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        kept = character if category[0] in "LNM" else " "
        if len(self) < _MOST_REMEMBERED:  # visitors choose the characters
            self[code] = kept
        return kept


_KEPT = _Kept()


def words(text: str) -> list[str]:
    """Return the words of a text in order: folded, without accents, at most 64 characters each.

    Runs of Chinese, Japanese and Korean become pairs of neighbours and the last character alone,
    so that any part of a run is found: the parts of a query are among those of the text, its last
    one as a prefix.
    """
    if text.isascii():
        return [word[:LONGEST_WORD] for word in text.lower().translate(_ASCII_WORDS).split()]
    found: list[str] = []
    for run in _folded(text).translate(_KEPT).split():
        for piece in _PIECES.split(run):
            if piece and _PIECES.match(piece):
                found += [piece[at : at + 2] for at in range(len(piece))]
            elif piece:
                found.append(piece[:LONGEST_WORD])
    return found


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold()).casefold()
    bare = "".join([each for each in apart if not _is_accent(each)])
    return unicodedata.normalize("NFKC", bare).translate(_STROKES)


def _is_accent(character: str) -> bool:
    """Tell accents and vowel points from marks that make another letter, such as a virama.

    The numbers are combining classes of the Unicode Character Database.
    """
    position = unicodedata.combining(character)
    return position >= _AROUND_A_LETTER or position in _POINTS
