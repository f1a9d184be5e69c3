"""Random specs over every value type, and .env texts to judge by them, good and bad."""

from __future__ import annotations

import base64
import string
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from tests.formats.tables import CASES

from assay import dotenv

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

NAMES = (
    "API_KEY",
    "API_KEYS",
    "APY_KEY",
    "A",
    "DATABASE_URL",
    "HOST",
    "MODE",
    "NEXT_PUBLIC_KEY",
    "PASSWORD",
    "PORT",
    "PORT_2",
    "VITE_HOST",
)
STRAYS = ("NODE_ENV", "PROT", "API_KEYY", "GATSBY_TOKEN", "a", "HOSTS")
ENVIRONMENTS = ("dev", "prod")
TROUBLESOME = (
    "a\0b-9fK2mQ7xT4vL8wR3pZ6y",
    "undefined",
    "$MPESA_KEY",
    "${KEY:-none}",
    "${{ secrets.KEY }}",
    "op://vault/item/key",
    "vault:secret/data/x#key",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:key-1a2B3c",
    "/run/secrets/key",
    "[REDACTED]",
    "(sensitive value)",
    "***",
    "SECRET=9e107d9d372bb6826bd81d3542a419d6",
    "9e107d9d372bb6826bd81d3542a419d6,",
    "9e107d9d372bb6826b d81d3542a419d6",
    "“9e107d9d372bb6826bd81d3542a419d6”",
    "9e107d9d372bb6826bd81d3542a419d6\\n",
    "changeme",
    "your-key-here",
    "<token>",
    "${NAME}",
    "{{ name }}",
    "xxx",
    "xxxx-xxxx",
    "aaaaaaaaaaaa",
    "1111111111",
    "password",
    "qwertyuiop12",
    "174379",
    "9e107d9d372bb6826bd81d3542a419d6  -",
    "sb_secret_abcdefgh12345678",
    "sk_live_abcdefgh12345678",
    "ghp_abcdefgh12345678",
    "",
    " a",
    "a ",
    "'a'",
    '"a"',
    "a\n",
    "$a",
    "`a`",
    "é",
    "a b",
    "a#b",
    "Passw0rd Passw0rd",
    "abcdefghijkl",
    "api_key",
    "API_KEY",
    "true",
    "null",
    "%NAME%",
)
PLAIN = [case for case in CASES if case.good and not any(len(v) > 5000 for v in case.good)]
"""Rows of the formats' tables: parameters with good and bad values."""


def condition(rng: Random, names: Sequence[str]) -> str:
    """A condition of a shape that people write; it may well be refused for its types."""
    name = rng.choice(names)
    shape = rng.randrange(11)
    if shape == 0:
        return f"{condition(rng, names)} && {condition(rng, names)}"
    if shape == 1:
        return f"({condition(rng, names)} || {condition(rng, names)})"
    if shape == 2:
        return f"!({condition(rng, names)})"
    if shape == 3:
        return f"isSet('{name}')"
    if shape == 4:
        return f"environment {rng.choice(['==', '!='])} '{rng.choice(ENVIRONMENTS)}'"
    if shape == 5:
        return f"'on' == {name}"
    if shape == 6:
        method = rng.choice(["contains", "startsWith", "endsWith", "matches"])
        return f"{name}.{method}('{rng.choice(['on', 'a', 'o', '', '.'])}')"
    if shape == 7:
        sign, other = rng.choice(["==", "!="]), rng.choice(names)
        return f"{rng.choice(['', '!'])}isSet('{name}') {sign} isSet('{other}')"
    if shape == 8:
        return "live"
    return f"{name} {rng.choice(['==', '!='])} '{rng.choice(['on', 'a b', '', 'prod'])}'"


def spec(
    rng: Random, *, dialect: str | None = None, called: Sequence[str] = NAMES
) -> dict[str, Any]:
    """The data of a spec with up to five variables of any type, and two environments."""
    names = rng.sample(called, rng.randint(1, 5))
    chosen = dialect or rng.choice(dotenv.DIALECTS)
    made_of = rng.choice([simple, variable])
    variables = {name: made_of(rng, names) for name in names}
    second: list[Any] = [{"dotenv": {"path": rng.choice(["prod.env", "./prod.env", ".env"])}}]
    if rng.random() < 0.5:
        second.append({"dotenv": {"path": "more.env", "optional": True, "dialect": chosen}})
    made: dict[str, Any] = {
        "assay": 1,
        "variables": variables,
        "environments": {
            "dev": {"values": [{"dotenv": {"path": ".env", "dialect": chosen}}]},
            "prod": {"live": rng.random() < 0.5, "values": second},
        },
    }
    if rng.random() < 0.4:
        made["rules"] = {f"rule-{n}": rule(rng, names) for n in range(rng.randint(1, 2))}
    if rng.random() < 0.4:
        made["keys"] = keys(rng, variables)
    if rng.random() < 0.7:
        made["undeclared"] = rng.choice(["ignore", "ignore", "ignore", "warn", "fail"])
    return made


