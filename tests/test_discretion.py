"""What looks like a credential is bullets, and names, paths, patterns and sentences stay."""

from __future__ import annotations

import base64
import hashlib
import re
import string
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from assay.discretion import discreet, looks_secret
from assay.errors import UsageError
from assay.model import Finding, Location, Outcome, Related, Report
from assay.redacted import BULLETS
from assay.reporters import REPORTERS, render_report
from assay.reporters.base import Context
from assay.spec.rulebook import all_rules

ROOT = Path(__file__).parents[1]
CREDENTIALS = (
    "postgres://app:hunter2@db.internal/app",
    "postgres://app:hun/ter@2@db.internal:5432/app",
    "postgresql+asyncpg://app:hunter2@db/app?sslmode=require",
    "jdbc:postgresql://app:hunter2@db/app",
    "redis://:hunter2@cache:6379/0",
    "https://user:correct-horse@example.com/x",
    "https://ghp_abcdefghijklmnop@github.com/a/b",
    "https://hooks.slack.com/services/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",
    "sk_live_abcdefgh12345678",
    "rk_test_51Habcdefgh",
    "whsec_wordlikewordlike",
    "sb_secret_wordlike",
    "ghp_abcdefghijklmnopqrst",
    "github_pat_11ABCDEFG0abcdef",
    "glpat-abcdefghijk",
    "xoxb-123456-abcdef",
    "sk-ant-abcdefghijklmnop",
    "sk-proj-abcdefghijklmnopq",
    "SG.abcdefg.hijklmnop",
    "npm_abcdefghijkl",
    "hf_abcdefghijkl",
    "AKIA2E0A8F3B244C9986",
    "AGE-SECRET-KEY-1QQQQQQQQ",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2ln",
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw\n-----END PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw",
    "-----BEGIN OPENSSH PRIVATE KEY-----\\nb3BlbnNzaC1r",
    "9e107d9d372bb6826bd81d3542a419d6",
    "9E107D9D372BB6826BD81D3542A419D6",
    "vR7mQ2xK9pL4tW8zN3",
    "9fK2mQ7xT4vL8wR3pZ6y",
    "JBSWY3DPEHPK3PXPJBSWY3DP",
    "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
    "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
    "aB3!kd92Lq$x",
    "tHq-8sdK@2lPw!9x",
    "9e107d9d372bb6826bd81d3542a419d6.example.com",
    "https://9e107d9d372bb6826bd81d3542a419d6@example.com/1",
    "https://example.com/9e107d9d372bb6826bd81d3542a419d6",
    "0x9e107d9d372bb6826bd81d3542a419d69e107d9d372bb6826bd81d3542a419d6",
    "sk-ant-api03-Zm9vYmFy-Zm9v_mFyZm9vYmFy",
)
READABLE = (
    *("DATABASE_URL", "NEXT_PUBLIC_SUPABASE_ANON_KEY", "S3_BUCKET_NAME", "APP_V2_KEY", "A1B2_C3"),
    "a_long_snake_case_name_of_something_that_has_many_words_2",
    *("0" * 64, "https://00000000000000000000000000000000@o0.ingest.sentry.io/0", "A" * 40),
    "PRIMARY_DATABASE_CONNECTION_STRING_2",
    *("oauth2TokenUrl", "myNameForThis", "subscriptionManagementServiceEndpoint"),
    *("^[A-Za-z0-9+/]{43}=$", "^[0-9a-f]{64}$", "whsec_[A-Za-z0-9+/=]{20,100}", "^(sk|pk)_live_"),
    "isSet('STRIPE_KEY2') && environment == 'production' || PORT >= 1024",
    "!A.matches('^[a-z0-9-]+$') && size(HOSTS) > 2",
    *("specs/app.yaml", "./apps/web2/specs/tests/good.yaml:12:3", "docs/setup-guide.md"),
    *("123e4567-e89b-12d3-a456-426614174000", "9f86d081884c", "2026-11-30", "20240131T120000Z"),
    *("aes-256-gcm", "xchacha20-poly1305", "sha256", "ed25519", "secp256k1", "utf8mb4_general_ci"),
    *("numeric(10,2)", "timestamptz", "builtin:supabase", "eu-west-1", "TLSv1.2", "node20"),
    *("http://localhost:3000/x", "https://example.com/callback?x=1&y=2", "sqlite:///var/app.db"),
    "postgres://localhost:5432/app?sslmode=require",
    "postgresql://app:[YOUR-PASSWORD]@db.example.com/app",
    "postgres://USER:PASSWORD@HOST:5432/NAME",
    "postgresql://app:<password>@db:5432/app",
    "postgres://app:${DB_PASSWORD}@db:5432/app",
    *("begins with `sk_live_` or `sk_test_...`", "`openssl rand -base64 32`", "`eyJ`"),
    "a PEM block, from `-----BEGIN PRIVATE KEY-----` to `-----END PRIVATE KEY-----`",
    "NODE_OPTIONS=--max-old-space-size=4096",
    *("abcdefghijklmnopqrst.supabase.co", "https://xzqkvbnmwrtplkjhgfds.supabase.co/rest/v1"),
    "postgres://db.xzqkvbnmwrtplkjhgfds.supabase.co:5432/postgres",
    "my-cluster.cluster-c9x8v7b6n5m4.us-east-1.rds.amazonaws.com:5432",
    *("dpg-cj3k5m4s728s73a1b2c0-a.frankfurt-postgres.render.com", "d2x3y4z5a6b7c8.cloudfront.net"),
    *("AUTH0_DOMAIN=dev-a1b2c3d4.us.auth0.com", "o4504044151439360.ingest.us.sentry.io"),
    "1234567890-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com",
    *("arn:aws:s3:::my-company-prod-assets-eu-west-1", "vpc-0a1b2c3d4e5f67890", "us-east-1_AbCdEf"),
    *("pk_live_51H8xYzAbCdEfGhIjKlMnOp", "sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH"),
    *("0xdAC17F958D2ee523a2206206994597C13D831ec7", "01HQZX3V8J5K7M9N2P4R6S8T0W"),
    "actions/checkout@da39a3ee5e6b4b0d3255bfef95601890afd80709",
    *("MyCompanyProdDB2Replica", "AES256GCMEnvelopeV2", "K8sClusterNameEU1", "JSONWebKeySetURL"),
    *("AES/CBC/PKCS5Padding", "P1Y2M10DT2H30M", "dependabot/npm_and_yarn/lodash-4.17.21"),
    *("npm_config_registry", "hf_hub_offline", "sk-bratislava-data-center-1", "pypi-mirror"),
    *("Basic authentication", "Rechtsschutzversicherungsgesellschaften", "usimamizi-wa-malipo"),
    "Set PORT to the port that the service listens on, a number from 1 to 65535.",
)


