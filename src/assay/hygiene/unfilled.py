"""Texts that tell a person what to write instead: `generate_a_new_key`, `a-random-string`.

Some would be good slugs or titles, so this is asked of secrets, and of values that are not of
their type.
"""

from __future__ import annotations

import re
from itertools import pairwise

from assay.hygiene.lists import INSTRUCTIONS, PUBLISHABLE_STARTS, SECRET_STARTS


def tells_what_to_do(value: str) -> bool:
    """Whether a text asks to be replaced, or describes the value that belongs here."""
    if len(value) > _LONGEST or not (words := _words(value)):
        return False
    told = words[0] in INSTRUCTIONS and not _OBJECTS.isdisjoint(words[1:3])
    changed = any(one == "change" and other in _CHANGED for one, other in pairwise(words))
    described = _DESCRIBED.issuperset(words) and not _VAGUE.isdisjoint(words) and len(words) > 1
    return told or changed or described or not _GLUED.isdisjoint(words)


def names_nobody(value: str) -> bool:
    """Whether the host of an address, or what follows a vendor's prefix, is to be filled in.

    As in `https://your-project.supabase.co` and `sk_test_xxxxxxxx`.
    """
    _, scheme, rest = value.partition("://")
    if scheme:
        host = re.split("[/?#]", rest)[0].rpartition("@")[2].partition(":")[0]
        labels = host.lower().removesuffix("your-server.de").split(".")  # a provider's own
        return any(map(_is_left_open, labels[:-1]))
    start = next((start for start in _PREFIXES if value.startswith(start)), "")
    return bool(start) and _is_left_open(value.removeprefix(start).lower())


def _is_left_open(text: str) -> bool:
    return _OPEN.fullmatch(text) is not None


_OPEN = re.compile(
    r"x{3,}|\.{3,}|\*{3,}|<.*>|your(?:[-_][a-z]+)+|your(?:app|company|domain|host|name|org|project|site|store)"
)
_PREFIXES = (*SECRET_STARTS, *PUBLISHABLE_STARTS, "re_", "sk-")


def _words(value: str) -> list[str]:
    """The words of a text that is made of words alone; none of any other text."""
    parts = re.split(r"[\s_.-]+", _HUMPS.sub(" ", value.strip("!<>[]{}.")))
    return [part.lower() for part in parts] if all(map(str.isalpha, parts)) else []


_LONGEST = 80
_HUMPS = re.compile("(?<=[a-z])(?=[A-Z])")
_OBJECTS = frozenset(
    (
        *("a", "an", "any", "below", "from", "here", "it", "key", "long", "me", "my", "new", "one"),
        *("own", "random", "secret", "secure", "some", "strong", "the", "this", "token", "unique"),
        *("value", "with", "your"),
    )
)
"""What follows a verb in an instruction."""
_CHANGED = frozenset(("it", "me", "now", "please", "that", "this", "value"))
_GLUED = frozenset(("changeit", "changeme", "changethis", "tobechanged", "tobemodified"))
_DESCRIBED = frozenset(
    (
        *("a", "an", "any", "at", "chars", "characters", "generated", "goes", "here", "is", "key"),
        *("least", "long", "min", "my", "password", "random", "randomly", "secret", "secure"),
        *("some", "string", "strong", "super", "text", "that", "the", "this", "token", "unique"),
        *("value", "very", "your"),
    )
)
_VAGUE = frozenset(("here", "random", "randomly", "some", "string"))
"""Words of which a description has one: `super-secret-key` is a weak secret, not a description."""
