"""Which texts of a project's files may be written into its spec.

Comments and examples are written by people, and people leave secrets in them. What is made of words
may be shown; a run of characters that no word looks like may not, nor what equals a value.
"""

from __future__ import annotations

import re

from assay.discovery.vocabulary import FUNCTION_WORDS, KNOWN
from assay.hygiene.naming import shown

LONGEST = 300
"""Characters. What is longer explains more than one variable."""
LONGEST_WORD = 16
"""Letters of a word that nobody knows; what is longer may be several."""
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_CLUSTER = re.compile(r"[^aeiouy]{6}|[aeiou]{4}|(.)\1\1|q(?!u)")
_BRANDS = frozenset(
    (
        *("AppSignal", "BigQuery", "ClickHouse", "CloudFront", "CloudWatch", "CockroachDB"),
        *("DataDog", "DigitalOcean", "DynamoDB", "ElasticSearch", "JavaScript", "LaunchDarkly"),
        *("LinkedIn", "MailChimp", "MailGun", "MariaDB", "MongoDB", "OpenTelemetry", "PayPal"),
        *("PlanetScale", "PostHog", "PostgreSQL", "PowerShell", "RabbitMQ", "SendGrid"),
        *("TypeScript", "WhatsApp", "WooCommerce", "WordPress", "YouTube"),
    )
)
"""Words of mixed case that comments hold; any other of their length may be a piece of a key."""
_WORDS = re.compile(r"[^\W_]+")
_ASSIGNMENT = re.compile(r"^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*[=:]\s*\S|=\S{6,}|^\s*[\w.]+\s*=")
_DIRECTIVE = re.compile(r"^(?:vim?:|!|eslint|prettier|shellcheck|yaml-language-server|-\*-|noqa)")
_RULE = re.compile(r"^[\s#=*~_-]{3,}|[\s#=*~_-]{3,}$")
_SECRETIVE = re.compile(
    r"(?i)(?<![a-z])(?:pass|passw\w*|passphrase|passcode|pwd|pw|secret|token|key|pin|otp|code|phrase"
    r"|credential|cred|login|log-?in|user(?:name)?|admin|root|seed|mnemonic|recovery|unlock|auth"
    r"|salt|pepper|old|previous|former(?:ly)?|was|try|currently)s?(?![a-z])"
)
"""Words near which a secret stands, where people leave one in a comment."""
_QUOTING = re.compile(
    r"""(?<!\w)'|'(?!\w)|["`\u201c\u201d\u2018\xab\xbb=(\[{<>/|\u2192]|:(?!//)"""
    r"""|\s[-\u2013\u2014]\s|(?i:\b(?:use|is|be)\b)"""
)
"""Marks and words that introduce a value."""
_LINK = re.compile(r"https?://[\w.-]+")
_PROSE_COLON = re.compile(r"^\s*(?:[A-Z]?[a-z]+|[A-Z]+)(?: [A-Za-z]+)*: ")
_LABEL = re.compile(
    r"(?i)^\W*(?:deprecated|development|important|info|note|optional|production|required|tip|todo"
    r"|warning)\W+(?=\w)"
)
"""A word at the beginning that says of what kind a comment is."""


def exemplary(text: str) -> bool:
    """Whether a text may be an example: words, and nothing that a loader or a shell works on."""
    return speakable(text) and not re.search(r"""["'`$\\(){}<>|;&*\[\]]""", text)


def speakable(text: str) -> bool:
    """Whether a text consists of words, so that no part of it can be a key."""
    return len(text) <= LONGEST and text.isprintable() and all(map(is_word, _WORDS.findall(text)))


def is_word(text: str) -> bool:
    """Whether letters and digits make a word, and not a piece of something random."""
    if text in _BRANDS:
        return True
    if not text.isascii():
        return text.isalpha() and (text[1:].islower() or text.isupper() or len(text) == 1)
    stem = text.rstrip("0123456789")
    if len(text) < 6 or text.isdigit():
        return len(text) < 9
    if shown(text) != text or not stem.isalpha() or len(text) - len(stem) > 4:
        return False
    humps = _HUMPS.findall(stem)
    if len(stem) < 6:
        return True
    if len(humps) > 1 and min(map(len, humps)) < 3:
        return False
    return all(map(_pronounceable, humps))


def _pronounceable(word: str) -> bool:
    lower = word.lower()
    vowels = sum(letter in "aeiou" for letter in lower)
    return 0.1 < vowels / len(lower) < 0.75 and not _CLUSTER.search(lower)


def sentence(comment: str, *, known: frozenset[str] = frozenset(), secret: bool = False) -> str:
    """A comment as a description; empty if it isn't one, or may not be shown.

    `known` are words that may be shown anyway, in small letters; `secret` says that the comment
    stands at a secret.
    """
    text = _bare_sentence(comment)
    return "" if _may_tell(text, known, secret=secret) or _phrase(text, known) else text


def _bare_sentence(comment: str) -> str:
    """A comment on one line, if it is prose and no part of it can be a key."""
    text = " ".join(comment.split())
    if not text or _DIRECTIVE.match(text) or not speakable(text):
        return ""
    if _ASSIGNMENT.search(text) and not _PROSE_COLON.match(text):
        return ""
    return text if any(map(str.isalpha, text)) else ""


def _may_tell(text: str, known: frozenset[str], *, secret: bool) -> bool:
    """Whether a comment may hold a secret that is made of words: `old password: swordfish`.

    One that has to do with secrets, or says what something is or was, may hold known words alone.
    """
    text = _LABEL.sub("", text)
    unknown = _unknown(text, known)
    if not unknown:
        return False
    if secret or _SECRETIVE.search(text) or _QUOTING.search(text) or "_" in text:
        return True
    odd = "".join("x" if word.lower() in unknown else " " for word in _WORDS.findall(text))
    if "xxx" in odd:  # three words in a row that nobody knows
        return True
    return any(_mixed(word) or len(word) > LONGEST_WORD for word in unknown)


def _phrase(text: str, known: frozenset[str]) -> bool:
    """Whether a text is words without the small ones that join them, as passphrases are."""
    words = {word.lower() for word in _WORDS.findall(text)}
    return FUNCTION_WORDS.isdisjoint(words) and bool(_unknown(text, known))


def _unknown(text: str, known: frozenset[str]) -> list[str]:
    words = [word.lower() for word in _WORDS.findall(_LINK.sub("", text))]
    return [word for word in words if word not in KNOWN and word not in known]


def _mixed(word: str) -> bool:
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def decorated(comment: str) -> bool:
    """Whether a comment is a line, or stands in one as `--- Database ---` does."""
    return _RULE.sub("", comment).strip() != comment.strip()


def heading(comment: str, known: frozenset[str] = frozenset()) -> str:
    """The words of `--- Database ---`; empty if the comment is not decorated like that."""
    return label(_RULE.sub("", comment).strip(), known) if decorated(comment) else ""


def label(comment: str, known: frozenset[str] = frozenset()) -> str:
    """The words of a comment that could head a block: a few, and no sentence.

    They are known, or at most two with a capital, as names have.
    """
    bare = _bare_sentence(comment.strip().removesuffix(":"))
    if not 0 < len(bare) <= 40 or len(bare.split()) > 4 or bare.endswith((".", "!", "?")):
        return ""
    names = [w for w in _WORDS.findall(bare) if w.lower() not in KNOWN | known]
    named = len(names) < 3 and all(name[0].isupper() for name in names)
    return bare if named and not _may_tell(bare, known, secret=False) else ""
