"""Small damage to ciphers that can't be looked into, and to rows that need another reading."""

from __future__ import annotations

import base64
import hashlib

import pytest
from tests.crypto.autopsy.sealed import KEY, LAYOUTS, PLAIN, TEXT, Written, case, sealed
from tests.crypto.autopsy.test_causes import FERNET, OTHER, fernet, raw
from tests.crypto.autopsy.test_examiner import census
from tests.crypto.autopsy.test_widths import ABOUT, BOX, HEX, box

from assay.crypto.autopsy import CauseCode, Confidence, autopsy
from assay.crypto.autopsy.diagnosing import Effort, examined
from assay.crypto.autopsy.searching import Search
from assay.crypto.envelopes import ENVELOPES
from assay.kinds.credential.words import violation_of

pytestmark = pytest.mark.usefixtures("quick_keys")
PROVEN = Confidence.PROVEN
RAW_BOX = Written("secretbox", HEX.write, "secretbox")
HEX_BOX = Written({"format": "secretbox", "encoding": "hex"}, HEX.write, "secretbox")
PARTS_BOX = Written(
    {"format": "secretbox", "encoding": "base64", "separator": ":"}, HEX.write, "secretbox"
)


def sealed_box():
    return base64.b64decode(box())


def flipped(data, at, bit=0x10):
    return data[:at] + bytes((data[at] ^ bit,)) + data[at + 1 :]


def in_parts(data):
    return b":".join(map(base64.b64encode, (data[:24], data[24:])))


def known(written, stored):
    """What is found with a key that is known to be right."""
    return examined(Search(case(written)), stored, b"", (), Effort(known=True)).causes


@pytest.mark.parametrize(
    ("written", "encode"),
    [
        (RAW_BOX, bytes),
        (BOX, base64.b64encode),
        (HEX_BOX, lambda data: data.hex().encode()),
        (HEX_BOX, lambda data: data.hex().upper().encode()),
        (PARTS_BOX, in_parts),
    ],
    ids=["raw", "base64", "hex", "upper hex", "in parts"],
)
@pytest.mark.parametrize("at", [3, 30, 60])
def test_one_flipped_bit_is_proved_without_looking_inside(written, encode, at):
    (found,) = autopsy(case(written), encode(flipped(sealed_box(), at)))
    assert (found.code, found.confidence) == (CauseCode.BYTES_CHANGED, PROVEN)
    assert found.filled["place"].startswith(("at byte", "at character"))


def test_one_flipped_bit_of_a_fernet_token_is_proved():
    token = base64.urlsafe_b64encode(flipped(base64.urlsafe_b64decode(fernet()), 50))
    (found,) = autopsy(case(FERNET), token)
    assert (found.code, found.confidence) == (CauseCode.BYTES_CHANGED, PROVEN)


@pytest.mark.parametrize(
    ("damage", "code", "amount"),
    [
        (lambda data: flipped(data, 9, 0xFF), CauseCode.BYTES_CHANGED, None),
        (lambda data: data[:9] + data[10:], CauseCode.BYTES_LOST, "1 byte"),
        (lambda data: data[:9] + b"+" + data[9:], CauseCode.BYTES_ADDED, "1 byte"),
    ],
    ids=["changed", "lost", "added"],
)
def test_one_byte_is_proved_if_the_key_is_known_to_be_right(damage, code, amount):
    stored = base64.b64encode(damage(sealed_box()))
    (found,) = known(BOX, stored)
    assert (found.code, found.confidence, found.filled.get("amount")) == (code, PROVEN, amount)
    assert found.filled["place"] == "at byte 10 of what is encoded"


@pytest.mark.parametrize("written", [BOX, FERNET], ids=["secretbox", "fernet"])
def test_what_can_not_be_told_apart_is_named_as_both(written):
    stored = {"secretbox": box().encode(), "fernet": fernet()}[written.cipher]
    spoiled = stored[:-30] + stored[40:50] + stored[-20:]
    (found,) = autopsy(case(written), spoiled)
    assert (found.code, found.case) == (CauseCode.KEY_UNKNOWN, "or-damaged")
    said = violation_of(found, **ABOUT)
    assert "damaged, or encrypted with a different key" in said.message
    assert "backup" in said.remedy
    assert "find the key" in said.remedy


