"""Which names may be shown: to loaders, a piece of a secret that lost its quotes is a name."""

from __future__ import annotations

HIDDEN = "a name that looks like a secret"
"""What messages call a name that may not be shown."""
LONGEST = 80
_DIGITS = "0123456789"


def shown(name: str) -> str:
    """An undeclared name as messages may give it.

    The second line of a key that was pasted without quotes (`MIIEvQIBADANBgkqhkiG9w0B=`) is a name
    to most loaders. What is made of words is shown, with digits after or within a short one.
    """
    parts = name.replace("-", "_").replace(".", "_").split("_")
    return name if len(name) <= LONGEST and all(map(_worded, parts)) else HIDDEN


def _worded(part: str) -> bool:
    if not part.isascii() or not (part.isalnum() or not part):
        return False
    stem = part.rstrip(_DIGITS)
    if len(part) < 8 or (part.isdigit() and len(part) == 8):  # short, or a day as in 20240131
        return True
    if len(part) - len(stem) > 4 or len(part) > 32:
        return False
    if stem.isalpha():
        return stem.isupper() or stem.islower() or _humps(stem)
    digits = stem.lstrip(_DIGITS).strip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return len(part) <= 12 and (stem.isupper() or stem.islower()) and digits.isdigit()


def _humps(stem: str) -> bool:
    """Whether a word of mixed case is `myNameForThis`: at least three letters after the first."""
    sizes = [0]
    for letter in stem:
        if letter.isupper():
            sizes.append(0)
        sizes[-1] += 1
    return all(size > 2 for size in sizes[1:])
