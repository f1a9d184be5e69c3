"""A project without a spec, with secrets in all that `assay init` looks at."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.properties.leaks.planted import Planted
from tests.properties.leaks.values import LINES, SHAPES, canary

from assay import dotenv

if TYPE_CHECKING:
    from random import Random

NAMES = (
    *("ADMIN_EMAIL", "API_KEY", "AUTH_TOKEN", "DATABASE_URL", "DB_HOST", "ENCRYPTION_KEY", "MODE"),
    *("NEXT_PUBLIC_KEY", "PORT", "SESSION_SECRET", "SIGNING_PASSWORD", "VITE_TITLE", "camelCase"),
)
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


def drafted(rng: Random) -> Planted:
    """A project that `assay init` has to write a spec for."""
    secrets: list[str] = []
    files: dict[str, bytes] = {}
    for file in (".env", ".env.prod", ".env.example", f".env.{canary(rng, wordy=False)[:12]}"):
        text, more = hostile(rng)
        secrets += more
        if os.sep not in file and "\n" not in file:
            files[file] = text.encode("utf-8", "surrogateescape")
    secret = canary(rng, wordy=False).replace("\n", "")  # words would make a name
    quoted = secret.replace("\\", "\\\\").replace('"', '\\"')
    script = f'const k = process.env.JS_KEY || "{quoted}"; // process.env.{secret}\n'
    files["a.js"] = script.encode()
    files["a.py"] = f'import os\nos.getenv("PY_KEY", "{quoted}")\n'.encode()
    dialect = rng.choice(dotenv.DIALECTS)
    return Planted(spec=None, files=files, secrets=[*secrets, secret], dialect=dialect)