def rule(rng: Random, names: Sequence[str]) -> dict[str, Any]:
    """A rule over variables, of a shape that the screen may or may not understand."""
    made = {"message": "they must agree", "assert": condition(rng, names)}
    if rng.random() < 0.2:
        made["assert"] = f"!{rng.choice(names)}.contains('o')"
    if rng.random() < 0.4:
        made["when"] = condition(rng, names)
    if rng.random() < 0.3:
        made["severity"] = rng.choice(["info", "warning"])
    return made


def keys(rng: Random, variables: dict[str, Any]) -> dict[str, Any]:
    """Up to two keys, whose variables become secret texts or bytes in an encoding."""
    made: dict[str, Any] = {}
    for name in rng.sample(sorted(variables), min(len(variables), rng.randint(1, 2))):
        encoding = rng.choice(["hex", "hex", "base64", "base64url", "utf8"])
        type_ = rng.choice([encoding, "text"]) if encoding != "utf8" else "text"
        variables[name] = {**simple_fields(rng), "type": type_, "secret": True}
        key: dict[str, Any] = {
            "variable": name,
            "cipher": rng.choice(["aes-256-gcm", "aes-128-cbc", "aes-192-gcm", "hmac-sha256"]),
            "encoding": encoding,
        }
        if rng.random() < 0.2:
            key["decoder"] = "node"
        if rng.random() < 0.1:
            key["derive"] = "sha256"
        if rng.random() < 0.1:
            key["check-value"] = rng.choice(["0123456789ab", {"prod": "0123456789ab"}])
        others = sorted(set(variables) - {name})
        if others and rng.random() < 0.2:
            key["previous"] = [rng.choice(others)]
            variables[key["previous"][0]] = {"type": "text", "secret": True, "required": False}
        made[f"key-{name}".lower()] = key
    return made


def simple_fields(rng: Random) -> dict[str, Any]:
    """Now and then a field that decides whether a variable must be set."""
    return {"required": rng.choice([True, False])} if rng.random() < 0.3 else {}


