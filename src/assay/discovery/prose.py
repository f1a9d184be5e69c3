"""Which texts of a project's files may be written into its spec.

Comments and examples are written by people, and people leave secrets in them. What is made of words
may be shown; a run of characters that no word looks like may not, nor what equals a value.
"""

from __future__ import annotations

import re

from assay.hygiene.naming import shown

LONGEST = 300
"""Characters. What is longer explains more than one variable."""
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
_PROSE_COLON = re.compile(r"^\s*[A-Z]?[a-z]+(?: [A-Za-z]+)*: ")


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


def sentence(comment: str) -> str:
    """A comment as a description; empty where it is none, or may not be shown."""
    text = " ".join(comment.split())
    if not text or _DIRECTIVE.match(text) or not speakable(text):
        return ""
    if _ASSIGNMENT.search(text) and not _PROSE_COLON.match(text):
        return ""
    return text if any(map(str.isalpha, text)) else ""


def heading(comment: str) -> str:
    """The words of `--- Database ---`; empty where the comment is not decorated like that."""
    bare = _RULE.sub("", comment).strip()
    return sentence(bare) if bare != comment.strip() and _short(bare) else ""


def label(comment: str) -> str:
    """The words of a comment that could head a block: a few, and no sentence."""
    text = sentence(comment)
    return text.removesuffix(":") if _short(text) else ""


def _short(text: str) -> bool:
    return 0 < len(text) <= 40 and len(text.split()) <= 4 and not text.endswith((".", "!", "?"))
