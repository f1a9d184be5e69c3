"""What `assay init` writes is valid, passes on what it was made from, and holds no secret."""

from __future__ import annotations

from random import Random

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.project import Project
from tests.properties import worlds
from tests.properties.leaks.values import canary

from assay import dotenv
from assay.hygiene import damage, standins
from assay.hygiene.lists import PUBLISHED
from assay.hygiene.unfilled import names_nobody, tells_what_to_do

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
            and not names_nobody(value)
            and not tells_what_to_do(value)
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


def paths(environment) -> list[str]:
    """The .env files of an environment, whether there or still to be copied from a template."""
    found = [value["dotenv"] for value in environment["values"] if value != "process"]
    return [one if isinstance(one, str) else one["path"] for one in found]


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
        made_of = [
            name
            for name, one in yaml.safe_load(text)["environments"].items()
            if any((project.folder / path).exists() for path in paths(one))
        ]
        checked = project.run("check", *made_of)
        assert checked.code == 0, text + checked.said
        again = project.run("init", "--dialect", dialect, "--stdout")
        assert again.out == text
