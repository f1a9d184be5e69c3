"""Texts that tell a person what to put in their place are told from secrets made of words."""

from __future__ import annotations

import pytest

from assay.hygiene.unfilled import names_nobody, tells_what_to_do


@pytest.mark.parametrize(
    "value",
    [
        *("generate_a_new_key", "get_the_secret_of_above_key", "a-long-random-string"),
        *("!ChangeMe!", "ThisTokenIsNotSoSecretChangeIt", "some random secret", "tobemodified"),
        *("please_change_me", "enter_your_key", "secretGoesHere", "dev-secret-change-me"),
        *("<a random string>", "changethis"),
    ],
)
def test_an_instruction_is_no_secret(value):
    assert tells_what_to_do(value)


@pytest.mark.parametrize(
    "value",
    [
        *("super-secret-key", "correct-horse-battery-staple", "plum-otter-dusk", "set-top-box"),
        *("getaway", "hello-world", "string", "here", "-", "", "exchange-this", "random"),
        *("generate_a_new_key9", "a-" * 41 + "random"),
    ],
)
def test_words_that_tell_nobody_anything_may_be_a_secret(value):
    assert not tells_what_to_do(value)


@pytest.mark.parametrize(
    "value",
    [
        *("https://your-project.supabase.co", "https://xxx.supabase.co/x", "sk_test_xxxxxxxx"),
        *("re_your_key", "postgres://u:p@your-host.example.com/db", "https://yourdomain.com"),
        *("https://<project>.supabase.co", "sk_test_...", "ghp_xxxxxxxxxxxx"),
    ],
)
def test_an_address_or_a_key_to_be_filled_in_is_nobodys(value):
    assert names_nobody(value)


@pytest.mark.parametrize(
    "value",
    [
        *("https://api.example.com/your-path", "re_123", "https://xx.com", "https://yourls.org"),
        *("https://mail.your-server.de", "http://youre.fired.com", "sk-proj-abc", "", "x://y"),
        *("https://localhost:3000", "http://[::1]:3000"),
    ],
)
def test_other_addresses_and_keys_may_be_somebodys(value):
    assert not names_nobody(value)