@pytest.mark.parametrize("text", CREDENTIALS)
@pytest.mark.parametrize(
    "around", ["{}", "{} is not a variable", "`{}`: did you mean X?", "a.b[{}].c", '"{}"', "({})"]
)
def test_a_credential_is_bullets_in_any_sentence(text, around):
    said = discreet(around.replace("{}", text))
    assert BULLETS in said
    pieces = re.findall(r"[A-Za-z0-9]{6,}", text)
    allowed = {"postgres", "postgresql", "internal", "example", "github", "asyncpg", "sslmode"}
    assert [p for p in pieces if p in said and p.lower() not in allowed] == []
    assert "hunter2" not in said
    assert discreet(said) == said, "nothing is left that would be hidden"


@pytest.mark.parametrize("text", READABLE)
@pytest.mark.parametrize("around", ["{}", "{} is not a variable", "`{}`: did you mean {}?"])
def test_ordinary_text_stays(text, around):
    said = around.replace("{}", text)
    assert discreet(said) == said
    assert not looks_secret(said)


def test_the_words_of_every_rule_stay():
    for rule in all_rules().values():
        for text in (rule.message, rule.remedy, rule.why):
            assert discreet(text) == text


def test_the_names_and_sentences_of_the_library_and_the_examples_stay():
    words = re.compile(r"\s*(?:[A-Z][A-Z0-9_]+:|(?:description|obtain|message|remedy|pattern): )")
    folders = ("specs", "examples", "src/assay")
    files = [f for folder in folders for f in (ROOT / folder).rglob("*.yaml")]
    lines = [
        line
        for file in files
        if "tests" not in file.parts
        for line in file.read_text(encoding="utf-8").splitlines()
        if words.match(line)
    ]
    assert len(lines) > 300
    assert [line for line in lines if discreet(line) != line] == []


