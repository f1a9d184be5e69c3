"""What names say of secrecy: the one list that every command decides by.

The last word of an English name says what it is: a `TOKEN_URL` is a URL, a `URL_TOKEN` is a token.
So words that hardly mean anything else count wherever they stand unless the end of the name turns
them into something harmless; words with other meanings count at the end alone. When unsure, a
name sounds secret: bullets cost less than a password.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from assay.hygiene.lists import public_prefix

Sound = Literal["", "text", "address", "webhook", "number", "salt"]
"""What a secret looks like by its name: any text, a URL as well, or a number as well.

An `address` is a URL for the password in it, a `webhook` for its path. A `salt` is hidden in case
it matters, but need not be hard to guess."""


def sounds_secret(name: str) -> bool:
    """Whether a variable's name says that its value is secret."""
    return bool(sound(name))


@lru_cache(maxsize=4096)
def sound(name: str) -> Sound:
    """What kind of secret a name speaks of; empty if it speaks of none."""
    if public_prefix(name) or name.upper() in _SHELL:
        return ""
    words = _without(_words(name), _AGES)
    if not words:
        return ""
    together = _together(words)
    return together or ("" if _harmless(words) else _alone(words))


def stem(name: str) -> list[str]:
    """The words of a name in capitals, without those for its age and form at the end."""
    return _without(_without(_words(name), _AGES), _FORMS)


def _together(words: Sequence[str]) -> Sound:
    """What words speak of that only mean a secret together."""
    if ("CONNECTION", "STRINGS") in pairwise(words):  # .NET's section of them
        return "address"
    bare = _without(words, _FORMS)
    found = (sort for e, sort in _COMPOUNDS.items() if _ends(words, e) or _ends(bare, e))
    return next(found, "")


def _alone(words: Sequence[str]) -> Sound:
    """What single words speak of."""
    heads = [words[-1], *_without(words, _FORMS)[-1:]]
    for at, word in enumerate(words):
        if _strong(word) and not _public(words, at):
            return "number" if word in _NUMBERS and word in heads else "text"
    found = (_HEADS[h] for h in heads if h in _HEADS and not _public(words, len(words) - 1))
    return next(found, "")


def _words(name: str) -> list[str]:
    """The words of a name in capitals: of SNAKE_CASE, kebab-case and camelCase, without numbers."""
    parts = (word for run in _RUNS.findall(name) for word in _HUMPS.sub(" ", run).split())
    bare = (w if w.upper() in _NUMBERED else w.rstrip("0123456789") for w in parts)
    return [word.upper() for word in bare if word]


def _without(words: Sequence[str], tail: frozenset[str]) -> list[str]:
    """The words without those at the end that say nothing of what the rest means."""
    end = len(words)
    while end > 1 and words[end - 1] in tail:
        end -= 1
    return list(words[:end])


def _ends(words: Sequence[str], ending: tuple[str, ...]) -> bool:
    return tuple(words[-len(ending) :]) == ending


def _harmless(words: Sequence[str]) -> bool:
    """Whether a name speaks of something about a secret: its path, its age, whether to use it."""
    return (
        words[-1] in _ENDS
        or words[0] in _STARTS
        or not _ANYWHERE.isdisjoint(words)
        or any(_ends(words, ending) for ending in _PHRASES)
    )


def _strong(word: str) -> bool:
    """Whether a word means a secret wherever it stands; `DBPASSWORD` and `apikey` are words too."""
    if word in _STRONG:
        return True
    if word.endswith(_GLUED):
        return not word.endswith(_NO_GLUE)
    return any(part in word for part in _WITHIN) and not word.endswith(_GLUED_ENDS)


def _public(words: Sequence[str], at: int) -> bool:
    """Whether the words before one make it public: `SITE_KEY`, `OUTPUT_TOKENS`, `RANDOM_SEED`."""
    word, before = words[at], words[at - 1] if at else ""
    if word.endswith(("KEY", "KEYS", "TOKEN", "TOKENS")) and not _PUBLISHED.isdisjoint(words[:at]):
        return True
    return before in _BEFORE.get(word.removesuffix("S"), ()) or (
        (before, word) == ("PRIMARY", "KEY") and (at == 1 or words[at - 2] in _TABLES)
    )


def _each(*lines: str) -> Iterator[str]:
    for line in lines:
        yield from line.split()


