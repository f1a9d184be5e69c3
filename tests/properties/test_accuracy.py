"""Any one fault in a good environment brings out the one right rule, on the right subject."""

from __future__ import annotations

import json
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.formats.tables.tokens import ANON, SERVICE
from tests.project import Project

from assay import dotenv
from assay.formats import FORMATS
from assay.hygiene import damage

SEEDS = st.integers(0, 2**32 - 1)
QUOTING = tuple(name for name in dotenv.DIALECTS if name != "docker")
EXPANDING = ("bun", "compose", "dotenv-expand", "next", "ruby", "shell", "vite")
CUTTING = ("node", "node20", "next", "vite", "nuxt", "bun", "ruby", "php")
PEM = FORMATS["private-key"]().generate() or ""
HASH = "$2b$12$LQv3c1yqBWVHxkd0LHAkCOYz6TtxMQJqhN8/LewdBPj/RK.s5uGQa"

SPEC: dict[str, Any] = {
    "APP_MODE": {"type": "enum", "options": ["dark", "light", "None"]},
    "CALLBACK_URL": {"type": "url", "schemes": ["https"], "example": "https://you.example.org"},
    "LEGACY_TOKEN": {"required": False, "deprecated": "SESSION_SECRET"},
    "MPESA_SHORTCODE": {"type": "mpesa-shortcode"},
    "NEXT_PUBLIC_SUPABASE_ANON_KEY": {"type": "supabase-key", "role": "anon"},
    "ENCRYPTION_KEY": {"type": "hex", "secret": True, "bytes": 32},
    "SIGNING_KEY": {"type": "private-key"},
    "PASSWORD_HASH": {"type": "password-hash", "required": False},
    "PORT": {"type": "port"},
    "SESSION_SECRET": {"secret": True, "example": "handbook-of-the-kitchen"},
    "SEAL": {"type": "base64", "secret": True},
    "TOKEN_URLSAFE": {"type": "base64url", "secret": True},
    "SUPABASE_ANON_KEY": {"type": "supabase-key", "role": "anon"},
    "ELSEWHERE_ONLY": {"only-in": ["other"]},
}
GOOD: dict[str, str] = {
    "APP_MODE": "dark",
    "CALLBACK_URL": "https://pay.billing.co.ke/callback",
    "MPESA_SHORTCODE": "600981",
    "NEXT_PUBLIC_SUPABASE_ANON_KEY": ANON,
    "ENCRYPTION_KEY": "8f1c2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce1430",
    "SIGNING_KEY": PEM,
    "PORT": "8080",
    "SESSION_SECRET": "vR7mQ2xK9pL4tW8zN3cJ6yB1",
    "SEAL": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ+/8=",
    "TOKEN_URLSAFE": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ-_8",
    "SUPABASE_ANON_KEY": ANON,
}


HEX = GOOD["ENCRYPTION_KEY"]


class Fault(NamedTuple):
    """One thing gone wrong: the rule that names it, whom, and how it comes about."""

    rule: str
    subject: str
    value: str | None = None
    """The value that stands in place of the good one; None for a fault of another sort."""
    rename: str = ""
    raw: str = ""
    """The line as it stands in the file, where its spelling is the fault."""
    dialects: tuple[str, ...] = dotenv.DIALECTS


