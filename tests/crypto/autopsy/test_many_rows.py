"""What is tried on the rows of a large column: bounded, and yet nothing hides among many."""

from __future__ import annotations

import hashlib
from itertools import count
from time import process_time

import pytest
from tests.crypto.autopsy.sealed import LAYOUTS, TEXT, case, sealed
from tests.crypto.autopsy.test_causes import OTHER, raw
from tests.crypto.envelopes.produced import vectors

from assay.crypto.autopsy import (
    Case,
    Cause,
    CauseCode,
    Cluster,
    Confidence,
    Examiner,
    rows_in_words,
    trying,
)
from assay.crypto.autopsy.causes import Stretch
from assay.crypto.autopsy.population import Tally, since
from assay.crypto.autopsy.searching import COSTLY, Search
from assay.crypto.autopsy.trying import REFUSED, Trials

pytestmark = pytest.mark.usefixtures("quick_keys")
RAW, HEX = LAYOUTS["joined"], LAYOUTS["hex"]
DERIVED = hashlib.sha256(TEXT.encode()).digest()
CAUSE = Cause.of(CauseCode.EMPTY, Confidence.PROVEN)
CRYPTR = next(one for one in vectors() if one.envelope.tag() == "cryptr")


def census(cells, *, asked=None, page=50):
    """What rows come to, read in pages; their identities are their numbers, from one."""
    examiner = Examiner(asked or case(RAW, identity=("id",)), "secret")
    for at in range(0, len(cells), page):
        part = cells[at : at + page]
        examiner.add(part, [(str(at + one + 1),) for one in range(len(part))])
    return examiner.census()


def told(found):
    return [(one.cause.code.value, one.count) for one in found.clusters]


# Which rows follow each other


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        (False, True, "40 of 214 rows, all from row 175 on"),
        (True, False, "40 of 214 rows, all up to row 214"),
        (False, False, "40 of 214 rows, all from row 175 to row 214"),
    ],
)
def test_rows_that_follow_each_other_are_called_by_their_ends(begins, ends, words):
    run = Stretch(first=("175",), last=("214",), begins=begins, ends=ends)
    cluster = Cluster(cause=CAUSE, count=40, identities=(("175",), ("176",)), run=run)
    assert rows_in_words(cluster, 214, ("id",)) == words


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        (False, True, "the rows before row 7 can be decrypted, so something changed when it was"),
        (True, False, "the rows after row 9 can be decrypted, so something changed when it was"),
        (False, False, "the rows before and after them can be decrypted, so something changed"),
    ],
)
def test_what_follows_each_other_tells_that_something_changed(begins, ends, words):
    assert since(Stretch(first=("7",), last=("9",), begins=begins, ends=ends)).startswith(words)


def test_rows_that_follow_each_other_are_recognised_whatever_order_they_are_counted_in():
    tally, other = Tally(CAUSE), Tally(CAUSE)
    for place in (5, 3):
        tally.add((str(place),), place)
    other.add(("4",), 4)
    assert tally.run(9) is None
    tally.join(other)
    assert tally.run(9) == Stretch(first=("3",), last=("5",), begins=False, ends=False)
    assert tally.run(6) == Stretch(first=("3",), last=("5",), begins=False, ends=True)
    assert tally.run(3) is None


def test_all_rows_from_one_on_are_a_different_key_since_then():
    cells = [raw() for _ in range(130)] + [raw(OTHER) for _ in range(20)]
    cells[10] = cells[140] = None
    found = census(cells)
    assert (found.opened, told(found)) == (129, [("key-unknown", 19)])
    [cluster] = found.clusters
    assert rows_in_words(cluster, 150, ("id",)) == "19 of 150 rows, all from row 131 on"
    assert cluster.cause.confidence is Confidence.LIKELY
    assert any("the rows before row 131 can be decrypted" in one for one in cluster.cause.evidence)