_RUNS = re.compile(r"[^\W_]+")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z][0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SHELL = frozenset(("PWD", "OLDPWD"))
"""What a shell calls the folder that it is in."""
_NUMBERED = frozenset(("AUTH0", "2FA"))
"""Words whose digits belong to them."""

_STRONG = frozenset(
    _each(
        "PASSWORD PASSWORDS PASSWD PASSPHRASE PASSPHRASES PASSCODE PASSCODES PASSWRD PASS PWD PW",
        "SECRET SECRETS TOKEN TOKENS KEY KEYS CREDENTIAL CREDENTIALS CRED CREDS MNEMONIC MNEMONICS",
        "PASSKEY PRIVKEY KEYPAIR CONNSTR CVV CVC PSWD PWORD PASWORD PASSWROD PSSWORD PSK KEK DEK",
        "PASSWORT KENNWORT SENHA CONTRASENA CONTRASEÑA MDP HASLO WACHTWOORD NENOSIRI GEHEIMNIS",
        "LOSENORD LÖSENORD PASSORD KODEORD SALASANA HESLO JELSZO CLAVE PAROLA",
        "ПАРОЛЬ 密码 密碼 パスワード",
    )
)
"""Words that count wherever they stand."""
_GLUED = (
    *_each("PASSWORD PASSWORDS PASSWD PASSPHRASE PASSCODE PASS PWD SECRET SECRETS TOKEN TOKENS"),
    *_each("CREDENTIAL CREDENTIALS KEY KEYS MNEMONIC CONNSTR PW PSWD PSK"),
)
"""How longer words end that mean the same: `PGPASSWORD`, `authtoken`."""
_NO_GLUE = (
    *_each("BYPASS COMPASS TRESPASS SURPASS UNDERPASS OVERPASS OLDPWD TURNKEY"),
    *_each("MONKEY DONKEY TURKEY HOCKEY WHISKEY JOCKEY LACKEY MICKEY HOTKEY PUBKEY PUBLICKEY"),
    *_each("SITEKEY FOREIGNKEY SORTKEY PRIMARYKEY MONKEYS DONKEYS TURKEYS WHISKEYS JOCKEYS"),
    *_each("HOTKEYS PUBKEYS PUBLICKEYS MAXTOKENS MINTOKENS"),
)
_WITHIN = tuple(_each("PASSWORD PASSWD PASSPHRASE APIKEY SECRETKEY PRIVATEKEY ACCESSKEY MASTERKEY"))
"""Parts that mean a secret wherever they stand in a word: `SECRETKEYBASE`."""
_GLUED_ENDS = (
    *_each("LESS FILE FILES PATH DIR URL URI ID IDS NAME NAMES LENGTH LEN POLICY TTL HINT FIELD"),
    *_each("RESET HASHER HASHERS EXPIRY ROUNDS TYPE"),
)

_HEADS: dict[str, Sound] = {
    **dict.fromkeys(
        _each(
            "AUTH AUTHORIZATION BEARER COOKIE COOKIES JWT PEPPER PAT SIGNATURE SIG HMAC SAS",
            "LICENSE LICENCE SEED SEEDS PHRASE PHRASES PRIVATE PRIV MACAROON XPRV 2FA TOTP JWK",
            "FERNET",
        ),
        "text",
    ),
    **dict.fromkeys(_each("PIN PINS PUK OTP"), "number"),
    **dict.fromkeys(_each("SALT SALTS"), "salt"),
    **dict.fromkeys(_each("WEBHOOK WEBHOOKS"), "webhook"),
    "DSN": "address",
}
"""Words that count at the end of a name: elsewhere they show what the rest is for."""
_NUMBERS = frozenset(_each("PASSWORD PASSWD PASSCODE PASSCODES PASS PWD CVV CVC"))
_ADDRESSES = ("STRING", "STRINGS", "STR", "URL", "URI")
_SERVERS = (
    *_each("DATABASE DB JDBC POSTGRES POSTGRESQL PG PRISMA DIRECT MYSQL MARIADB MONGO MONGODB"),
    *_each("AMQP RABBITMQ BROKER CLOUDINARY CLOUDAMQP REDISCLOUD KV CLICKHOUSE"),
)
"""What answers at an address that mostly holds a password."""
_UNLOCKING = tuple(_each("RECOVERY BACKUP ACCESS SECURITY VERIFICATION UNLOCK ACTIVATION"))
_COMPOUNDS: dict[tuple[str, ...], Sound] = {
    **{(a, b): "address" for a in ("CONNECTION", "CONN") for b in _ADDRESSES},
    **{(a, b): "address" for a in _SERVERS for b in ("URL", "URI")},
    **{("WEBHOOK", b): "webhook" for b in ("URL", "URI", "URLS", "URIS")},
    **{(a, b): "number" for a in _UNLOCKING for b in ("CODE", "CODES")},
    **{(a, b): "webhook" for a in ("DISCORD", "SLACK", "TEAMS") for b in ("HOOK", "HOOKS")},
    ("ALCHEMY", "CONN"): "address",
    ("EDGE", "CONFIG"): "address",
    **{
        tuple(words.split()): "text"
        for words in (
            *("MOT DE PASSE", "ROLE SECRET ID", "KUBECONFIG DATA", "AUTH CONFIG", "AUTH HEADER"),
            *("AUTH HEADERS", "AUTHORIZATION HEADER", "SERVICE ACCOUNT", "SUPABASE SERVICE ROLE"),
            *("APPROLE SECRET ID", "VAULT SECRET ID"),
        )
    },
}
"""Words that only mean a secret together, at the end of a name."""

_AGES = frozenset(
    _each(
        "PROD PRODUCTION STAGING STAGE STG DEV DEVELOPMENT TEST TESTING QA UAT LOCAL LIVE SANDBOX",
        "PREVIEW OLD NEW PREV PREVIOUS CURRENT NEXT PRIMARY SECONDARY BACKUP DEFAULT FALLBACK",
        "LEGACY ALT TEMP TMP CI V A B NON POOLING POOLED UNPOOLED",
    )
)
"""Which of several it is; `KEY_V2` and `TOKEN_URL_PROD` are what they would be without it."""
_FORMS = frozenset(
    _each("VALUE STRING STR TEXT RAW PLAIN BASE B HEX PEM JSON ENC ENCODED ENCRYPTED DATA CONTENT")
)
"""How it is written."""
_ENDS = frozenset(
    _each(
        "ID IDS NAME NAMES PATH PATHS FILE FILES FILENAME FILEPATH DIR DIRS DIRECTORY FOLDER",
        "LOCATION URL URLS URI URIS HOST HOSTNAME PORT DOMAIN DOMAINS ENDPOINT ENDPOINTS REGION",
        "TTL EXPIRY EXPIRES EXPIRE EXPIRATION EXP IN AGE LIFETIME DAYS HOURS MINUTES SECONDS MS",
        "TIMEOUT INTERVAL ROTATION GRACE LEEWAY SKEW WINDOW RETENTION HISTORY DURATION",
        "LENGTH LEN SIZE BITS BYTES COUNT LIMIT LIMITS ROUNDS COST ITERATIONS ATTEMPTS RETRIES",
        "THRESHOLD BUDGET MIN MAX STRENGTH COMPLEXITY ALGORITHM ALGORITHMS ALG ALGO CURVE USAGE",
        "TYPE TYPES MODE METHOD METHODS STRATEGY POLICY RULES VALIDATOR VALIDATORS HASHER HASHERS",
        "FORMAT ENCODING SCHEME SPEC REGEX PATTERN TEMPLATE VERSION PREFIX SUFFIX HEADER HEADERS",
        "FIELD COLUMN TABLE INDEX SELECTOR LABEL TITLE HINT PROMPT PLACEHOLDER MESSAGE ALIAS REF",
        "ISSUER ISS AUDIENCE AUD REALM SCOPE SCOPES ROLE USER USERS USERNAME EMAIL OWNER",
        "PROVIDER PROVIDERS DRIVER BACKEND ENGINE STORE VAULT MANAGER SERVICE SERVER CLASS MOUNT",
        "ARN RATE NAMESPACE ENABLED DISABLED REQUIRED OPTIONAL SECURE SAMESITE HTTPONLY PUBLIC PUB",
        "PUBLISHABLE FINGERPRINT THUMBPRINT SERIAL ADDRESS SYMBOL DECIMALS CONTRACT THROUGH",
        "PROJECT",
    )
)
"""Last words of names that speak of something about a secret."""
_STARTS = frozenset(_each("USE IS HAS SKIP SHOW HIDE SHOULD WITH NO GENERATE VALIDATE CHECK"))
_ANYWHERE = frozenset(_each("MAX MIN NUM ENABLE DISABLE REQUIRE ALLOW PER"))
_PHRASES = (("KEY", "VALUE", "STORE"), ("TRUST", "AUTH"), ("FACTOR", "AUTH"))
_PUBLISHED = frozenset(_each("PUBLIC PUB PUBLISHABLE ANON ANONYMOUS"))
"""Words before a key or a token that is made for everyone."""
_BEFORE: dict[str, frozenset[str]] = {
    "KEY": frozenset(
        _each("SITE FOREIGN SORT PARTITION HOT IDEMPOTENCY SHARD ROW CACHE OBJECT TRANSLATION")
    ),
    "TOKEN": frozenset(_each("CONTEXT COMPLETION OUTPUT INPUT PROMPT BUDGET LIMIT TOTAL THINKING")),
    "SEED": frozenset(_each("RANDOM RNG DB DATABASE FAKER TRAINING SHUFFLE RUN WORLD NOISE")),
    "PIN": frozenset(_each("GPIO LED BUTTON SENSOR RELAY RESET CLOCK")),
    "AUTH": frozenset(_each("SMTP MAIL EMAIL")),
    "SIGNATURE": frozenset(_each("EMAIL MAIL")),
}
"""Words before another that give it a harmless meaning."""
_TABLES = frozenset(_each("TABLE COLUMN DB DATABASE SQL MODEL ENTITY DYNAMO DYNAMODB"))
"""Words before `PRIMARY_KEY` that tell it from the first of two keys, such as Azure's."""