FAULTS = (
    Fault("variable-newline", "SESSION_SECRET", GOOD["SESSION_SECRET"] + "\n", dialects=QUOTING),
    Fault("variable-newline", "ENCRYPTION_KEY", GOOD["ENCRYPTION_KEY"] + "\n", dialects=QUOTING),
    Fault("variable-surrounding-space", "SEAL", f" {GOOD['SEAL']}", dialects=QUOTING),
    *(Fault("variable-empty", name, "") for name in ("PORT", "SEAL", "CALLBACK_URL")),
    Fault("pem-truncated", "SIGNING_KEY", "-----BEGIN PRIVATE KEY-----", dialects=QUOTING),
    Fault("pem-truncated", "SIGNING_KEY", PEM[:80], dialects=QUOTING),
    Fault(
        "variable-quoted", "ENCRYPTION_KEY", raw=f'"{GOOD["ENCRYPTION_KEY"]}"', dialects=("docker",)
    ),
    Fault(
        "variable-quoted",
        "CALLBACK_URL",
        "'https://pay.billing.co.ke/x'",
        dialects=("docker", "node"),
    ),
    Fault("variable-expanded", "SESSION_SECRET", raw="aB3$xYzzyQ9mT2wLp7", dialects=EXPANDING),
    Fault("variable-expanded", "PASSWORD_HASH", raw=HASH, dialects=("next", "ruby", "shell")),
    *(
        Fault("variable-unset-literal", "SESSION_SECRET", text)
        for text in ("undefined", "null", "None", "[object Object]", "NaN")
    ),
    Fault("variable-unset-literal", "PORT", "undefined"),
    Fault("variable-unrendered", "CALLBACK_URL", "{{ callback }}"),
    Fault(
        "variable-unrendered", "SEAL", raw="'${SEAL_VALUE}'", dialects=("node", "node20", "shell")
    ),
    *(
        Fault("variable-placeholder", "SESSION_SECRET", text)
        for text in ("changeme", "your-key-here", "xxx", "TODO", "<session secret>")
    ),
    Fault("variable-example", "SESSION_SECRET", "handbook-of-the-kitchen"),
    Fault("variable-example", "CALLBACK_URL", "https://you.example.org"),
    Fault("variable-repeated-character", "ENCRYPTION_KEY", "0" * 64),
    Fault("variable-repeated-character", "SESSION_SECRET", "aaaaaaaaaaaaaaaa"),
    Fault("variable-published", "MPESA_SHORTCODE", "174379"),
    Fault(
        "variable-digest-output", "ENCRYPTION_KEY", GOOD["ENCRYPTION_KEY"] + "  -", dialects=QUOTING
    ),
    Fault(
        "variable-surrounding-space",
        "ENCRYPTION_KEY",
        raw=f"{GOOD['ENCRYPTION_KEY']}  ",
        dialects=("docker",),
    ),
    Fault("variable-expanded", "SESSION_SECRET", raw="$zq9abcd$efGhij2kLmnop", dialects=EXPANDING),
    Fault(
        "variable-expanded",
        "SESSION_SECRET",
        raw="$2a$10$zq9abcdefghijklmnopqrstuv",
        dialects=("next",),
    ),
    Fault("variable-cut", "SESSION_SECRET", raw="vR7mQ2xK9#pL4tW8zN3", dialects=CUTTING),
    Fault("variable-cut", "PORT", raw="#8080", dialects=CUTTING),
    Fault("variable-comment", "PORT", raw="8080 # the port", dialects=("docker",)),
    Fault("variable-comment", "PORT", raw="# the port", dialects=("compose", "docker", "python")),
    Fault("variable-unclosed-quote", "SESSION_SECRET", raw=f'"{HEX}', dialects=("node", "next")),
    Fault("variable-command", "SESSION_SECRET", "$(openssl rand -hex 32)", dialects=("node",)),
    Fault("variable-unrendered", "SESSION_SECRET", "$MPESA_KEY", dialects=("node", "docker")),
    Fault("variable-unrendered", "SESSION_SECRET", "${KEY:-x}", dialects=("node", "docker")),
    *(
        Fault("variable-unrendered", name, "${{ secrets.KEY }}", dialects=("node", "docker"))
        for name in ("SESSION_SECRET", "SEAL", "PORT")
    ),
    *(
        Fault("variable-unresolved", name, text)
        for name in ("SESSION_SECRET", "ENCRYPTION_KEY")
        for text in (
            "op://vault/item/key",
            "vault:secret/data/x#key",
            "{{resolve:secretsmanager:key:SecretString:password}}",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-1a2B3c",
            "ref+vault://secret/x#/key",
        )
    ),
    *(
        Fault("variable-unresolved", name, "/run/secrets/key")
        for name in ("ENCRYPTION_KEY", "SEAL")
    ),
    *(
        Fault("variable-redacted", name, text)
        for name in ("SESSION_SECRET", "ENCRYPTION_KEY")
        for text in ("[REDACTED]", "(sensitive value)", "***", "********")
    ),
    *(
        Fault("variable-extra-characters", name, text, dialects=QUOTING)
        for name in ("ENCRYPTION_KEY", "SESSION_SECRET")
        for text in (
            f"{name}={HEX}",
            f"export {name}={HEX}",
            f"\u201c{HEX}\u201d",
            f"\ufeff{HEX}",
            f"{HEX}\u200b",
            f'"{HEX}',
            f"{HEX}\\n",
            f"{HEX},",
            f"{HEX};",
            f"{HEX[:30]} {HEX[30:]}",
            f"{HEX[:30]}\n{HEX[30:]}",
        )
    ),
    Fault("variable-extra-characters", "SEAL", f"{GOOD['SEAL'][:20]} {GOOD['SEAL'][20:]}"),
    Fault("base64-is-base64url", "SEAL", GOOD["TOKEN_URLSAFE"]),
    Fault("base64url-is-base64", "TOKEN_URLSAFE", GOOD["SEAL"].rstrip("=")),
    Fault("base64-padding", "SEAL", GOOD["SEAL"].rstrip("=")),
    Fault("hex-odd-length", "ENCRYPTION_KEY", GOOD["ENCRYPTION_KEY"][:-1]),
    Fault("hex-alphabet", "ENCRYPTION_KEY", "correct horse battery staple mice"),
    Fault("supabase-key-role", "SUPABASE_ANON_KEY", SERVICE),
    Fault("variable-exposed", "NEXT_PUBLIC_SUPABASE_ANON_KEY", SERVICE),
    Fault("variable-weak", "SESSION_SECRET", "password123"),
    Fault("variable-weak", "SESSION_SECRET", "session_secret_2024"),
    Fault("variable-low-entropy", "SESSION_SECRET", "ab12ab12ab12"),
    Fault("variable-misspelled", "SESSION_SECRET", rename="SESSION_SECERT"),
    Fault("variable-misspelled", "CALLBACK_URL", rename="CALLBACK_URLL"),
    Fault("variable-missing", "PORT", rename="-"),
    Fault("variable-missing", "SIGNING_KEY", rename="-", dialects=QUOTING),
    Fault("variable-deprecated", "LEGACY_TOKEN", "vR7mQ2xK9pL4tW8zN3cJ6yB2"),
    Fault("variable-misplaced", "ELSEWHERE_ONLY", "here"),
    Fault("variable-undeclared", "NOBODY_ASKED", "x"),
    Fault("source-duplicate", "PORT", raw="80\nPORT=81"),
)


