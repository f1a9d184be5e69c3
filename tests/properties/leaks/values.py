"""Environments full of secrets: each type, shape, dialect and line, and a database beside them."""

from __future__ import annotations

import json
import string
from typing import TYPE_CHECKING, Any

from tests.properties import worlds
from tests.properties.leaks import stores
from tests.properties.leaks.planted import Planted

from assay import dotenv
from assay.formats import FORMATS
from assay.hygiene.sounds import sound
from assay.kinds.variable.spec import parse_variable

if TYPE_CHECKING:
    from random import Random

ALPHABET = string.ascii_letters + string.digits
SHAPES = (
    "{}",
    "{}",
    "{}\n",
    " {}",
    "'{}'",
    '"{}"',
    "`{}`",
    "{}  -",
    "x{}#{}",
    "a b {} c",
    "postgres://app:{}@db.internal:5432/app",
    "https://user:{}@example.com/?key={}",
    "sk_live_{}",
    "eyJhbGciOiJIUzI1NiJ9.{}.{}",
    "-----BEGIN PRIVATE KEY-----\n{}\n{}\n-----END PRIVATE KEY-----\n",
    "-----BEGIN PRIVATE KEY-----\n{}",
    '{{"key": "{}"}}',
    '{{"key": "{}"',
    "key: {}\nother: [{}",
    "${}",
    "$({})",
    "${{NOPE:-{}}}",
    "{},{}",
    "<{}>",
    "{}\0",
    "{}é\u2028",
)
"""How a canary stands in a value."""
LINES = (
    '{name}="{value}',
    "{name}='{value}",
    "{name}: {value}",
    "{name} = {value} # {value}",
    "export {name}={value}",
    "{name}={value}\n{name}={value}",
    "export OTHER=1 {name}={value}",
    "# {name}={value}",
    "{name}=`{value}`",
    '{name}="{value}" trailing \'',
    "{name}=$(echo {value})",
    "{name}\t=\t{value}",
)


WORDS = (
    *("swordfish", "marmalade", "trombone", "pelican", "walnut", "saffron", "gargoyle", "lantern"),
    *("mulberry", "thimble", "cinnamon", "obsidian", "porcupine", "zeppelin"),
)
"""Words of passphrases that no message has."""
SOUNDING = (
    "API_KEY",
    "DB_PASSWORD",
    "dbPassphrase",
    "SESSION_TOKEN_OLD",
    "PGPASSWORD",
    "apiSecret2",
)
"""Names that make a text secret, though no spec says so."""


def canary(rng: Random, *, wordy: bool = True) -> str:
    """A secret that stands nowhere else: long, random or made of words, and awkward to write."""
    draw = rng.random() if wordy else 1.0
    if draw < 0.15:
        return rng.choice([" ", "-", "_", ""]).join(rng.sample(WORDS, rng.randint(3, 6)))
    if draw < 0.25:
        return "".join(rng.choices(string.ascii_uppercase + "234567", k=rng.choice([16, 26, 32])))
    text = "".join(rng.choices(ALPHABET, k=rng.randint(16, 40)))
    if rng.random() < 0.5:
        return text
    at = rng.randrange(8, len(text) - 7)
    return text[:at] + rng.choice(["&<>", '"', "'", "$", "\\", "/+", " ", "%", "\n"]) + text[at:]


def shape(rng: Random, secret: str) -> str:
    """How a secret stands in a value. On a line of its own, words would be a name to loaders."""
    made_of_words = any(word in secret for word in WORDS)
    return rng.choice([one for one in SHAPES if not made_of_words or "\n{" not in one])


def declared(rng: Random, name: str) -> dict[str, Any]:
    """A secret of any type; by its name alone, if that is enough."""
    kind = rng.choice(sorted(FORMATS))
    rows = [case for case in worlds.PLAIN if case.given["type"] == kind]
    given = dict(rng.choice(rows).given) if rows else {"type": kind}
    if rng.random() < 0.5 and name in SOUNDING:
        given = {"type": "text"} if rng.random() < 0.5 else given
        if sound(name) in parse_variable(name, given).format.left_to_names:
            return given
    return {**given, "secret": True}


def values(rng: Random) -> Planted:
    """A spec, an environment full of secrets, and a database full of them."""
    names = rng.sample([*SOUNDING, "NEXT_PUBLIC_TOKEN", "SIGNING", "JSON_SEAL"], 3)
    secrets = [canary(rng) for _ in range(6)]
    variables = {name: declared(rng, name) for name in names}
    for variable in variables.values():
        variable["parity"] = rng.choice(["same", "different", "shape"])
    variables["PORT"] = {"type": "port"}
    if rng.random() < 0.3:
        variables["PORT"]["required"] = f"isSet('{names[0]}')"
    read = f"!isSet('{names[0]}') || environment == 'prod'"
    dialect = rng.choice(dotenv.DIALECTS)
    others = [other for other in dotenv.DIALECTS if rng.random() < 0.2]
    source = {"path": ".env", "dialect": dialect, "also-read-by": others}
    data = {
        "assay": 1,
        "undeclared": rng.choice(["ignore", "warn", "fail"]),
        "variables": variables,
        "rules": {"broken": {"assert": read, "message": "not both"}},
        "environments": {
            "dev": {"values": [{"dotenv": source}]},
            "prod": {"live": True, "values": [{"dotenv": source}, "process"]},
        },
    }
    if rng.random() < 0.6:
        data["keys"] = {"k": _key(rng, names[0])}
        variables[names[0]] = {"secret": True}
    lines = ["PORT=99999"] if rng.random() < 0.5 else ["PORT=80"]
    for name, secret in zip([*names, "UNDECLARED", "API_KEYY", "VITE_X"], secrets, strict=True):
        value = shape(rng, secret).replace("{}", secret).replace("{{", "{").replace("}}", "}")
        if rng.random() < 0.5:
            lines.append(rng.choice(LINES).replace("{name}", name).replace("{value}", value))
        else:
            lines.append(worlds.line(rng, name, value, dialect))
    store = stores.Store(rng, canary) if rng.random() < 0.5 else None
    if store is not None:
        lines.append(worlds.line(rng, "DATABASE_URL", store.url, dialect))
        secrets += store.secrets
        if rng.random() < 0.5:
            lines.append(worlds.line(rng, names[1], store.key, dialect))
        store.declare(data, names[1])
    rng.shuffle(lines)
    return Planted(
        spec=json.dumps(data).encode(),
        files={".env": "\n".join(lines).encode()},
        secrets=secrets,
        make=store.make if store else None,
        cells=[store.cell] if store else [],
        column="c.secret" if store else "",
    )


def _key(rng: Random, name: str) -> dict[str, Any]:
    """A key that is read in one of many ways."""
    made: dict[str, Any] = {
        "variable": name,
        "cipher": rng.choice(["aes-256-gcm", "hmac-sha256", "ed25519"]),
        "encoding": rng.choice(["hex", "base64", "base64url", "utf8", "jwk"]),
        "check-value": "0123456789ab",
    }
    if rng.random() < 0.3:
        made["derive"] = {"hkdf": {"salt": "salt"}}
        made["encoding"] = "utf8"
    return made
