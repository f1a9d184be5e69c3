"""The autopsy is measured on texts that real programs stored; `README.md` has the criteria."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.crypto.corpus.scoring import (
    FALSE_LIKELY,
    FALSE_PROVEN,
    RIGHT,
    corpus,
    judged,
)

from assay.crypto.autopsy import Cluster

PART = 9
"""One case of so many is judged in each run, others where the run asks for all."""


@pytest.fixture(autouse=True)
def all_rows(monkeypatch):
    monkeypatch.setattr(Cluster, "KEPT", 10_000)


def test_nearly_all_are_diagnosed_and_none_wrongly_with_certainty():
    tally: Counter[str] = Counter()
    wrong = []
    for made in corpus()[::PART]:
        for verdict in judged(made):
            tally[verdict.outcome] += 1
            if verdict.outcome != RIGHT:
                wrong.append((verdict.outcome, verdict.case, verdict.found))
    count = sum(tally.values())
    assert tally[FALSE_PROVEN] == 0, wrong
    assert tally[FALSE_LIKELY] < 0.01 * count + 1, wrong
    assert tally[RIGHT] >= 0.97 * count, wrong


def test_there_is_a_case_of_every_class():
    classes = Counter(made["class"] for made in corpus())
    assert min(classes.values()) >= 10, classes
    assert len(corpus()) >= 500
    names = [made["name"] for made in corpus()]
    assert len(set(names)) == len(names)
