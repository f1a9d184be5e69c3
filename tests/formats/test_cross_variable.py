"""Judgements that need a second variable."""

from __future__ import annotations

import pytest
from tests.formats.tables import keys, tokens
from tests.formats.tables.case import load

from assay.formats.asymmetric import known, private_pem, public_pem

EC = private_pem(known("ec"))
CERTIFICATE = {"type": "certificate", "key": "K"}
PUBLIC = {"type": "public-key", "key": "K"}
SUPABASE = {"type": "supabase-key", "url": "K"}

CROSS = (
    (CERTIFICATE, keys.GOOD, keys.PRIVATE, ""),
    (CERTIFICATE, keys.GOOD, keys.escaped(keys.PRIVATE), ""),
    (CERTIFICATE, keys.GOOD, keys.wrapped(keys.PRIVATE), ""),
    (CERTIFICATE, keys.GOOD, EC, "certificate-key-mismatch"),
    (CERTIFICATE, keys.GOOD, "unreadable", ""),
    (CERTIFICATE, keys.GOOD, keys.LOCKED.decode(), ""),
    (CERTIFICATE, "unreadable", EC, ""),
    (CERTIFICATE, keys.escaped(keys.GOOD), EC, ""),
    (PUBLIC, keys.PUBLIC, keys.PRIVATE, ""),
    (PUBLIC, keys.PUBLIC, EC, "public-key-mismatch"),
    (PUBLIC, public_pem(known("ec").public_key()), EC, ""),
    (PUBLIC, "unreadable", EC, ""),
    (SUPABASE, tokens.ANON, "https://abcdefgh.supabase.co", ""),
    (SUPABASE, tokens.ANON, "https://other.supabase.co", "supabase-key-project"),
    (SUPABASE, tokens.ANON, "https://api.example.com", ""),
    (SUPABASE, tokens.PUBLISHABLE, "https://other.supabase.co", ""),
    (SUPABASE, tokens.ANON, "unreadable", ""),
)


@pytest.mark.parametrize(("given", "value", "other", "codes"), CROSS)
def test_both_variables_are_judged_together(given, value, other, codes):
    declared = load(given)
    assert declared.references() == ("K",)
    found = list(declared.violations_with(value, {"K": other}))
    assert [v.rule.code for v in found] == codes.split()
    for violation in found:
        assert violation.rule in declared.rules
        told = violation.with_values(name="N")
        assert "N" in told.message
        assert "K" in told.remedy


def test_types_that_stand_alone_look_at_nothing_else():
    assert list(load({"type": "text"}).violations_with("x", {"K": "y"})) == []
