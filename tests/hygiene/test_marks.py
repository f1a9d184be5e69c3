"""A key in the wrong variable, and a secret within a text, are seen for what they are."""

from __future__ import annotations

import base64
from random import Random

import pytest

from assay.hygiene.exposure import marked_secret
from assay.hygiene.marks import looks_random

SLIPS = (
    *("80800", "eighty", "prodution", "http//x", "localhost:3000x", "us-east-1a", "1.2.3.4.5"),
    *("2024-13-45T00:00:00Z", "postgresDatabaseHost", "ProductionEnvironment", "10 minutes"),
    *("my-project-name-2024-backup", "https//api.example.com/v2/users", "*/5 * * * * *"),
)
HOLDING = (
    "https://hooks.slack.com/services/T0ABCDE12/B0ABCDE34/zq9abcdEFGH1234ijklMN56",
    "https://discord.com/api/webhooks/123/zq9",
    "https://acme.webhook.office.com/webhookb2/zq9",
    "https://api.example.com/?access_token=zq9TokQuery81kx",
    "https://api.example.com/?page=1&sig=zq9sig123",
    "https://api.example.com/?api_key=zq9",
    "https://api.example.com/#token=zq9",
    "https://api.example.com/?v=a8Bk29sLqP",
    "jdbc:postgresql://h/db?user=u&password=zq9pw",
    "Server=h;User=u;Password=zq9;",
    "host=h dbname=d password=zq9",
    '{"password": "zq9"}',
    ":zq9@h",
    "app:zq9@db.internal:5432",
)
PLAIN = (
    *("mailto:joe@example.com", "repo:tag@sha256:abc", "npm:foo@1.0", "a:b", "key=value"),
    *("https://a/?q=1&page=2", "https://a/?monkey=1&author=x", "https://a/auth?design=3"),
    *("jdbc:postgresql://h/db?user=u&sslmode=require", "redis://h:6379/0", "git@github.com:a/b"),
    *("https://api.example.com/webhooks/stripe", "NODE_ENV=production", "{}"),
)


@pytest.mark.parametrize("size", [16, 20, 24, 32])
def test_what_a_random_source_made_looks_random(size):
    for seed in range(50):
        raw = Random(seed).randbytes(size)
        assert looks_random(raw.hex())
        assert looks_random(base64.b64encode(raw).decode())
        assert looks_random(base64.urlsafe_b64encode(raw).decode())


def test_a_password_looks_random():
    for text in ("Tr0ub4dor-and-3-horses!", "Summer2024!", "hunter2hunter$"):
        assert looks_random(text)


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_does_not(slip):
    assert not looks_random(slip)


@pytest.mark.parametrize("text", HOLDING)
def test_a_secret_within_a_text_is_seen(text):
    assert marked_secret(text)


@pytest.mark.parametrize("text", PLAIN)
def test_a_text_without_one_is_left_alone(text):
    assert not marked_secret(text)
