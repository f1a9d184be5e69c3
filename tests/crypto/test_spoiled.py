"""What happens to the text of a key on its way is undone, and done, under its own name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.crypto.public_keys import PUBLIC, of_variable
from assay.crypto.spoiled import cleaned, spoils

KEY = "9f1c64b0e83d27a5510b7be94ac2d8f6"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{KEY}\n", "without the newline after it"),
        (f" {KEY}", "without the white space around it"),
        (f"'{KEY}'", "without the quotes around it"),
        (f"\u201c{KEY}\u201d", "without the quotes around it"),
        (f'"{KEY}', "without the quote before it"),
        (f"{KEY}`", "without the quote after it"),
        (f"export APP_KEY={KEY}", "without the export APP_KEY= before it"),
        (f"APP_KEY: {KEY}", "without the APP_KEY: before it"),
        (f"{KEY};", "without the semicolon after it"),
        (f"{KEY},", "without the comma after it"),
        (f"{KEY}  # of production", "without the comment after it"),
        (f"{KEY}{KEY}", "without its second copy"),
        (f"{KEY}\n{KEY}", "without its second copy"),
        (f"{KEY}\nand more", "cut after its first line"),
        (f"\ufeff{KEY}", "without the byte order mark before it"),
        (f"{KEY[:9]}\u200b{KEY[9:]}", "without the zero-width characters in it"),
        (f"{KEY[:9]} {KEY[9:]}", "without the white space inside it"),
        (f'"{KEY}"\n', "without the newline after it and the quotes around it"),
    ],
)
def test_a_damage_is_undone_by_its_name(text, words):
    assert (words, KEY) in list(cleaned(text))


@pytest.mark.parametrize(
    ("text", "words", "clean"),
    [
        ("a%2Bb%2Fc", "with its percent-encoding undone", "a+b/c"),
        ("MTIzNDU2Nzg5MDEyMzQ1Ng==", "decoded from base64", "1234567890123456"),
        ("a b/c", "with + instead of each space", "a+b/c"),
        ("one\u2013two", "with hyphens and straight quotes instead of typographic ones", "one-two"),
        ("cafe\u0301", "with its accents composed (NFC of Unicode)", "caf\u00e9"),
        ("caf\u00e9", "with its accents decomposed (NFD of Unicode)", "cafe\u0301"),
    ],
)
def test_an_encoding_is_undone_by_its_name(text, words, clean):
    assert (words, clean) in list(cleaned(text))


@pytest.mark.parametrize(
    ("text", "words", "then"),
    [
        ("a$b-c", "with what follows its $ expanded to nothing", "a-c"),
        ("a${b}c", "with what follows its $ expanded to nothing", "ac"),
        ("a$$b", "with $$ expanded to $", "a$b"),
        ("a$b", "with a backslash before each $", "a\\$b"),
        ("a\\$b", "without the backslash before each $", "a$b"),
        ("a\\b", "without its backslashes", "ab"),
        ("a\nb", "cut after its first line", "a"),
        ("a#b", "cut at its #, which began a comment", "a"),
        ("a b", "cut at its space", "a"),
    ],
)
def test_what_a_loader_made_of_a_text_has_its_name(text, words, then):
    assert (words, then) in list(spoils(text))


@given(st.text(max_size=60))
def test_nothing_is_raised_and_not_much_is_tried(text):
    found = list(cleaned(text))
    assert len(found) <= 40
    assert all(one and one != text for _, one in found)
    assert all(isinstance(one, str) for _, one in spoils(text))


def test_text_that_is_no_base64_of_text_stays():
    for text in ("9f1c64b0e83d27a5510b7be9", "not base64 at all!!!", "////////////////"):
        assert all("base64" not in words for words, _ in cleaned(text))


def test_public_texts_say_what_they_are():
    assert PUBLIC["changeme"] == "a placeholder of templates"
    assert "undefined" in PUBLIC
    assert of_variable("") == ()
    assert "${APP_KEY}" in of_variable("APP_KEY")
