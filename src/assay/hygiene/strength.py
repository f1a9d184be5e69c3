"""Secrets that can be guessed."""

from __future__ import annotations

from collections.abc import Iterator
from math import log2

from assay.hygiene.lists import COMMON_SECRETS, SEQUENCES
from assay.hygiene.standins import Remedies
from assay.model import Category, Rule, Severity, Violation

LEAST_BITS = 40
"""Below this an offline search takes minutes; twelve random letters or digits reach it."""

SHORT = 16
"""Characters. In a longer secret a run that it does not begin with is hardly what makes it weak."""

STRONGER = Remedies(
    remedy="Replace {name} with a random value.",
    remedies={
        "obtain": "Replace {name} with a strong value (get it here: {obtain}).",
        "generate": "Replace {name} with a random value (make one with `{command}`).",
        "issued": "Set {name} to the value that its service issued, or to a random one if you "
        "choose it yourself; then change it there too.",
    },
)

WEAK = Rule(
    code="variable-weak",
    category=Category.SECRET,
    severity=Severity.WARNING,
    message="{name} is easily guessed: {reason}",
    **STRONGER,
    why="Attackers try lists of leaked passwords and of keys from tutorials before anything else.",
    bad="SESSION_SECRET=password123",
    good="SESSION_SECRET=<openssl rand -base64 32>",
)
LOW_ENTROPY = Rule(
    code="variable-low-entropy",
    category=Category.SECRET,
    severity=Severity.WARNING,
    message="{name} is too short or too regular to be a secret",
    **STRONGER,
    why=f"It has less than {LEAST_BITS} bits of entropy, judged by its own characters, so an "
    "attacker can find it by trying.",
    bad="SESSION_SECRET=ab12ab12",
    good="SESSION_SECRET=<openssl rand -base64 32>",
)

RULES = (WEAK, LOW_ENTROPY)


def matters(environment: str, *, live: bool) -> bool:
    """Whether the strength of secrets matters: what tests use is made up."""
    words = environment.lower().replace("-", "_").split("_")
    return live or _TESTS.isdisjoint(words)


_TESTS = frozenset(("ci", "e2e", "test", "testing", "tests"))


def weakness(value: str, *, name: str, shaped: bool = False) -> Iterator[Violation]:
    """Why a secret can be guessed, if it can; `shaped` where its spec prescribes its form."""
    text = value.lower()
    if text in COMMON_SECRETS:
        yield WEAK.violated(reason="it is on the list of common passwords")
    elif text.startswith(SEQUENCES) or (len(text) <= SHORT and any(r in text for r in SEQUENCES)):
        yield WEAK.violated(reason="it follows the alphabet or the keyboard")
    elif named_after(value, name):
        yield WEAK.violated(reason="it is derived from the variable's name")
    elif not shaped and entropy_bits(value) < LEAST_BITS:
        yield LOW_ENTROPY.violated()


def named_after(value: str, name: str) -> bool:
    """Whether the value is its variable's name, with digits after it or other separators."""
    return letters(value) == letters(name)


def letters(text: str) -> str:
    """The letters of a text in lower case."""
    return "".join(c for c in text.lower() if c.isalpha())


def absent_letters(name: str) -> str:
    """The letters that a value named after `name` can't have."""
    return "".join(c for c in "abcdefghijklmnopqrstuvwxyz" if c not in name.lower())


def entropy_bits(value: str) -> float:
    """Bits of entropy by the value's own character frequencies (Shannon), repetition removed."""
    value = value[:4096]
    period = (value + value).find(value, 1)
    unit = value[:period]
    size = len(unit)
    counts = {c: unit.count(c) for c in set(unit)}
    return sum(count * log2(size / count) for count in counts.values())
