"""Secrets that are safe only by where they stand: beside others, short, wordy, or as names."""

from __future__ import annotations

import json
import string
from typing import TYPE_CHECKING

from tests.cli.test_pasted_secrets import PLACES
from tests.properties.leaks.planted import Planted

from assay import dotenv

if TYPE_CHECKING:
    from random import Random

WORDS = ("plum", "otter", "dusk", "velvet", "quarry", "lantern", "mosaic", "thistle", "ember")
MARKS = "!%&*@^~"


def short(rng: Random) -> str:
    """A secret that is too short for a masker, or made of words; nothing else of ours holds it."""
    shape = rng.randrange(4)
    if shape == 0:
        return f"zq{''.join(rng.choices(string.ascii_lowercase + string.digits, k=5))}"
    if shape == 1:
        return "-".join(rng.sample(WORDS, 3))
    if shape == 2:
        return f"{rng.choice(WORDS)}{rng.choice(WORDS)}{rng.randrange(10, 99)}"
    return f"{rng.choice(WORDS).title()}{rng.randrange(100)}{rng.choice(MARKS)}q"


def random_secret(rng: Random) -> str:
    """A secret that looks like one."""
    key = "".join(rng.choices(string.ascii_letters + string.digits, k=rng.randint(20, 40)))
    shapes = (
        *(key, key, rng.randbytes(rng.randint(16, 32)).hex(), f"sk_live_{key}", f"ghp_{key}"),
        f"postgres://app:{short(rng)}@db.internal:5432/app",
        f"https://{short(rng)}:{short(rng)}@example.com/x",
        f"eyJ{key}.{key}.{key}",
        f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----",
    )
    return rng.choice(shapes)


def lines(rng: Random, secret: str) -> str:
    """Lines of a .env file with what is wrong beside a secret, in one of many ways."""
    wrong = rng.choice(["PORT=99999", "PORT='99999'", 'PORT="99999"', "MODE=c", "PORT: 99999"])
    name = rng.choice(["PIN", "DB_PASSWORD", "SESSION_TOKEN", "STRANGER_X"])
    other = rng.choice([f"{name}={secret}", f"{name}='{secret}'", f'{name}="{secret}"'])
    joint = rng.choice([" ", "; ", ";", " && ", "\t", " \\\n", ", ", "\n"])
    way = rng.randrange(6)
    if way == 0:
        return f"{wrong}{rng.choice([' # ', ' #', chr(9) + '# old: '])}{secret}"
    if way == 1:
        return f"{other}{joint}{wrong}"
    if way == 2:
        return f"{wrong}{joint}{other}"
    if way == 3:
        return f"export {other}{joint}{wrong}{joint}{other} # {secret}"
    if way == 4:
        return f"PIN='{secret}\n{wrong}\n{secret}'\n{wrong} # {secret}"
    return f'{wrong[:5]}"99999\n{name}={secret}"\n# {secret}\n{wrong}'


def neighbours(rng: Random) -> Planted:
    """A .env file with what is wrong beside a secret."""
    secret, dialect = short(rng), rng.choice(dotenv.DIALECTS)
    other = {"path": ".env", "dialect": rng.choice(dotenv.DIALECTS)}
    data = {
        "assay": 1,
        "undeclared": rng.choice(["ignore", "warn"]),
        "variables": {
            "PORT": {"type": "port"},
            "MODE": {"type": "enum", "options": ["a", "b"], "required": False},
            "PIN": {"secret": True, "required": False},
            "DB_PASSWORD": {"required": False},
            "SESSION_TOKEN": {"required": False},
        },
        "environments": {
            "dev": {"values": [{"dotenv": {"path": ".env", "dialect": dialect}}]},
            "prod": {"values": [{"dotenv": other}]},
        },
        "rules": {"r": {"assert": "PORT > 70000", "message": "too low"}},
    }
    content = lines(rng, secret) + "\n"
    return Planted(spec=json.dumps(data).encode(), files={".env": content.encode()}, words=[secret])


def pasted(rng: Random) -> Planted:
    """A spec with a secret in it, where a name or a word belongs."""
    secret = random_secret(rng)
    place = rng.choice(sorted(PLACES))
    plain = place in ("an alias", "a tag", "an unclosed quote", "a comment", "a comment of its own")
    written = secret.replace("\n", " ") if plain else json.dumps(secret)
    field = PLACES[place].replace("S", "\0").replace("\0", written)
    base = (
        "variables: {PORT: {type: port}}\n",
        "environments: {dev: {values: [dotenv: .env]}}\n",
    )
    head = "" if field.startswith("assay") else "assay: 1\n"
    kept = (line for line in base if field.split(":")[0] != line.split(":")[0])
    bodies = [part for part in secret.replace("-----", "\n").split("\n") if "PRIVATE" not in part]
    if "@" in secret:
        bodies += secret.partition("://")[2].partition("@")[0].split(":")[-1:]
    return Planted(
        spec=f"{head}{''.join(kept)}{field}\n".encode(),
        files={".env": b"PORT=80\n"},
        words=[body for body in bodies if body],
        arguments=[secret],
    )
