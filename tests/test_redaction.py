"""The last masker: no known secret passes, and it stays fast."""

from __future__ import annotations

import base64
import html
import json
import shlex
import time
from urllib.parse import quote

import markupsafe
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.redacted import REDACTED
from assay.redaction import SHORTEST, Masker
from assay.reporters.markup import escaped

SECRET = 'p4ss "W&rd\'_*"/$x+\n2nd line é'

ENCODINGS = {
    "plain": lambda s: s,
    "second line": lambda s: s.split("\n")[1],
    "json": json.dumps,
    "json, beyond ASCII": lambda s: json.dumps(s, ensure_ascii=False),
    "html": html.escape,
    "html, as Jinja writes it": lambda s: str(markupsafe.escape(s)),
    "markdown": escaped,
    "url": quote,
    "url, slashes too": lambda s: quote(s, safe=""),
    "shell": shlex.quote,
    "hex": lambda s: s.encode().hex(),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64url": lambda s: base64.urlsafe_b64encode(s.encode()).decode(),
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_a_known_secret_is_masked_in_each_encoding(encode):
    text = f"before {encode(SECRET)} after"
    masked = Masker([SECRET]).mask(text)
    assert REDACTED in masked
    assert encode(SECRET) not in masked
    assert masked.startswith("before ")
    assert masked.endswith(" after")


def test_what_is_short_is_left_alone():
    masker = Masker(["a" * (SHORTEST - 1)])
    assert masker.mask("a" * 20) == "a" * 20
    assert Masker(["long enough"]).mask("short") == "short"
    assert Masker().mask("anything at all") == "anything at all"


def test_of_two_secrets_with_one_beginning_the_longer_is_masked_whole():
    masker = Masker(["secret-one", "secret-one-and-more"])
    assert masker.mask("(secret-one-and-more)(secret-one)") == f"({REDACTED})({REDACTED})"


@given(
    st.lists(st.text(min_size=1, max_size=30), max_size=4),
    st.lists(st.one_of(st.integers(0, 3), st.text(max_size=10)), max_size=8),
)
def test_no_known_secret_stays_in_any_text(secrets, parts):
    masker = Masker(secrets)
    text = "".join(
        part if isinstance(part, str) else secrets[part] if part < len(secrets) else ""
        for part in parts
    )
    masked = masker.mask(text)
    for secret in secrets:
        if len(secret) >= SHORTEST and secret not in REDACTED:
            assert secret not in masked.replace(REDACTED, "\0")


def test_surrogates_are_no_obstacle():
    assert Masker(["\ud800secret\udcff"]).mask("a \ud800secret\udcff b") == f"a {REDACTED} b"


def seconds(masker: Masker, text: str) -> float:
    best = 60.0
    for _ in range(3):
        started = time.process_time()
        masker.mask(text)
        best = min(best, time.process_time() - started)
    return best


def test_time_grows_with_the_text_alone():
    few = Masker(["https://a.example/0"])
    many = Masker(f"https://a.example/{number:05}" for number in range(5_000))
    text = "see https://a.example/x and " * 2_000
    assert seconds(many, text) < 10 * seconds(few, text) + 0.05
    assert seconds(many, text * 4) < 10 * seconds(many, text) + 0.05


def test_a_password_that_is_a_word_of_a_name_leaves_the_name_readable():
    masker = Masker(["PASSWORD"])
    masker.names.update(("DB_PASSWORD", "PASSWORD"))
    told = masker.mask("DB_PASSWORD is set, not OLD_PASSWORD; it is PASSWORD")
    assert told == "DB_PASSWORD is set, not OLD_[redacted]; it is [redacted]"
    assert masker.mask("(DB_PASSWORD)") == "(DB_PASSWORD)"