def test_other_rows_that_open_make_damage_likelier_and_none_a_different_key():
    spoiled = box()[:-30] + box()[-30:]
    healthy = [box() for _ in range(3)]
    one = census([*healthy, spoiled], asked=case(BOX)).clusters[0].cause
    assert one.case == "or-damaged"
    assert any("damage is likelier" in sentence for sentence in one.evidence)
    many = census([box()[:-30] + box()[-30:] for _ in range(3)], asked=case(BOX))
    assert [found.cause.case for found in many.clusters] == [""]
    assert many.clusters[0].cause.confidence is Confidence.LIKELY


def test_a_column_takes_only_so_many_tries():
    search = Search(case(BOX))
    search.alterations = 0
    stored = base64.b64encode(flipped(sealed_box(), 30))
    (found,) = examined(search, stored, b"", (), Effort(known=True)).causes
    assert found.case == "or-damaged"


def test_a_fernet_token_of_an_impossible_length_is_cut_or_lost_bytes():
    (found,) = autopsy(case(FERNET), base64.urlsafe_b64encode(base64.b64decode(b"gAAA" * 30)))
    assert (found.code, found.case) == (CauseCode.TRUNCATED, "or-lost")


def test_a_damaged_row_is_looked_into_with_the_reading_that_opens_the_others():
    key = hashlib.sha256(TEXT.encode()).digest()
    cells = [raw(key) for _ in range(4)]
    cells[2] = flipped(cells[2], 30)
    found = {one.cause.code: one for one in census(cells).clusters}
    assert set(found) == {CauseCode.KEY_MISREAD, CauseCode.BYTES_CHANGED}
    hurt = found[CauseCode.BYTES_CHANGED]
    assert (hurt.count, hurt.cause.confidence) == (1, PROVEN)


def test_a_damaged_row_is_looked_into_in_the_layout_that_opens_the_others():
    first = LAYOUTS["joined, tag first"]
    cells = [first.write(sealed()) for _ in range(4)]
    cells[3] = flipped(cells[3], 40)
    found = [one.cause.code for one in census(cells).clusters]
    assert found == [CauseCode.WRONG_LAYOUT, CauseCode.BYTES_CHANGED]


def test_a_flipped_bit_is_found_with_the_reading_that_opens_the_others():
    key = hashlib.sha256(TEXT.encode()).digest()
    cells = [fernet(key) for _ in range(3)]
    cells[1] = base64.urlsafe_b64encode(flipped(base64.urlsafe_b64decode(cells[1]), 50))
    found = {
        one.cause.code: one.cause.confidence for one in census(cells, asked=case(FERNET)).clusters
    }
    assert found == {CauseCode.KEY_MISREAD: PROVEN, CauseCode.BYTES_CHANGED: PROVEN}


def test_noise_under_a_right_key_stays_open():
    (found,) = known(BOX, box(PLAIN * 40).encode()[::-1])
    assert found.code in (CauseCode.KEY_UNKNOWN, CauseCode.MALFORMED)
    assert KEY != OTHER


@pytest.mark.parametrize("end", ["start", "end"])
def test_a_byte_added_under_base64_is_no_layout_of_its_own(end):
    """What a decoder gave is bytes: a NUL or a newline beside them is no white space."""
    written = LAYOUTS["joined"]
    layout = {**written.envelope, "encoding": "base64"}
    data = b"\0" + raw() if end == "start" else raw() + b"\n"
    asked = case(written, envelope=ENVELOPES.parse(layout))
    (found,) = autopsy(asked, base64.b64encode(data))
    assert (found.code, found.confidence) == (CauseCode.BYTES_ADDED, PROVEN)
