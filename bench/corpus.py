"""Makes .env files and specs like those of a web shop with M-Pesa payments; the same each time."""

from __future__ import annotations

import base64
import random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

SEED = 20_240_229
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
HEX = "0123456789abcdef"


class Constraint(NamedTuple):
    """What a kind of variable must look like, in the words of assay and of JSON Schema."""

    spec: str
    """Fields of the spec language, in flow style."""
    schema: dict[str, object]
    """For the text, as it stands in the file."""


CONSTRAINTS: dict[str, Constraint] = {
    "text": Constraint("min-length: 2", {"minLength": 2}),
    "secret": Constraint("secret: true, min-length: 24", {"minLength": 24}),
    "pattern": Constraint(
        "secret: true, pattern: '[A-Za-z0-9]{32,64}'", {"pattern": "^[A-Za-z0-9]{32,64}$"}
    ),
    "url": Constraint(
        "type: url, schemes: [https]", {"format": "uri", "pattern": "^https://[^/]+"}
    ),
    "enum": Constraint(
        "type: enum, options: [sandbox, staging, production]",
        {"enum": ["sandbox", "staging", "production"]},
    ),
    "boolean": Constraint(
        "type: boolean, truthy: ['true'], falsy: ['false']", {"enum": ["true", "false"]}
    ),
    "integer": Constraint(
        "type: integer, minimum: 0, maximum: 999999", {"pattern": "^(0|[1-9][0-9]{0,5})$"}
    ),
    "port": Constraint(
        "type: port",
        {
            "pattern": "^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}"
            "|655[0-2][0-9]|6553[0-5])$"
        },
    ),
    "email": Constraint("type: email", {"format": "email"}),
    "hex": Constraint("type: hex, secret: true, bytes: 32", {"pattern": "^[0-9a-fA-F]{64}$"}),
    "base64": Constraint(
        "type: base64, secret: true, bytes: 32", {"pattern": "^[A-Za-z0-9+/]{43}=$"}
    ),
    "uuid": Constraint("type: uuid", {"format": "uuid"}),
    "hostname": Constraint("type: hostname", {"format": "hostname"}),
    "duration": Constraint("type: duration", {"pattern": "^[0-9]{1,9}(ms|s|m|h|d|w)$"}),
}

# How often each kind stands in a hundred variables, and what its names end in.
_MIX: dict[str, tuple[int, tuple[str, ...]]] = {
    "text": (14, ("NAME", "REGION", "LABEL", "SENDER", "BUCKET", "LOCALE")),
    "secret": (13, ("CLIENT_SECRET", "TOKEN", "SIGNING_SECRET", "PASSPHRASE")),
    "pattern": (9, ("CONSUMER_KEY", "API_KEY", "ACCESS_KEY")),
    "url": (15, ("URL", "CALLBACK_URL", "API_URL", "WEBHOOK_URL")),
    "enum": (7, ("ENVIRONMENT", "MODE", "STAGE")),
    "boolean": (10, ("ENABLED", "DEBUG", "STRICT", "TRACING")),
    "integer": (9, ("LIMIT", "POOL_SIZE", "RETRIES", "BATCH_SIZE")),
    "port": (5, ("PORT", "ADMIN_PORT")),
    "email": (4, ("CONTACT", "REPLY_TO")),
    "hex": (3, ("ENCRYPTION_KEY", "KMS_KEY")),
    "base64": (3, ("SESSION_KEY", "COOKIE_KEY")),
    "uuid": (3, ("PROJECT_ID", "TENANT_ID")),
    "hostname": (3, ("HOST", "DOMAIN")),
    "duration": (2, ("TIMEOUT", "INTERVAL")),
}
_PATHS = ("", "/v1", "/auth/v1/callback?next=/orders&lang=sw", "/stk/")
_PUBLIC = frozenset(("text", "url", "enum", "boolean", "integer"))
_SERVICES = (
    "SUPABASE", "MPESA", "NEXT_PUBLIC", "AUTH", "STORAGE", "MAIL", "SMS", "QUEUE", "CACHE",
    "SEARCH", "REPORTS", "INVOICES", "BILLING", "KITCHEN", "ORDERS", "LOYALTY", "MENU", "PRINTER",
)  # fmt: skip
_TEXTS = (
    "Mama Njeri Kitchen", "eu-west-1", "af-south-1", "Karibu", "billing", "receipts-prod", "en-KE",
    "sw-KE", "Till 4, ground floor", "public", "Nairobi", "orders_v2", "MPESA-STK",
)  # fmt: skip


class Variable(NamedTuple):
    """A variable of the corpus: its constraint, and a value that is good."""

    name: str
    kind: str
    value: str
    group: str


def variables(count: int) -> list[Variable]:
    """So many variables; those of a smaller count are not the head of a greater one."""
    dice = random.Random(SEED + count)
    names: set[str] = set()
    found: list[Variable] = []
    kinds = [kind for kind, (share, _) in _MIX.items() for _ in range(share)]
    for number in range(count):
        kind = kinds[number % len(kinds)]
        group, name = _name(dice, kind, names, count)
        names.add(name)
        found.append(Variable(name, kind, value(dice, kind), group))
    found.sort(key=lambda variable: variable.group)
    return found


