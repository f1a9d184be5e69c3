"""Sizes and durations in messages have a sensible unit, and few digits."""

from __future__ import annotations

import pytest

from assay.quantities import seconds, size


@pytest.mark.parametrize(
    ("count", "words"),
    [
        *((0, "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (4096, "4 KiB"), (1536, "1.5 KiB")),
        *((100_000, "98 KiB"), (2**20, "1 MiB"), (32 * 2**20, "32 MiB"), (3 * 2**29, "1.5 GiB")),
    ],
)
def test_a_size(count, words):
    assert size(count) == words


@pytest.mark.parametrize(
    ("duration", "words"),
    [(3.64699, "3.6"), (10.0, "10"), (12.7, "13"), (0.2, "0.2"), (0.0512, "0.05"), (1, "1")],
)
def test_a_duration(duration, words):
    assert seconds(duration) == words
