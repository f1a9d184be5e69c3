"""What `assay init` writes is valid, passes on what it was made from, and holds no secret."""

from __future__ import annotations

import os
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.project import Project
from tests.properties import canaries, worlds
from tests.properties.test_no_secret_shows import LINES, SHAPES, canary

from assay import dotenv
from assay.hygiene import damage, standins
from assay.hygiene.lists import PUBLISHED

SEEDS = st.integers(0, 2**32 - 1)
NAMES = (
    *("ADMIN_EMAIL", "API_KEY", "APP_ENV", "AUTH_TOKEN", "CACHE_TTL", "DATABASE_URL", "DB_HOST"),
    *(
        "DEBUG",
        "ENCRYPTION_KEY",
        "FEATURES",
        "GREETING",
        "HOMEPAGE",
        "LOCALE",
        "LOG_LEVEL",
        "MAX_SIZE",
    ),
    *("MAX_SIZE", "METRICS_PORT", "MODE", "NEXT_PUBLIC_KEY", "NEXT_PUBLIC_SITE", "PORT", "REGION"),
    *("SECRET_KEY", "SESSION_SECRET", "SIGNING_PASSWORD", "START_DATE", "TIMEZONE", "UPLOAD_DIR"),
    *("VERSION", "VITE_TITLE", "WEBHOOK_URL", "WORKERS", "X", "camelCase", "lower_case"),
)
FILES = (
    (".env",),
    (".env", ".env.local"),
    (".env", ".env.production"),
    (".env", ".env.local", ".env.production", ".env.test"),
    (".env.staging", ".env.production"),
    ("config/production.env", "config/development.env"),
)
COMMENTS = (
    "# Where customers come in.",
    "# --- Database ---",
    "#",
    "##### Payments #####",
    "# eine Überschrift",
    "# see https://example.com/docs",
    "",
    "",
)
GOOD = [value for case in worlds.PLAIN for value in case.good if value.isprintable()]


def clean(rng: Random, name: str) -> str:
    """A value in which nothing is wrong, whatever its variable is declared to be."""
    while True:
        draw = rng.random()
        if draw < 0.5:
            value = rng.choice(GOOD)
        elif draw < 0.8:
            value = canary(rng)
        else:
            value = rng.choice(["true", "0", "8080", "info", "production", "a b c", "ümläut"])
        if "PORT" in name and value.isdecimal():
            value = "8080"
        if name == "PORT":
            return str(rng.randint(1, 65535))
        public = name.startswith(("NEXT_PUBLIC_", "VITE_"))
        if (
            not any(standins.stand_in(value, secret=True))
            and not any(damage.damage(value, keeps_space=False))
            and value not in PUBLISHED
            and not (public and (len(value) > 8 or "@" in value))
            and "\n" not in value
            and len(value) < 500
        ):
            return value


def content(rng: Random, dialect: str) -> str:
    """A clean .env file."""
    lines = []
    for name in rng.sample(NAMES, rng.randint(1, 9)):
        if rng.random() < 0.3:
            lines.append(rng.choice(COMMENTS))
        value = clean(rng, name)
        try:
            line = f"{name}={dotenv.quote(value, dialect)}"
            # Where a loader has no escapes, a line end is written as what pasted secrets end with.
            pasted = line.rstrip("\"'`").endswith("\\n")
            lines.append(f"{name}=plain" if pasted else line)
        except dotenv.DotenvError:
            lines.append(f"{name}=plain")
    return "\n".join(lines) + "\n"


@settings(max_examples=max(40, settings().max_examples // 12))
@given(SEEDS)
def test_the_spec_is_valid_and_passes_on_what_it_was_made_from(seed):
    rng = Random(seed)
    dialect = rng.choice(dotenv.DIALECTS)
    with Project.temporary() as project:
        for file in rng.choice(FILES):
            project.env(content(rng, dialect), file)
        if rng.random() < 0.5:
            project.env(content(rng, dialect), ".env.example")
        if rng.random() < 0.3:
            project.write("package.json", '{"dependencies": {"next": "16"}}')
        made = project.run("init", "--dialect", dialect)
        assert (made.code, made.err) == (0, ""), made.said
        text = (project.folder / "specs" / "app.yaml").read_text(encoding="utf-8")
        linted = project.run("lint")
        assert linted.code == 0, text + linted.said
        checked = project.run("check")
        assert checked.code == 0, text + checked.said
        again = project.run("init", "--dialect", dialect, "--stdout")
        assert again.out == text


REMARKS = (
    "# old: {value}\n{name}=1",
    "# the password was {value}\n{name}=1",
    "# ({value})\n{name}=1",
    "{name}=1 # {value}",
    "# --- {value} ---\n{name}=1",
    "# Use {value} on Fridays.\n{name}=1",
)
"""Comments in which people leave secrets."""


def hostile(rng: Random) -> tuple[str, list[str]]:
    """A .env file with secrets in every place where people leave some, and the secrets."""
    secrets = [canary(rng) for _ in range(8)]
    names = [*rng.sample(NAMES, 5), "NOTE", "TITLE", "DESCRIPTION"]
    lines = []
    for name, secret in zip(names, secrets, strict=True):
        value = rng.choice(SHAPES).replace("{}", secret).replace("{{", "{").replace("}}", "}")
        shape = rng.choice((*LINES, '{name}="{value}"', "# {value}", *REMARKS))
        lines.append(shape.replace("{name}", name).replace("{value}", value))
    return "\n".join(lines) + "\n", secrets


@settings(max_examples=max(40, settings().max_examples // 12))
@given(SEEDS)
def test_no_piece_of_a_secret_is_in_the_spec_or_in_what_is_said(seed):
    rng = Random(seed)
    dialect = rng.choice(dotenv.DIALECTS)
    with Project.temporary() as project:
        secrets = []
        for file in (
            ".env",
            ".env.production",
            ".env.example",
            f".env.{canary(rng, wordy=False)[:12]}",
        ):
            text, more = hostile(rng)
            secrets += more
            if os.sep not in file and "\n" not in file:
                project.env(text.encode("utf-8", "surrogateescape"), file)
        secret = canary(rng, wordy=False).replace("\n", "")  # words would make a name
        secrets.append(secret)
        quoted = secret.replace("\\", "\\\\").replace('"', '\\"')
        project.write(
            "a.js", f'const k = process.env.JS_KEY || "{quoted}"; // process.env.{secret}\n'
        )
        project.write("a.py", f'import os\nos.getenv("PY_KEY", "{quoted}")\n')
        ran = project.run("init", "--dialect", dialect)
        written = "".join(
            file.read_text(encoding="utf-8") for file in project.folder.glob("specs/*.yaml")
        )
        assert canaries.found(secrets, ran.said + written) == []
        assert ran.code in (0, 2)
