"""The words of a text, as search sees them (contract section 5)."""
# ruff: noqa: RUF001 - look-alike letters are what is tested

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniback.text import LONGEST_WORD, words

LETTERS = "abcxyzéñüçßøłđœαβγσςабвйёİ日本語かなカナ한국어0189"
TEXTS = st.text(st.sampled_from(LETTERS + " ,._-'/"), max_size=20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\n", []),
        ("…!?", []),
        ("😀👍", []),
        ("\u200b", []),
        ("The Blue button", ["the", "blue", "button"]),
        ("don't e-mail", ["don", "t", "e", "mail"]),
        ("snake_case", ["snake", "case"]),
        ("3.14 x2", ["3", "14", "x2"]),
        ("a  a", ["a", "a"]),
        ("Café", ["cafe"]),
        ("Cafe\u0301", ["cafe"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("Ångström Øre Łódź", ["angstrom", "ore", "lodz"]),
        ("ﬁn ² Ⅳ", ["fin", "2", "iv"]),
        ("ＡＢＣ", ["abc"]),
        ("Ёлка", ["елка"]),
        ("Αθήνα ΣΊΣΥΦΟΣ", ["αθηνα", "σισυφοσ"]),
        ("שָׁלוֹם", ["שלום"]),
        ("مَرْحَبًا", ["مرحبا"]),
        ("हिन्दी", ["हिन्दी"]),
        ("日", ["日"]),
        ("日本", ["日本", "本"]),
        ("日本語", ["日本", "本語", "語"]),
        ("東京、大阪", ["東京", "京", "大阪", "阪"]),
        ("abc日本x", ["abc", "日本", "本", "x"]),
        ("カタカナ", ["カタ", "タカ", "カナ", "ナ"]),
        ("한국어", ["한국", "국어", "어"]),
        ("한국".encode().decode(), ["한국", "국"]),
        ("x" * 65, ["x" * 64]),
        ("é" * 65, ["e" * 64]),
    ],
)
def test_a_text_has_these_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text())
def test_a_word_holds_letters_digits_and_marks_alone(text: str) -> None:
    for word in words(text):
        assert 1 <= len(word) <= LONGEST_WORD
        assert all(unicodedata.category(each)[0] in "LNM" for each in word)


@given(st.text())
def test_a_word_cannot_be_mistaken_for_syntax(text: str) -> None:
    assert not set("".join(words(text))) & set(" _\"'*():&|!\\^-+{}\0")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_composed_and_decomposed_texts_have_the_same_words(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)

    assert words(composed) == words(unicodedata.normalize("NFD", text))


@given(TEXTS)
def test_case_does_not_count(text: str) -> None:
    lower = text.replace("İ", "i")

    assert words(lower.upper()) == words(lower) == words(lower.lower())


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_ascii_takes_the_short_way_to_the_same_words(text: str) -> None:
    assert words(text) == words(text + " é")[:-1]


@given(TEXTS, st.integers(0, 20))
def test_what_is_typed_so_far_finds_the_whole(text: str, typed: int) -> None:
    query, message = words(text[:typed]), words(text)

    assert set(query[:-1]) <= set(message)
    assert not query or any(each.startswith(query[-1]) for each in message)


@given(st.text(st.sampled_from("日本語東京都한국어かなカナ"), min_size=1, max_size=12), st.data())
def test_any_part_of_a_run_without_blanks_is_found(run: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    query, message = words(run[start : data.draw(st.integers(start + 1, len(run)))]), words(run)

    assert set(query[:-1]) <= set(message)
    assert any(each.startswith(query[-1]) for each in message)


@given(TEXTS, TEXTS)
def test_the_words_of_two_texts_are_those_of_both_together(first: str, second: str) -> None:
    assert words(first + " " + second) == words(first) + words(second)