def environment(rng: Random, fault: Fault | None, dialect: str) -> str:
    """A good environment in any order, with at most one fault."""
    lines = []
    values = {name: value for name, value in GOOD.items() if name in variables(dialect)}
    if fault is not None and (fault.value is not None or fault.raw):
        values[fault.subject] = fault.value or ""
    for name, value in values.items():
        spelt = fault.raw if fault and fault.raw and name == fault.subject else None
        written = fault.rename if fault and fault.rename and name == fault.subject else name
        if written != "-":
            lines.append(f"{written}={plain(rng, value, dialect) if spelt is None else spelt}")
    rng.shuffle(lines)
    for _ in range(rng.randrange(4)):
        lines.insert(rng.randrange(len(lines) + 1), rng.choice(["", "# a comment", "#A=1"]))
    return "\n".join(lines) + "\n"


def variables(dialect: str) -> dict[str, Any]:
    """The declared variables; docker has no way to write those of more than one line."""
    return {name: v for name, v in SPEC.items() if dialect != "docker" or name != "SIGNING_KEY"}


def plain(rng: Random, value: str, dialect: str) -> str:
    """A spelling that the dialect reads back as the value."""
    if value.isalnum() and rng.random() < 0.5:
        return value
    return dotenv.quote(value, dialect)


def spec(dialect: str) -> bytes:
    source = {"path": "live.env", "dialect": dialect}
    data = {
        "assay": 1,
        "environments": {
            "live": {"live": True, "values": [{"dotenv": source}]},
            "other": {"values": ["process"]},
        },
        "variables": variables(dialect),
    }
    return json.dumps(data).encode()


def found(project: Project, *command: str) -> list[tuple[str, str]]:
    ran = project.run(*command, "--format", "json")
    findings = json.loads(ran.out)["findings"]
    return sorted(
        (f["rule"], f["subject"]) for f in findings if f["outcome"] in ("fail", "unknown")
    )


def judged(seed: int, fault: Fault | None) -> list[list[tuple[str, str]]]:
    """What `check`, `hook` and `hook --env` find."""
    rng = Random(seed)
    dialect = rng.choice(fault.dialects if fault else dotenv.DIALECTS)
    with Project.temporary() as project:
        project.spec(spec(dialect))
        text = environment(rng, fault, dialect)
        project.env(text, "live.env")
        return [
            found(project, "check", "live"),
            found(project, "hook", "live.env"),
            found(project, "hook", "--env", "live", "live.env"),
        ]


@settings(phases=[Phase.reuse, Phase.generate])
@given(SEEDS)
def test_a_good_environment_has_no_fault(seed):
    assert judged(seed, None) == [[], [], []]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.rule} {f.subject}")
def test_one_fault_brings_out_the_one_right_rule(fault, seed):
    assert judged(seed, fault) == [[(fault.rule, fault.subject)]] * 3


def test_a_rule_that_no_longer_fires_is_caught(monkeypatch):
    monkeypatch.setattr(damage, "damage", lambda *_, **__: iter(()))
    fault = FAULTS[0]
    assert judged(0, fault) != [[(fault.rule, fault.subject)]] * 3
