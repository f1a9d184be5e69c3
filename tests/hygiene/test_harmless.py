"""What of an undeclared name may be shown: hardly anything, and nothing like a secret."""

from __future__ import annotations

import base64
from random import Random

import pytest

from assay.hygiene.harmless import harmless


@pytest.mark.parametrize(
    "value",
    [
        *("true", "NO", "0", "-1", "3.5", "8080", "65535", "30s", "500ms", "10MB", "production"),
        *("debug", "utf-8", "localhost", "localhost:3000", "127.0.0.1:5432", "http://localhost/"),
        *("http://localhost:3000", "redis://[::1]:6379/0", "https://shop.example/"),
    ],
)
def test_a_harmless_value(value):
    assert harmless(value)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "hunter2",
            "swordfish",
            "correct horse battery staple",
            "JBSWY3DPEHPK3PXP",
            "4711081547",
        ),
        *("http://joe:swordfish@localhost", "http://swordfish@localhost", "http://swordfish/"),
        *("http://localhost/swordfish", "http://localhost/?key=swordfish", "http://localhost#x"),
        *("true ", "true\n", "localhost.swordfish", "https://api.acme.io", "é", "٣", "admin"),
    ],
)
def test_a_value_that_may_be_a_secret(value):
    assert not harmless(value)


def test_nothing_random_is_harmless():
    rng = Random(5)
    for size in (5, 8, 10, 16, 32):
        for _ in range(200):
            raw = rng.randbytes(size)
            assert not harmless(base64.b32encode(raw).decode())
            assert not harmless(base64.b64encode(raw).decode())
            assert not harmless("x" + raw.hex())
