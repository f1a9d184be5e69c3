"""Texts that a column cut off: told by their length, and by that of the other rows."""

from __future__ import annotations

import base64
import os

import pytest
from nacl.bindings import crypto_secretbox
from tests.crypto.autopsy.sealed import KEY, LAYOUTS, PLAIN, Written, case, sealed
from tests.crypto.autopsy.test_causes import FERNET, fernet
from tests.crypto.autopsy.test_examiner import census

from assay.crypto.autopsy import CauseCode, Confidence, autopsy
from assay.crypto.autopsy.widths import Lengths, begins, width
from assay.crypto.envelopes import ENVELOPES
from assay.kinds.credential.words import violation_of

pytestmark = pytest.mark.usefixtures("quick_keys")
HEX = LAYOUTS["hex"]
BOX = Written({"format": "secretbox", "encoding": "base64"}, HEX.write, "secretbox")
LONG = PLAIN * 9
ABOUT = {
    "column": "secret",
    "rows": "row 1",
    "key": "app",
    "variable": "APP_KEY",
    "environment": "live",
}


def in_hex(plain=PLAIN):
    return HEX.write(sealed(plain)).decode()


def box(plain=PLAIN):
    nonce = os.urandom(24)
    made = nonce + crypto_secretbox(plain, nonce, KEY)
    return base64.b64encode(made).decode()


def only(found):
    """The one cause of a census."""
    assert len(found.clusters) == 1, found.clusters
    return found.clusters[0].cause


@pytest.mark.parametrize("size", [64, 128, 191, 255, 500])
def test_a_column_that_is_too_narrow_is_named_with_its_length_and_widened_first(size):
    cells = [in_hex(LONG)[:size] for _ in range(3)]
    found = only(census(cells, asked=case(HEX)))
    assert (found.code, found.confidence) == (CauseCode.TRUNCATED, Confidence.LIKELY)
    said = violation_of(found, **ABOUT)
    assert f"cut short at {size} characters, the length of a column" in said.message
    assert said.remedy.startswith("Widen secret first")
    assert f"3 rows are exactly {size} characters long, and no row is longer" in found.evidence


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (HEX, in_hex(LONG)[:191]),
        (FERNET, fernet(plain=LONG).decode()[:255]),
    ],
    ids=["hex", "fernet"],
)
def test_a_single_text_that_just_fits_a_column_was_likely_cut(written, stored):
    (found,) = autopsy(case(written), stored)
    assert (found.code, found.case) == (CauseCode.TRUNCATED, "column")
    assert found.confidence is Confidence.LIKELY
    assert "width" not in found.evidence


def test_a_longer_row_shows_that_the_column_did_not_cut():
    cells = [in_hex(LONG)[:191], in_hex(LONG), in_hex(LONG)[:191]]
    found = only(census(cells, asked=case(HEX)))
    assert (found.code, found.case) == (CauseCode.MALFORMED, "")
    assert "shows" not in found.filled
    assert "width" not in found.filled


def test_a_text_whose_tag_begins_where_it_was_cut_is_proved_to_be_cut():
    stored = base64.b64encode(LAYOUTS["joined"].write(sealed(bytes(range(65, 88))))).decode()[:64]
    layout = {**LAYOUTS["joined"].envelope, "encoding": "base64"}
    found = only(census([stored], asked=case(LAYOUTS["joined"], envelope=ENVELOPES.parse(layout))))
    assert (found.code, found.confidence) == (CauseCode.TRUNCATED, Confidence.PROVEN)
    assert found.filled["width"] == "64 characters"


def test_rows_that_keep_their_form_were_cut_if_the_population_says_so():
    """No tag can be read in a secretbox: several of the greatest length fail, all others open."""
    cells = [box(PLAIN[:count]) for count in (9, 20, 30, 35, 40)]
    cut = [box(LONG)[:128] for _ in range(3)]
    found = census([*cells, *cut], asked=case(BOX))
    assert found.opened == 5
    assert (only(found).code, only(found).confidence) == (CauseCode.TRUNCATED, Confidence.LIKELY)


@pytest.mark.parametrize("others", ["longer", "as long", "none", "alone"])
def test_rows_that_keep_their_form_may_be_damaged_otherwise(others):
    shorter = [box(PLAIN[:count]) for count in (9, 20)]
    cut = [box(LONG)[:128] for _ in range(1 if others == "alone" else 3)]
    more = {
        "longer": [*shorter, box(LONG)],
        "as long": [*shorter, box(LONG[:56])],
        "none": [],
        "alone": shorter,
    }
    assert len(more["as long"][-1]) == 128
    found = only(census([*more[others], *cut], asked=case(BOX)))
    assert found.code is CauseCode.KEY_UNKNOWN


def test_a_type_that_takes_shorter_texts_does_not_rule_a_cut_out():
    asked = case(HEX, fits=lambda plain: plain.isalnum() and len(plain) > 4)
    (found,) = autopsy(asked, in_hex(b"CANARY" * 40)[:128])
    assert (found.code, found.case) == (CauseCode.TRUNCATED, "column")


def test_a_type_of_one_length_shows_that_nothing_is_missing():
    asked = case(HEX, fits=lambda plain: plain.isalnum() and len(plain) == 35)
    parts = sealed(b"CANARYCANARYCANARYCANARYCANARYCANAR")
    stored = HEX.write(parts.__class__(parts.nonce, os.urandom(16), parts.body))
    assert len(stored) == 128
    (found,) = autopsy(asked, stored)
    assert (found.code, found.case) == (CauseCode.TAG_DAMAGED, "or-aad")


def test_rows_of_the_same_length_that_open_speak_against_a_cut():
    plain = PLAIN[:35]
    parts = sealed(plain)
    spoiled = HEX.write(parts.__class__(parts.nonce, os.urandom(16), parts.body))
    assert len(spoiled) == 128
    found = only(census([in_hex(plain), spoiled, in_hex(plain)], asked=case(HEX)))
    assert (found.code, found.case) == (CauseCode.TAG_DAMAGED, "or-truncated-or-aad")


@pytest.mark.parametrize(
    ("envelope", "text", "may"),
    [
        ("node-gcm-hex", "ab" * 12 + ":" + "c" * 7, True),
        ("node-gcm-hex", "a" * 31, True),
        ("node-gcm-hex", "a" * 64, False),
        ("node-gcm-hex", "some text, of people", False),
        ("node-gcm-json", "bm9uZQ==" * 8, False),
        ("cryptr", "a" * 191, True),
        ("rails", "QUJD" * 16, True),
        ("rails", "ab" * 32, False),
        ("fernet", "gAAAA" + "B" * 60, True),
        ("fernet", "ab" * 32, False),
        ("fernet", "gAAAA" + "B" * 131, True),
    ],
)
def test_what_lost_its_form_is_the_beginning_of_one_or_is_not(envelope, text, may):
    assert begins(ENVELOPES.parse(envelope), text.encode()) is may


def test_lengths_are_counted_in_characters_and_of_bytes_in_bytes():
    lengths = Lengths()
    lengths.see(["é" * 64, b"a" * 64, None, 7, "a"])
    lengths.see([memoryview(b"b" * 64), "b"])
    lengths.see([])
    assert (lengths.longest, lengths.count) == (64, 3)
    assert width(("é" * 64).encode()) == 64
    assert width(b"a" * 63) == 0
