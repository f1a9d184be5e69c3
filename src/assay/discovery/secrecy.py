"""Which variables hold secrets, by their names and by the look of their values."""

from __future__ import annotations

import re

from assay.hygiene.exposure import marked_secret, public_prefix
from assay.hygiene.strength import entropy_bits

_SECRET = re.compile(
    r"(?:^|_)(?:SECRETS?|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|PW|TOKENS?|CREDS?|CREDENTIALS?|PRIVATE|KEY|KEYS"
    r"|APIKEY|AUTHKEY|ACCESSKEY|SALT|PEPPER|PASSKEY|PAT|PIN|SIGNATURE|COOKIE|LICENSE|LICENCE|WEBHOOK"
    r"|CONNECTION_STRING|DATABASE_URL|DB_URL|DSN|JWT|SEED|MNEMONIC|AUTH|BEARER)\d*(?:_|$)"
    r"|(?:PASSWORD|SECRET|TOKEN|APIKEY|PASSPHRASE|PASSWD|(?<!OLD)PWD|(?<!COM)(?<!BY)(?<!TRES)PASS)$"
)
_QUALIFIED = re.compile(
    r"_(?:ID|IDS|NAME|PATH|FILE|DIR|TTL|EXPIRY|EXPIRES|EXPIRATION|EXPIRES_IN|LENGTH|SIZE|ALGORITHM|ALG"
    r"|TYPE|LIMIT|HEADER|PREFIX|ISSUER|AUDIENCE|VERSION|COUNT|ENABLED|REQUIRED|ROUNDS|COST|MODE|HOST"
    r"|PORT|DOMAIN|PROVIDER|METHOD|TIMEOUT|MAX_AGE|SECURE|SAMESITE|ENCODING|FORMAT|REGION|ENDPOINT"
    r"|PUBLISHABLE|AGE|LIFETIME|DAYS|HOURS|MINUTES|SECONDS|EXPIRE|PUBLIC|SCHEME|REALM|URI|URL)$"
    r"|PUBLIC_KEY|PUBLISHABLE|(?:^|_)(?:MAX|MIN|NUM|ENABLE|DISABLE|REQUIRE|ALLOW)_|SITE_KEY"
)
_ALWAYS = re.compile(
    r"(?:^|_)(?:DATABASE_URL|DB_URL|WEBHOOK_URL|DSN|CONNECTION_(?:STRING|URL|URI))$"
)
LEAST_SIZE = 20
LEAST_BITS = 3.2
"""Bits for each character, above which a text without spaces is hardly made of words."""


def named_secret(name: str) -> bool:
    """Whether a name says that its value is secret."""
    upper = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").replace(".", "_").upper()
    if public_prefix(name):
        return False
    if _ALWAYS.search(upper):
        return True
    return bool(_SECRET.search(upper)) and not _QUALIFIED.search(upper)


def looks_secret(value: str) -> bool:
    """Whether a value is secret by its own mark, or as random as a key is."""
    if marked_secret(value):
        return True
    if len(value) < LEAST_SIZE or any(map(str.isspace, value)) or "://" in value:
        return False
    classes = sum(any(map(kind, value)) for kind in (str.islower, str.isupper, str.isdigit))
    longest = max(map(len, re.split(r"[^A-Za-z0-9]+", value)))
    return classes > 1 and longest >= 16 and entropy_bits(value) / len(value) > LEAST_BITS
