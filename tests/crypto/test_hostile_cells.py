"""Cells that were made to take long are looked at in time that grows with their length alone."""

from __future__ import annotations

import time

import pytest

from assay.crypto.autopsy.forms import _worded
from assay.crypto.autopsy.transports import _base64

SIZE = 10**6


@pytest.mark.parametrize("cell", [b" " * SIZE + b"\n", b"A" * 40 + b"\n" * SIZE + b"!"])
@pytest.mark.parametrize("look", [_worded, _base64])
def test_no_cell_takes_long(look, cell):
    started = time.process_time()
    assert not look(cell)
    assert time.process_time() - started < 10


def test_texts_are_told_from_encodings():
    assert _worded(b"a text with spaces")
    assert not _worded(b"onlyletters")
    assert not _worded(b"a text with a\x80")
    assert _base64(b"QUFBQUFBQUFBQUFBQUFBQQ==\r\n \n") == b"A" * 16
