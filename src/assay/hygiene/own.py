"""Whose secret a name speaks of: one that a project makes up itself, or one that others issue.

A random value is good for a `SESSION_SECRET`; for a `STRIPE_SECRET_KEY` it opens nothing. When
unsure, a secret is taken for issued.
"""

from __future__ import annotations

from assay.hygiene.sounds import stem


def made_up(name: str) -> bool:
    """Whether a project makes up the secret of this name itself, so that a random value is good."""
    words = stem(name)
    if not words or not _ISSUERS.isdisjoint(words):
        return False
    return tuple(words[-2:]) in _PURPOSES or (words[-1] in _SECRET and _PLAIN.issuperset(words))


_KEYS = ("SECRET", "SECRETS", "KEY", "KEYS")
_PURPOSES = frozenset(
    (
        *((a, b) for a in ("COOKIE", "COOKIES", "CSRF", "ENCRYPTION", "SESSION") for b in _KEYS),
        *(("CRON", "SECRET"), ("JWT", "SECRET"), ("HASHIDS", "SALT"), ("PASSWORD", "SALT")),
        *(("NEXTAUTH", "SECRET"), ("NUXTAUTH", "SECRET"), ("PASSWORD", "PEPPER")),
        *(("AUTH0", "SECRET"), ("PAYLOAD", "SECRET")),
        *(("REVALIDATE", "TOKEN"), ("REVALIDATION", "TOKEN"), ("TOKEN", "SALT")),
    )
)
"""What a project keeps for itself, whatever the words before it."""
_SECRET = frozenset((*_KEYS, "BASE", "PEPPER", "SALT"))
_PLAIN = frozenset(
    (
        *(*_SECRET, "A", "ACCESS", "ADMIN", "APP", "APPLICATION", "AUTH", "BACKEND", "BETTER"),
        *("CIPHER", "COOKIE", "COOKIES", "CRON", "CRYPTO", "CSRF", "DATA", "DB", "DJANGO", "DRAFT"),
        *("ENCRYPT", "ENCRYPTION", "FASTAPI", "FIELD", "FLASK", "HASH", "HMAC", "INTERNAL", "JWE"),
        *("JWT", "LARAVEL", "MASTER", "MY", "NEXT", "NUXT", "PASSWORD", "PREVIEW", "RAILS"),
        *("REFRESH", "REVALIDATE", "REVALIDATION", "SERVER", "SESSION", "SESSIONS", "SIGNED"),
        *("SIGNING", "TOKEN", "XSRF"),
    )
)
"""Words that name no service; a secret of nothing but these is the project's own."""
_ISSUERS = frozenset(
    (
        *("CLERK", "EASEBUZZ", "FLUTTERWAVE", "FLW", "HASURA", "MERCHANT", "OPAY", "PALMPAY"),
        *("PAYU", "RAVE", "SUPABASE", "ZOOM"),
    )
)
"""Services that issue secrets which are named like one's own."""
