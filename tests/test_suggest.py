"""Misspellings are told from names that are only as short as another."""

from __future__ import annotations

import pytest

from assay.suggest import closest, pairs


@pytest.mark.parametrize(
    ("missing", "present"),
    [("PORT", "PROT"), ("MPESA_CONSUMER_KEY", "MPESA_CONSUMER_KEYY"), ("API_URL", "api-url")],
)
def test_a_near_name_is_paired(missing, present):
    assert pairs([missing], [present]) == {missing: present}


@pytest.mark.parametrize(
    ("missing", "present"), [("B", "X"), ("URL", "URI"), ("KEY_1", "KEY_2"), ("HOST", "PORT")]
)
def test_another_word_is_not_paired(missing, present):
    assert pairs([missing], [present]) == {}


def test_a_single_letter_resembles_itself_only():
    assert closest("B", ["X"]) is None
    assert closest("b", ["B"]) == "B"
