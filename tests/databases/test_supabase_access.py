"""URLs and keys of Supabase projects, judged before anything is sent."""

from __future__ import annotations

import contextlib
import time
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.databases.base import Reach
from assay.databases.postgrest.supabase import Supabase, read_address, read_key
from assay.databases.trouble import DatabaseTrouble
from assay.formats.jose import write_jwt

REF = "abcdefghijklmnopqrst"
HOSTED = f"https://{REF}.supabase.co"
SECRET = "sb_secret_" + "canary" * 5


def token(**claims: object) -> str:
    return write_jwt({"alg": "HS256", "typ": "JWT"}, claims)


def trouble_of(url: str, key: str = SECRET) -> tuple[str, dict[str, str]]:
    with pytest.raises(DatabaseTrouble) as caught:
        read_key(key, read_address(url))
    shown = "".join(traceback.format_exception(caught.value))
    assert key not in shown or not key.strip()
    refused = caught.value.refused
    assert not any(key in value for value in refused.values.values() if key.strip())
    return refused.code, dict(refused.values)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "empty"),
        (f" {HOSTED}", "white space"),
        (f"{HOSTED}\n", "white space"),
        (f"{REF}.supabase.co", "does not begin with https://"),
        ("ftp://x.supabase.co", "does not begin with https://"),
        (f"postgres://postgres:pw@db.{REF}.supabase.co:5432/postgres", "connection string"),
        (f"postgresql://postgres:pw@db.{REF}.supabase.co:5432/postgres", "connection string"),
        (f"https://supabase.com/dashboard/project/{REF}", f"of this project is {HOSTED}"),
        (f"https://supabase.com/dashboard/project/{REF}/settings/api-keys", HOSTED),
        (f"https://app.supabase.com/project/{REF}", HOSTED),
        ("https://supabase.com/dashboard", "a page of the dashboard"),
        (f"https://db.{REF}.supabase.co", f"of this project is {HOSTED}"),
        (f"{HOSTED}/rest/v1", "/rest/v1"),
        (f"{HOSTED}/rest/v1/", "/rest/v1"),
        (f"{HOSTED}/auth/v1", "/auth/v1"),
        (f"http://{REF}.supabase.co", "in the clear"),
        (f"https://user:pw@{REF}.supabase.co", "a user, a query"),
        (f"{HOSTED}?apikey=x", "a user, a query"),
        (f"{HOSTED}#x", "a user, a query"),
        (f"{HOSTED}:99999", "port is malformed"),
        ("https://", "host or its port"),
        ("https://exa_mple..com", "host or its port"),
        ("https://example.com/<x>", "path"),
    ],
)  # fmt: skip
def test_a_url_that_is_none_of_an_api_says_why(url, words):
    code, values = trouble_of(url)
    assert code == "database-url-invalid"
    assert words in values["reason"]
    assert "pw" not in values["reason"].replace("PostgreSQL", "")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (HOSTED, (HOSTED, f"{REF}.supabase.co", 443, REF)),
        (f"{HOSTED}/", (HOSTED, f"{REF}.supabase.co", 443, REF)),
        (f"HTTPS://{REF}.SUPABASE.CO", (HOSTED, f"{REF}.supabase.co", 443, REF)),
        ("http://127.0.0.1:54321", ("http://127.0.0.1:54321", "127.0.0.1:54321", 54321, None)),
        ("http://[::1]:54321/", ("http://[::1]:54321", "[::1]:54321", 54321, None)),
        ("http://kong:8000", ("http://kong:8000", "kong:8000", 8000, None)),
        ("https://example.com/a/", ("https://example.com/a", "example.com", 443, None)),
    ],
)  # fmt: skip
def test_a_url_of_an_api_is_taken_as_programs_take_it(url, expected):
    address = read_address(url)
    assert (address.url, address.host, address.port, address.ref) == expected


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "empty"),
        ("   ", "empty"),
        (f"{SECRET}\n", "white space"),
        (f" {SECRET}", "white space"),
        (f'"{SECRET}"', "not a complete JWT"),
        ("sb_secret_ä", "not a complete JWT"),
        ("sb_secret_a\r\nX-Injected: 1", "not a complete JWT"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9", "not a complete JWT"),
        ("undefined", "not a complete JWT"),
        ("x" * 100_000, "not a complete JWT"),
        (token(role="anon", ref=REF, exp=1_600_000_000), "expired"),
    ],
)
def test_a_key_that_can_not_be_right_is_sent_nowhere(key, words):
    code, values = trouble_of(HOSTED, key)
    assert code == "database-key-rejected"
    assert words in values["reason"]


def test_a_key_of_another_project_is_sent_nowhere():
    key = token(role="service_role", ref="zyxwvutsrqponmlkjihg", exp=time.time() + 9e6)
    code, values = trouble_of(HOSTED, key)
    assert code == "database-wrong-project"
    assert (values["ref"], values["other"]) == (REF, "zyxwvutsrqponmlkjihg")


def test_a_project_that_is_no_reference_is_not_shown():
    key = token(role="anon", ref="x\n\x1b[31m" * 9, exp=time.time() + 9e6)
    assert "other" not in trouble_of(HOSTED, key)[1]


@pytest.mark.parametrize(
    ("key", "role", "is_token"),
    [
        (SECRET, "service_role", False),
        ("sb_publishable_" + "x" * 30, "anon", False),
        (token(role="anon", ref=REF), "anon", True),
        (token(role="service_role", ref=REF, exp=time.time() + 9e6), "service_role", True),
        (token(role="authenticated", sub="1"), "authenticated", True),
        (token(role="bad\nrole"), "anon", True),
        (token(role=None), "anon", True),
    ],
)
def test_a_key_tells_its_role(key, role, is_token):
    found = read_key(key, read_address(HOSTED))
    assert (found.role, found.token) == (role, is_token)
    assert key not in repr(found)


def test_a_key_without_a_project_goes_to_any_host():
    assert (
        read_key(token(role="anon", ref="other"), read_address("http://kong:8000")).role == "anon"
    )


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_url_and_key_give_a_fault_or_an_address(url, key):
    with contextlib.suppress(DatabaseTrouble):
        read_key(key, read_address(url))


def test_a_missing_variable_is_an_empty_one():
    backend = Supabase(url="URL", key="KEY")
    assert backend.variables == ("URL", "KEY")
    assert "URL" in backend.label
    with pytest.raises(DatabaseTrouble) as caught:
        backend.open({}, Reach(root="."))
    assert caught.value.refused.code == "database-url-invalid"


def test_without_the_library_there_is_the_command_to_install_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "assay.databases.postgrest.session", None)
    with pytest.raises(DatabaseTrouble) as caught:
        Supabase(url="URL", key="KEY").open({"URL": HOSTED, "KEY": SECRET}, Reach(root="."))
    assert caught.value.refused.code == "database-driver-missing"
    assert "assay[supabase]" in caught.value.refused.values["command"]
