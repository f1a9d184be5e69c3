"""The rows of a column: counted by cause, whatever is wrong with how many of them."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.crypto.autopsy.sealed import KEY, LAYOUTS, PLAIN, TEXT, case, sealed
from tests.crypto.autopsy.test_causes import CBC, FERNET, OTHER, cbc, cbc_hex, fernet, raw
from tests.crypto.autopsy.test_secrecy import PLAINTEXT, leaks, spelt

from assay.crypto.autopsy import Cause, CauseCode, Cluster, Confidence, Examiner
from assay.crypto.autopsy.diagnosing import examined
from assay.crypto.autopsy.examiner import LOOKED_INTO, SMALL
from assay.crypto.autopsy.population import MOST_CLUSTERS, MOST_VALUES, Population
from assay.databases.model import TooLarge

pytestmark = pytest.mark.usefixtures("quick_keys")
RAW = LAYOUTS["joined"]
SALT = "CANARYsaltCANARY"
KEY_TEXT = bytes(range(200, 232)).hex()
DERIVED = hashlib.sha256(TEXT.encode()).digest()


def census(cells, identities=None, *, asked=None, aads=None, page=50):
    """What rows come to, read in pages."""
    examiner = Examiner(asked or case(RAW), "secret")
    identities = identities or [(str(at % 5), str(at)) for at in range(len(cells))]
    for at in range(0, len(cells), page):
        bound = None if aads is None else aads[at : at + page]
        examiner.add(cells[at : at + page], identities[at : at + page], bound)
    return examiner.census()


def causes(found):
    return [(one.cause.code, one.count) for one in found.clusters]


def buffered(data):
    return json.dumps({"type": "Buffer", "data": list(data)})


def test_rows_that_open_are_counted_and_nothing_else_is_said():
    found = census([raw() for _ in range(120)])
    assert (found.opened, found.nulls, found.proof, found.clusters) == (120, 0, True, ())
    assert found.name == "secret"


def test_rows_are_told_apart_by_what_is_wrong_with_them():
    cells = [raw() for _ in range(40)]
    cells[3] = raw()[:-5]
    cells[7] = None
    cells[9] = TooLarge()
    cells[12] = buffered(raw())
    cells[17] = buffered(raw()).encode()
    cells[20] = ""
    cells[25] = 7
    cells[30] = raw(OTHER)
    cells[33] = memoryview(raw())
    found = census(cells)
    assert (found.opened, found.nulls) == (32, 1)
    assert dict(causes(found)) == {
        "json-buffer": 2,
        "truncated": 1,
        "too-large": 1,
        "empty": 1,
        "malformed": 1,
        "key-unknown": 1,
    }
    assert found.clusters[0].identities == (("2", "12"), ("2", "17"))


@pytest.mark.parametrize(
    ("seal", "code", "confidence"),
    [
        (lambda: raw(DERIVED), "key-misread", Confidence.PROVEN),
        (lambda: buffered(raw()), "json-buffer", Confidence.PROVEN),
        (lambda: raw(OTHER), "key-unknown", Confidence.LIKELY),
        (fernet, "wrong-envelope", Confidence.PROVEN),
        (lambda: raw().decode(errors="replace"), "utf8-damaged", Confidence.PROVEN),
        (lambda: "", "empty", Confidence.PROVEN),
    ],
)  # fmt: skip
def test_a_cause_that_all_rows_share_is_found_once_and_verified_on_all(seal, code, confidence):
    found = census([seal() for _ in range(130)])
    assert causes(found) == [(code, 130)]
    assert found.clusters[0].cause.confidence is confidence
    assert len(found.clusters[0].identities) == Cluster.KEPT
    assert found.opened == 0


def test_rows_of_one_tenant_are_told_by_what_they_share():
    rows = [(str(tenant), str(row)) for row in range(20) for tenant in range(5)]
    cells = [raw(OTHER if tenant == "3" else KEY) for tenant, _ in rows]
    asked = case(RAW, previous={"APP_KEY_OLD": OTHER.hex()})
    found = census(cells, rows, asked=asked)
    (cluster,) = found.clusters
    assert cluster.cause.code == "previous-key"
    assert (cluster.count, cluster.shared, found.opened) == (20, (0, "3"), 80)


def test_rows_that_share_a_value_with_others_are_not_called_by_it():
    rows = [(str(tenant), str(row)) for row in range(20) for tenant in range(5)]
    cells = [raw(OTHER if tenant == "3" and row != "7" else KEY) for tenant, row in rows]
    (cluster,) = census(cells, rows).clusters
    assert (cluster.count, cluster.shared) == (19, None)
    assert cluster.cause.confidence is Confidence.UNCERTAIN


def test_an_unknown_key_of_one_tenant_is_likely():
    rows = [(str(tenant), str(row)) for row in range(20) for tenant in range(5)]
    cells = [raw(OTHER if tenant == "3" else KEY) for tenant, _ in rows]
    (cluster,) = census(cells, rows).clusters
    assert cluster.cause.code == "key-unknown"
    assert cluster.cause.confidence is Confidence.LIKELY
    assert cluster.shared == (0, "3")


def test_one_row_that_nothing_opens_leaves_its_cause_open():
    (cluster,) = census([raw(), raw(OTHER), raw()]).clusters
    assert cluster.cause.confidence is Confidence.UNCERTAIN


def test_damaged_rows_among_those_of_another_key_are_found():
    """Long after the first ones have settled what rows of their shape have in common."""
    cells = [raw() if at % 2 else raw(OTHER) for at in range(200)]
    cells[150] = cells[151][:40] + cells[151][41:]
    found = census(cells, page=200)
    assert dict(causes(found)) == {"key-unknown": 99, "bytes-lost": 1}
    assert found.opened == 100


def test_damaged_rows_are_counted_together_wherever_the_damage_is():
    cells = [raw()[: 20 + at] + raw()[21 + at :] for at in range(20)]
    cells = [whole[: 20 + at] + whole[21 + at :] for at, whole in enumerate(raw() for _ in cells)]
    found = census([raw(), *cells])
    (cluster,) = found.clusters
    assert (cluster.cause.code, cluster.count) == ("bytes-lost", 20)
    assert cluster.cause.filled == {"amount": "1 byte"}


@pytest.mark.parametrize("first", ["other", "good"])
def test_rows_behind_the_first_settled_ones_are_tried_with_named_keys(first):
    cells = [raw(os.urandom(32)) for _ in range(SMALL)] + [raw(OTHER)]
    cells += [raw()] if first == "good" else []
    asked = case(RAW, suspects={"STAGING_KEY": OTHER.hex()})
    found = census(cells, asked=asked, page=500)
    assert dict(causes(found)) == {
        "key-unknown": SMALL,
        "wrong-key": 1,
    }


def test_each_tenant_of_a_large_table_is_tried_with_every_key():
    rows = [(str(at // 100), str(at)) for at in range(600)]
    cells = [raw(DERIVED if tenant == "4" else OTHER) for tenant, _ in rows]
    found = census(cells, rows, page=500)
    assert dict(causes(found)) == {
        "key-unknown": 500,
        "key-misread": 100,
    }
    assert found.clusters[1].shared == (0, "4")


def test_rows_that_open_later_are_still_counted():
    cells = [raw(OTHER) for _ in range(60)] + [raw() for _ in range(60)]
    found = census(cells)
    assert (found.opened, causes(found)) == (60, [("key-unknown", 60)])


def test_causes_that_alternate_are_all_verified():
    cells = [
        (raw(), raw(DERIVED), buffered(raw()), "\\x" + raw().hex(), raw(OTHER))[at % 5]
        for at in range(100)
    ]
    found = census(cells)
    assert found.opened == 20
    assert sorted(count for _, count in causes(found)) == [20, 20, 20, 20]


def test_each_cause_of_a_row_is_counted_and_each_row_once():
    cells = [buffered(raw(DERIVED)) if at % 2 else raw(DERIVED) for at in range(300)]
    found = census(cells)
    assert causes(found) == [("key-misread", 300), ("json-buffer", 150)]
    assert (found.opened, found.failed) == (0, 300)
    otherwise, buffer = (one.cause for one in found.clusters)
    assert buffer.confidence is Confidence.PROVEN
    assert otherwise.filled["found"] == "used as text, hashed with SHA-256"


def test_a_buffer_is_told_of_rows_that_no_key_opens_and_not_called_intact():
    cells = [buffered(raw(OTHER)) if at % 2 else raw(OTHER) for at in range(300)]
    found = census(cells)
    assert causes(found) == [("key-unknown", 300), ("json-buffer", 150)]
    assert found.failed == 300
    assert found.clusters[1].cause.case == "unopened"


def test_a_damaged_text_within_a_buffer_has_both_causes():
    found = census([buffered(raw()[:-4]), *(raw() for _ in range(5))])
    assert causes(found) == [("truncated", 1), ("json-buffer", 1)]
    assert (found.opened, found.failed) == (5, 1)


def test_rows_behind_one_that_was_sealed_twice_are_no_such_rows():
    asked = case(RAW, fits=bytes.isdigit, expected="a number")
    cells = [raw(plain=raw(plain=b"4711"))] + [raw(plain=b"4711") for _ in range(9)]
    found = census(cells, asked=asked, page=1)
    assert (found.opened, causes(found)) == (9, [("encrypted-twice", 1)])


def test_damage_under_an_earlier_key_is_not_told_of_the_declared_one():
    asked = case(RAW, previous={"APP_KEY_OLD": OTHER.hex()})
    found = census([raw(), raw(OTHER)[:-4]], asked=asked)
    (cluster,) = found.clusters
    assert cluster.cause.code == "truncated"
    assert "the key is APP_KEY_OLD" in cluster.cause.evidence


def test_data_that_is_bound_to_each_row_is_given_with_it():
    rows = [("t", str(at)) for at in range(40)]
    cells = [raw(aad=row.encode()) for _, row in rows]
    bound = [row.encode() for _, row in rows]
    assert census(cells, rows, aads=bound).opened == 40
    (cluster,) = census(cells, rows).clusters
    assert cluster.cause.code == "wrong-aad"
    assert cluster.count == 40


def test_a_type_that_does_not_fit_is_told_of_rows_that_open():
    cells = [raw(plain=b"4711") for _ in range(30)] + [raw(plain=b"none") for _ in range(3)]
    found = census(cells, asked=case(RAW, fits=bytes.isdigit, expected="a number"))
    assert (found.opened, causes(found)) == (30, [("wrong-plaintext", 3)])


def test_a_judge_that_fails_refuses():
    def fits(plain):
        raise RuntimeError(plain)

    found = census([raw(), raw()], asked=case(RAW, fits=fits))
    assert causes(found) == [("wrong-plaintext", 2)]


def test_keys_that_are_slow_to_make_are_tried_where_other_rows_open(monkeypatch):
    monkeypatch.setattr("assay.crypto.variations._SALTS", ("salt", ""))
    stretched = hashlib.scrypt(TEXT.encode(), salt=b"salt", n=16384, r=8, p=1, dklen=32)
    found = census([raw(), buffered(raw(stretched)), raw(), raw(stretched)])
    assert causes(found) == [("key-misread", 2), ("json-buffer", 1)]
    assert (found.opened, found.failed) == (2, 2)


def test_text_in_a_column_of_bytes_is_no_ciphertext_of_another_key():
    """A wrong envelope, or the plaintext itself, says nothing against the key."""
    parts = [raw()[:12], raw()[12:28], raw()[28:]]
    cut = ":".join(part.hex() for part in parts)[:64]
    (cluster,) = census([cut] * 12).clusters
    assert cluster.cause.code == "malformed"
    (cluster,) = census([f"consumerKey{at:05}AbCdEfGhIjKlMnOpQrStUv" for at in range(12)]).clusters
    assert cluster.cause.confidence is Confidence.UNCERTAIN
    assert "only as base64, so it may not be a ciphertext" in cluster.cause.evidence[1]


def test_a_text_that_was_copied_from_another_row_is_told_with_that_row():
    rows = [("t", str(at)) for at in range(40)]
    bound = [row.encode() for _, row in rows]
    cells = [raw(aad=data) for data in bound]
    cells[7], cells[9] = cells[9], cells[7]
    found = census(cells, rows, aads=bound)
    assert [(c.identities, c.cause.filled["found"]) for c in found.clusters] == [
        ((("t", "7"),), "row t/9"),
        ((("t", "9"),), "row t/7"),
    ]
    assert all(c.cause.code == "wrong-aad" for c in found.clusters)
    assert all(c.cause.confidence is Confidence.PROVEN for c in found.clusters)


def test_of_many_texts_that_were_copied_only_the_first_name_their_rows(monkeypatch):
    rows = [(str(at),) for at in range(60)]
    bound = [row.encode() for (row,) in rows]
    cells = [raw(aad=data) for data in bound]
    found = census(cells[:2] + cells[3:] + cells[2:3], rows, aads=bound, page=60)
    assert found.clusters[0].cause.filled["found"] == "another row"
    assert (found.opened, sum(cluster.count for cluster in found.clusters)) == (2, 58)
    monkeypatch.setattr("assay.crypto.autopsy.population.TRIES", 0)
    given_up = census(cells[:58] + cells[59:] + cells[58:59], rows, aads=bound, page=60)
    assert "row" not in dict(given_up.clusters[0].cause.values).get("found", "")


def test_rows_that_are_all_damaged_in_one_way_cost_no_search_each(monkeypatch):
    searched: list[bytes] = []

    def counted(search, data, *rest):
        searched.append(data)
        return examined(search, data, *rest)

    monkeypatch.setattr("assay.crypto.autopsy.examiner.examined", counted)
    found = census([whole[:-1] + bytes((whole[-1] ^ 1,)) for whole in (raw() for _ in range(90))])
    assert causes(found) == [("tag-damaged", 90)]
    assert len(searched) == 1


def test_a_key_that_is_none_is_told_once():
    found = census([raw() for _ in range(90)], asked=case(RAW, text="zz"))
    assert causes(found) == [("key-unusable", 90)]


def test_unproved_modes_say_so_and_count_what_reads():
    cells = [cbc_hex(*cbc()) for _ in range(300)]
    found = census(cells, asked=case(CBC))
    assert (found.opened, found.proof, found.clusters) == (300, False, ())


def test_a_wrong_key_that_finds_padding_by_chance_does_not_open():
    cells = [cbc_hex(*cbc(OTHER)) for _ in range(300)]
    found = census(cells, asked=case(CBC))
    assert (found.opened, causes(found)) == (0, [("key-unknown", 300)])


def test_bytes_that_are_no_text_open_where_so_many_have_their_padding():
    cells = [cbc_hex(*cbc(plain=os.urandom(40))) for _ in range(60)]
    found = census(cells, asked=case(CBC))
    assert (found.opened, found.clusters) == (60, ())


def test_fernet_is_examined_as_the_rest():
    asked = case(FERNET, text=base64.urlsafe_b64encode(KEY).decode(), recipe=_recipe())
    found = census([fernet() for _ in range(20)] + [fernet(OTHER)], asked=asked)
    assert (found.opened, causes(found)) == (20, [("key-unknown", 1)])


def _recipe():
    from assay.crypto.recipes import Recipe

    return Recipe(cipher="fernet", encoding="base64url")


def test_memory_does_not_grow_with_rows():
    examiner = Examiner(case(RAW))
    cells = [raw() if at % 3 else raw(OTHER) for at in range(300)]

    def page(number):
        examiner.add(cells, [(str(number % 7), str(number * 300 + at)) for at in range(300)])

    for number in range(MOST_VALUES // 300 + 2):
        page(number)
    tracemalloc.start()
    for number in range(100, 120):
        page(number)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 60_000


def test_causes_without_number_are_counted_together():
    population = Population()
    for at in range(MOST_CLUSTERS * 3):
        cause = Cause.of(CauseCode.BYTES_LOST, Confidence.PROVEN, other=str(at))
        population.tally(cause).add((str(at),))
    found = [cluster for _, cluster in population.clusters()]
    assert sum(cluster.count for cluster in found) == MOST_CLUSTERS * 3
    assert found[0].cause.code == "unexplained"


def test_a_table_full_of_damage_is_not_looked_into_for_ever(monkeypatch):
    monkeypatch.setattr("assay.crypto.autopsy.examiner.LOOKED_INTO", 5)
    assert LOOKED_INTO > 5
    cells = [raw(), *(raw(OTHER) for _ in range(SMALL))]
    cells += [whole[:30] + whole[31:] for whole in (raw() for _ in range(9))]
    found = dict(causes(census(cells, page=500)))
    assert found["bytes-lost"] + found["unexplained"] == 9


@settings(max_examples=25)
@given(
    st.lists(
        st.one_of(st.binary(max_size=80), st.text(max_size=60), st.none(), st.integers()),
        max_size=12,
    ),
    st.sampled_from(sorted(LAYOUTS)),
)
def test_whatever_a_column_holds_every_row_is_counted(cells, layout):
    found = census(cells, asked=case(LAYOUTS[layout]))
    counted = found.opened + found.nulls + sum(count for _, count in causes(found))
    assert counted == len(cells)


@settings(max_examples=20)
@given(st.lists(st.sampled_from(["good", "other", "buffer", "derived", "null"]), max_size=40))
def test_rows_come_to_what_each_of_them_is(sorts):
    made = {
        "good": raw(), "other": raw(OTHER), "buffer": buffered(raw()), "derived": raw(DERIVED),
        "null": None,
    }  # fmt: skip
    found = census([made[sort] for sort in sorts], page=7)
    counts = dict(causes(found))
    assert found.opened == sorts.count("good")
    assert found.nulls == sorts.count("null")
    assert counts.get("key-unknown", 0) == sorts.count("other")
    assert counts.get("json-buffer", 0) == sorts.count("buffer")
    assert counts.get("key-misread", 0) == sorts.count("derived")


def test_an_examiner_shows_nothing():
    examiner = Examiner(case(RAW))
    examiner.add([raw()], [("1", "2")])
    assert TEXT not in repr(examiner)
    assert "CANARY" not in repr(examiner.census())
    assert PLAIN.decode() not in repr(sealed())


@settings(max_examples=15)
@given(
    st.sampled_from(sorted(LAYOUTS)),
    st.integers(0, 100),
    st.sampled_from(["cut", "lost", "changed", "other", "whole"]),
    st.text(min_size=12, max_size=40).map("7Zq†{}".format),  # no text of a rule is the secret
)
def test_a_census_shows_nothing_of_what_it_counted(layout, at, damage, phrase):
    written = LAYOUTS[layout]
    key = OTHER if damage == "other" else bytes.fromhex(KEY_TEXT)
    plain = f'{{"secret":"{PLAINTEXT}","and":"{PLAINTEXT}"}}'.encode()
    stored = written.write(sealed(plain, key, cipher=written.cipher))
    at %= len(stored)
    stored = {
        "cut": stored[:at],
        "lost": stored[:at] + stored[at + 1 :],
        "changed": stored[:at] + bytes((stored[at] ^ 1,)) + stored[at + 1 :],
    }.get(damage, stored)
    asked = case(written, text=KEY_TEXT, suspects={"OTHER": phrase}, salts={"S": SALT})
    examiner = Examiner(asked, "secret")
    examiner.add([stored, stored.decode("latin-1")], [("1", "2"), ("1", "3")])
    census = examiner.census()
    assert leaks(census, KEY_TEXT, bytes.fromhex(KEY_TEXT), PLAINTEXT, SALT, phrase) == []
    shown_by = f"{examiner!r} {asked!r} {asked!s}"
    assert not any(text in shown_by for secret in (KEY_TEXT, phrase) for text in spelt(secret))