def test_a_few_last_rows_may_follow_each_other_by_chance():
    [cluster] = census([*(raw() for _ in range(130)), *(raw(OTHER) for _ in range(4))]).clusters
    assert cluster.cause.confidence is Confidence.UNCERTAIN
    assert not any("something changed" in one for one in cluster.cause.evidence)


# How many keys are tried


def test_few_rows_of_another_reading_are_found_among_many_of_a_lost_key():
    cells = [raw(OTHER) for _ in range(1200)]
    for at in (207, 411, 702, 905, 1103):
        cells[at] = raw(DERIVED)
    found = census(cells)
    assert sorted(told(found)) == [("key-misread", 5), ("key-unknown", 1195)]


def test_a_sample_of_rows_is_tried_when_all_that_keys_may_cost_is_spent(monkeypatch):
    for limit in ("EVERY", "LIKELIEST", "READINGS"):
        monkeypatch.setattr(trying, limit, 0.0)
    cells = [raw(OTHER) for _ in range(1200)]
    cells[1000:1005] = [raw(DERIVED) for _ in range(5)]
    assert sorted(told(census(cells))) == [("key-misread", 5), ("key-unknown", 1195)]
    cells = [raw(OTHER) for _ in range(1200)]
    cells[777] = raw(DERIVED)
    assert told(census(cells)) == [("key-unknown", 1200)]


def test_the_likeliest_keys_are_tried_longest(monkeypatch):
    search = Search(case(RAW))
    every = len(search.guessed)
    for limit in ("EVERY", "LIKELIEST", "READINGS"):
        monkeypatch.setattr(trying, limit, 0.001)
    trials = Trials(search)
    sizes = []
    while not trials.given_up(0):
        sizes.append(len(list(trials.keys(b"", due=False))))
    assert len(sizes) == 3
    assert every == sizes[0] > sizes[1] > sizes[2] > 0
    assert not list(trials.keys(b"", due=False))
    assert len(list(trials.keys(b"", due=True))) == every


def slow_case(**changes):
    given = {
        "envelope": CRYPTR.envelope,
        "recipe": CRYPTR.recipe,
        "variable": "KEY",
        "text": "none of them",
        "identity": ("id",),
    }
    return Case(**{**given, **changes})


def test_a_slow_envelope_is_tried_on_a_sample_of_rows():
    trials = Trials(Search(slow_case()))
    assert trials.slow
    assert not trials.given_up(REFUSED - 1)
    assert trials.given_up(REFUSED)
    assert not list(trials.keys(CRYPTR.stored, due=False))
    each = CRYPTR.envelope.milliseconds
    first = len(list(trials.keys(CRYPTR.stored, due=True)))
    assert 0 < first <= COSTLY / each + 1
    tried = first
    while more := len(list(trials.keys(CRYPTR.stored, due=True))):
        tried += more
    assert tried <= COSTLY / each + 1


def test_a_thousand_rows_of_a_slow_envelope_are_bounded(monkeypatch):
    monkeypatch.setattr("assay.crypto.autopsy.searching.COSTLY", 400.0)
    began = process_time()
    found = census([CRYPTR.stored] * 1000, asked=slow_case(), page=500)
    assert told(found) == [("key-unknown", 1000)]
    assert process_time() - began < 12


# Counts


def test_three_causes_are_counted_exactly():
    lost, misread, whole = 700, 250, 400
    nonces = (at.to_bytes(12) for at in count(1))  # the same in each run: noise may look like text
    cells = [HEX.write(sealed(key=OTHER, nonce=next(nonces))) for _ in range(lost)]
    cells += [HEX.write(sealed(key=DERIVED, nonce=next(nonces))) for _ in range(misread)]
    cells += [HEX.write(sealed(nonce=next(nonces))) for _ in range(whole)]
    cut = [HEX.write(sealed(nonce=next(nonces)))[:-12] for _ in range(60)]
    cells = [cell for at in range(17) for cell in (cells + cut)[at::17]]
    found = census(cells, asked=case(HEX, identity=("id",)))
    assert found.opened == whole
    assert told(found) == [("key-unknown", lost), ("key-misread", misread), ("tag-damaged", 60)]