def _name(dice: random.Random, kind: str, taken: set[str], count: int) -> tuple[str, str]:
    _, endings = _MIX[kind]
    while True:
        service = dice.choice(_SERVICES)
        if service == "NEXT_PUBLIC" and kind not in _PUBLIC:
            continue
        middle = "" if count <= 100 else f"_{dice.randrange(count // 50)}"
        more = dice.choice(("", "", "_MAIN", "_WEB", "_WORKER", "_FALLBACK"))
        name = f"{service}{middle}{more}_{dice.choice(endings)}"
        if name not in taken:
            return f"{service}{middle}", name


def value(dice: random.Random, kind: str) -> str:
    """A good value of a kind."""
    return _VALUES[kind](dice)


def _uuid(dice: random.Random) -> str:
    text = dice.randbytes(16).hex()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def _random(dice: random.Random, alphabet: str, size: int) -> str:
    return "".join(dice.choices(alphabet, k=size))


def _host(dice: random.Random) -> str:
    word = _random(dice, "abcdefghijklmnopqrstuvwxyz", dice.randint(5, 16))
    return f"{word}.{dice.choice(('supabase.co', 'safaricom.co.ke', 'vercel.app', 'shop.ke'))}"


_VALUES: dict[str, Callable[[random.Random], str]] = {
    "text": lambda dice: dice.choice(_TEXTS),
    "secret": lambda dice: _random(dice, LETTERS + "_-", dice.randint(32, 56)),
    "pattern": lambda dice: _random(dice, LETTERS, dice.randint(32, 64)),
    "url": lambda dice: f"https://{_host(dice)}{dice.choice(_PATHS)}",
    "enum": lambda dice: dice.choice(("sandbox", "staging", "production")),
    "boolean": lambda dice: dice.choice(("true", "false")),
    "integer": lambda dice: str(dice.randrange(10 ** dice.randint(1, 6))),
    "port": lambda dice: str(dice.choice((80, 443, 3000, 5432, 6379, 8080, 8443, 54321))),
    "email": lambda dice: f"{dice.choice(('ops', 'billing.team', 'no-reply'))}@{_host(dice)}",
    "hex": lambda dice: dice.randbytes(32).hex(),
    "base64": lambda dice: base64.b64encode(dice.randbytes(32)).decode(),
    "uuid": _uuid,
    "hostname": _host,
    "duration": lambda dice: f"{dice.randint(1, 90)}{dice.choice(('ms', 's', 'm', 'h', 'd'))}",
}


def env_text(chosen: Sequence[Variable], *, quotes: bool = True) -> str:
    """The .env file: groups with a comment, a blank line between them, some values in quotes."""
    lines: list[str] = []
    group = None
    for number, variable in enumerate(chosen):
        if variable.group != group:
            group = variable.group
            lines += ["", f"# {group.replace('_', ' ').title()}: see the handbook, chapter 3"]
        text = variable.value
        if quotes and (" " in text or number % 9 == 0):
            text = f'"{text}"'
        lines.append(f"{variable.name}={text}")
    return "\n".join(lines[1:]) + "\n"


def spec_text(chosen: Sequence[Variable], path: str = ".env") -> str:
    """The spec of an environment that reads one .env file."""
    head = (
        "assay: 1\nproject: shop\nenvironments:\n  development:\n    values:\n"
        f"      - dotenv: {{path: {path}, dialect: node}}\nvariables:\n"
    )
    return head + "".join(_declarations(chosen))


def _declarations(chosen: Sequence[Variable]) -> Iterator[str]:
    for variable in chosen:
        fields = CONSTRAINTS[variable.kind].spec
        about = f"{variable.group.replace('_', ' ').title()}: its {variable.kind}."
        yield f"  {variable.name}: {{{fields}, group: {variable.group}, description: '{about}'}}\n"


FAULTS: dict[str, str] = {
    "enum": "prod",
    "port": "70000",
    "url": "http//billing",
    "integer": "unlimited",
    "boolean": "disabled",
}
"""A bad value for each of five kinds."""


def spoilt(chosen: Sequence[Variable], faults: int) -> list[Variable]:
    """The variables with bad values for the first of so many kinds, at most five."""
    left = dict(list(FAULTS.items())[:faults])
    return [v._replace(value=left.pop(v.kind)) if v.kind in left else v for v in chosen]


def project(folder: Path, chosen: Sequence[Variable], values: Sequence[Variable] = ()) -> Path:
    """A project folder: the spec of the variables, and the .env file, of other values if given."""
    (folder / "specs").mkdir(parents=True)
    (folder / "specs" / "shop.yaml").write_text(spec_text(chosen))
    (folder / ".env").write_text(env_text(values or chosen))
    return folder