def key_text(rng: Random, key: dict[str, Any]) -> str:
    """What may stand where a key belongs: mostly a good one."""
    size = {"aes-256-gcm": 32, "aes-128-cbc": 16, "aes-192-gcm": 24}.get(key["cipher"], 40)
    raw = rng.choice(
        [
            *[rng.randbytes(size)] * 6,
            rng.randbytes(rng.randrange(1, 50)),
            bytes(size),
            bytes(range(size)),
            b"passphrase passphrase"[:size].ljust(size, b"!"),
            rng.randbytes(size // 2) * 2,
            rng.randbytes(max(size - 8, 1)).ljust(size, b"\0"),
            bytes(rng.choices(range(5), k=size)),
            rng.randbytes(size // 2).hex().encode(),
        ]
    )
    written = {
        "hex": raw.hex(),
        "base64": base64.b64encode(raw).decode(),
        "base64url": base64.urlsafe_b64encode(raw).decode().rstrip("="),
        "utf8": raw.hex()[:size],
    }
    usual = key["encoding"] if rng.random() < 0.85 else rng.choice(sorted(written))
    text = written[usual]
    return text[: rng.randrange(len(text))] if rng.random() < 0.1 else text


def simple(rng: Random, names: Sequence[str]) -> dict[str, Any]:
    """One variable as most are: of a common type, and always required."""
    kinds = ("text", "text", "port", "hostname", "url", "integer", "enum", "hex")
    case = rng.choice([case for case in PLAIN if case.given["type"] in kinds])
    return {**deepcopy(case.given), **({"secret": True} if rng.random() < 0.3 else {})}


def variable(rng: Random, names: Sequence[str]) -> dict[str, Any]:  # noqa: C901 - one line a field
    """One variable: a row of the tables, and some of the fields that all types share."""
    case = rng.choice(PLAIN)
    good = [value for value in case.good if value.isprintable()] or ["x"]
    made: dict[str, Any] = deepcopy(case.given)  # others maul it
    if made["type"] == "text" and rng.random() < 0.5:
        made = {}
    elif made["type"] == "supabase-key" and rng.random() < 0.5:
        made["url"] = rng.choice(names)
    if rng.random() < 0.4:
        made["required"] = rng.choice([True, False, condition(rng, names)])
    if rng.random() < 0.15:
        made["when"] = condition(rng, names)
    if rng.random() < 0.15:
        made["default"] = rng.choice(good)
    if rng.random() < 0.15:
        made["example"] = rng.choice(good)
    if rng.random() < 0.3:
        made["secret"] = rng.random() < 0.7
    if rng.random() < 0.1:
        made["allow-empty"] = True
    if rng.random() < 0.1:
        made["deprecated"] = rng.choice([True, rng.choice(names)])
    if rng.random() < 0.1:
        made["only-in"] = [rng.choice(ENVIRONMENTS)]
    if rng.random() < 0.1:
        made["severity"] = rng.choice(["info", "warning", "error"])
    return made


def value(rng: Random, declared: dict[str, Any], *, tidy: bool = False) -> str:
    """A value for a variable, mostly a good one; always one of the right form where `tidy`."""
    fitting = [case for case in PLAIN if case.given["type"] == declared.get("type", "text")]
    exact = [case for case in fitting if case.given.items() <= declared.items()] or fitting
    chance = 0.0 if tidy else rng.random()
    case = rng.choice(exact)
    if declared.get("type") == "url" and rng.random() < 0.3:
        return f"https://{rng.choice(['abcdefgh', 'zyxwvuts'])}.supabase.co"
    if chance < 0.6:
        return rng.choice(case.good)
    if chance < 0.7 and case.bad:
        return rng.choice(case.bad)[0]
    if chance < 0.8:
        return "".join(rng.choices(string.ascii_letters + string.digits, k=rng.randint(1, 40)))
    if chance < 0.85:
        return str(declared.get("example", "on"))
    if chance < 0.9:
        return rng.choice(["on", "a b", "prod"])
    return rng.choice(TROUBLESOME)


def line(rng: Random, name: str, text: str, dialect: str) -> str:
    """One assignment, spelt in one of the ways that people have."""
    way = rng.randrange(8)
    if way < 3 or "\0" in text:
        return f"{name}={text}"
    if way == 3:
        return f'{name}="{text}"'
    if way == 4:
        return f"{name}='{text}'"
    if way == 5:
        lead = rng.choice(["export ", " ", ""])
        return f"{lead}{name}{rng.choice(['=', ' = ', ': '])}{text}{rng.choice(['', ' # c'])}"
    try:
        return f"{name}={dotenv.quote(text, dialect)}"
    except (dotenv.DotenvError, UnicodeError):
        return f"{name}={text}"


def _names(key: dict[str, Any]) -> list[str]:
    return [key["variable"], *key.get("previous", ())]


def env(rng: Random, data: dict[str, Any], dialect: str) -> bytes:  # noqa: C901 - one line an oddity
    """A .env file for a spec: mostly complete, now and then with something odd in it."""
    lines: list[str] = []
    tidy = rng.random() < 0.6
    full = rng.random() < 0.7
    spoilt = rng.choice([None, None, *data["variables"]])
    held = {name: key for key in data.get("keys", {}).values() for name in _names(key)}
    for name, declared in data["variables"].items():
        if name in held and rng.random() < 0.9:
            lines.append(f"{name}={key_text(rng, held[name])}")
        elif tidy and name == spoilt:
            lines.append(f"{name}={rng.choice(TROUBLESOME)}")
        elif full or rng.random() < 0.7:
            lines.append(line(rng, name, value(rng, declared, tidy=tidy), dialect))
    if tidy:
        return "\n".join(lines).encode("utf-8", "surrogatepass")
    if rng.random() < 0.3:
        lines.append(line(rng, rng.choice(STRAYS), rng.choice(TROUBLESOME), dialect))
    if rng.random() < 0.2 and lines:
        lines.append(rng.choice(lines))
    if rng.random() < 0.3:
        lines.append(rng.choice(["# a comment", "#", "", "  ", "A", "export", "# é", "garbage"]))
    rng.shuffle(lines)
    text = "\n".join(lines) + rng.choice(["\n", ""])
    content = text.encode("utf-8", "surrogatepass")
    chance = rng.random()
    if chance < 0.05:
        return content.replace(b"\n", b"\r\n")
    if chance < 0.08:
        return b"\xef\xbb\xbf" + content
    if chance < 0.11:
        at = rng.randrange(len(content) + 1)
        return content[:at] + bytes([rng.randrange(256)]) + content[at:]
    return content