@pytest.mark.parametrize(
    ("alphabet", "size"),
    [
        (string.ascii_letters + string.digits, 16),
        (string.ascii_letters + string.digits, 32),
        (string.ascii_letters, 20),
        ("0123456789abcdef", 32),
        (string.ascii_lowercase + string.digits, 20),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 26),
    ],
)
def test_random_keys_hardly_ever_pass(alphabet, size):
    rng = Random(7)
    keys = ["".join(rng.choices(alphabet, k=size)) for _ in range(1000)]
    assert sum(discreet(f"{key} is unknown") == f"{key} is unknown" for key in keys) <= 10


def test_random_bytes_in_base64_hardly_ever_pass():
    rng = Random(7)
    keys = [base64.b64encode(rng.randbytes(32)).decode() for _ in range(1000)]
    assert sum(not looks_secret(key) for key in keys) <= 2


SECRET = "vR7mQ2xK9pL4tW8zN3"
AT = Location(file="a", line=1, column=2, end_line=1, end_column=9)


def full(**more: str) -> Finding:
    """A finding with a secret in every text."""
    fields = ("subject", "environment", "message", "remedy", "cause", "waiver", "group", "written")
    texts = dict.fromkeys((*fields, "holder"), SECRET)
    related = (Related(label=SECRET, location=AT),)
    made: dict[str, Any] = {**texts, "notes": (f"see {SECRET}",), "related": related, **more}
    return Finding(outcome=Outcome.FAIL, kind="spec", location=AT, **made)


def test_findings_and_errors_are_made_without_them():
    finding = full()
    said = (finding.message, finding.remedy, *finding.notes, finding.related[0].label)
    assert SECRET not in str(said) + finding.cause + finding.waiver
    assert finding.location == Location(file="a", line=1, column=2), "lengths of secrets neither"
    error = UsageError(f"{SECRET} is not a command", f"Leave {SECRET} out.")
    assert SECRET not in f"{error} {error.message} {error.remedy}"


@pytest.mark.parametrize("name", REPORTERS)
def test_no_reporter_is_given_one(name):
    report = Report.of(
        [full(), full(subject="B"), full(environment="dev", rule="x")],
        project=SECRET,
        environments=("dev", SECRET),
    )
    assert SECRET not in repr(report.discreet())
    assert SECRET not in render_report(name, report, Context(version="1", verbose=True))
    plain = Report.of([full(**dict.fromkeys(("subject", "environment"), "A"))])
    kept = plain.discreet().findings[0]
    assert kept.subject == "A"
    hashed = hashlib.sha256(f"spec\0\0{SECRET}\0{SECRET}".encode()).hexdigest()
    assert hashed[:32] not in render_report("json", report, Context(version="1"))


def test_waivers_and_selections_still_know_a_name_that_is_hidden():
    assert full().subject == SECRET
    assert full().environment == SECRET


def test_it_is_fast():
    text = "MPESA_CALLBACK_URL is not a URL that others can reach: expected https://"
    started = time.process_time()
    for _ in range(2000):
        discreet(text)
    assert time.process_time() - started < 1
    for hostile in (
        "://a:" * 20_000,
        "a" * 100_000,
        "Aa1" * 30_000,
        "?key=" * 20_000,
        "-----BEGIN A-----" * 5_000,
    ):
        started = time.process_time()
        discreet(hostile)
        assert time.process_time() - started < 2
