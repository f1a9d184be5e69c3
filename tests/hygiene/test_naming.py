"""Names are shown, and pieces of secrets that loaders take for names are not."""

from __future__ import annotations

import base64
from random import Random

import pytest

from assay.hygiene.naming import HIDDEN, shown


@pytest.mark.parametrize(
    "name",
    [
        "PORT",
        "DATABASE_URL",
        "NEXT_PUBLIC_SUPABASE_ANON_KEY",
        "npm_config_registry",
        "AES256GCM_KEY",
        "OAUTH2_CLIENT",
        "BASE64URL",
        "I18N",
        "KEY_20240131",
        "server.port",
        "my-name",
        "myFavouriteSetting2",
        "a",
        "_",
        "",
    ],
)
def test_names_made_of_words_are_shown(name):
    assert shown(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj",
        "9e107d9d372bb6826bd81d3542a419d6",
        "c4odXjRwhCwyv5mw",
        "JBSWY3DPEHPK3PXPJBSWY3DP",
        "two words",
        "A\nB",
        "key-é",
        "A" * 100,
        "-----BEGIN PRIVATE KEY-----",
    ],
)
def test_what_may_be_a_piece_of_a_secret_is_not_shown(name):
    assert shown(name) == HIDDEN


def test_hardly_any_line_of_key_material_passes_for_a_name():
    rng = Random(7)
    lines = [base64.b64encode(rng.randbytes(48)).decode().rstrip("=") for _ in range(2_000)]
    hexes = [rng.randbytes(16).hex() for _ in range(2_000)]
    assert [line for line in lines + hexes if shown(line) != HIDDEN] == []


def test_a_key_pasted_without_quotes_shows_none_of_its_lines(project):
    project.spec("variables: {KEY: {type: private-key}}")
    line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj"
    project.env(f"KEY=-----BEGIN PRIVATE KEY-----\n{line}=\n-----END PRIVATE KEY-----\n")
    ran = project.run("check", "-v", "--format", "json")
    assert line[:8] not in ran.said
    assert f"{HIDDEN} is set in .env, but no spec declares it" in ran.out
