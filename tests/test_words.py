"""Lists, counts, sizes and durations in messages read as a person would write them."""

from __future__ import annotations

import pytest

from assay.words import either, in_bytes, in_seconds, listed, plural


@pytest.mark.parametrize(
    ("names", "words"),
    [
        *(((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")),
        (("a", "b", "a"), "a and b"),
    ],
)
def test_a_list(names, words):
    assert listed(iter(names)) == words
    assert either(iter(names)) == words.replace(" and ", " or ")


def test_a_long_list_is_cut_and_counted():
    assert listed("abcde", most=2) == "a, b and 3 more"
    assert listed("abc", most=3) == "a, b and c"
    assert listed("ab", most=1) == "a and 1 more"


def test_a_count():
    assert [plural(count, "row") for count in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        *((0, "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (4096, "4 KiB"), (1536, "1.5 KiB")),
        *((100_000, "98 KiB"), (2**20, "1 MiB"), (32 * 2**20, "32 MiB"), (3 * 2**29, "1.5 GiB")),
    ],
)
def test_a_size(size, words):
    assert in_bytes(size) == words


@pytest.mark.parametrize(
    ("duration", "words"),
    [(3.64699, "3.6"), (10.0, "10"), (12.7, "13"), (0.2, "0.2"), (0.0512, "0.05"), (1, "1")],
)
def test_a_duration(duration, words):
    assert in_seconds(duration) == words
