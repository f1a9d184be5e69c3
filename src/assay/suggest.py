"""Which known name was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` most resembles, or None if none is similar."""
    limit = max(1, len(word) // 3) if len(word) > 1 else 0
    folded = _fold(word)
    best: tuple[int, str] | None = None
    for candidate in known:
        if abs(len(candidate) - len(word)) > limit:
            continue
        steps = distance(folded, _fold(candidate), limit)
        if steps <= limit and (best is None or (steps, candidate) < best):
            best = (steps, candidate)
    return best[1] if best else None


def hint(word: str, known: Iterable[str]) -> str:
    """`: did you mean X?`, or an empty text."""
    found = closest(word, known)
    return f": did you mean {found}?" if found else ""


def pairs(missing: Iterable[str], present: Iterable[str]) -> Mapping[str, str]:
    """For each missing name the undeclared one that is probably a misspelling of it.

    Only names within two edits are paired, each at most once: one edit below eight characters, and
    none below four, when it would be a different word. Names with a common remainder after dropping
    one character are compared, so the work grows with the number of names, not with its square.
    """
    wanted = sorted(missing)
    sizes = {
        len(name) + more for name in wanted for more in (-1, 0, 1)
    }  # as remainders can be equal
    index: dict[str, list[str]] = {}
    for name in sorted(name for name in present if len(name) in sizes):
        for part in _remainders(name):
            index.setdefault(part, []).append(name)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in wanted:
        candidates = dict.fromkeys(c for part in _remainders(name) for c in index.get(part, ()))
        limit = 2 if len(name) >= 8 else min(1, len(name) // 4)
        ranked = sorted((distance(_fold(name), _fold(c), limit), c) for c in candidates)
        for steps, candidate in ranked:
            if steps <= limit and candidate not in taken and not _numbered(name, candidate):
                found[name] = candidate
                taken.add(candidate)
                break
    return found


def distance(left: str, right: str, limit: int) -> int:
    """Edits from one word to another, swapped neighbours counted once; `limit + 1` if more.

    Optimal string alignment, as in Damerau, "A technique for computer detection and correction of
    spelling errors" (1964).
    """
    if left == right:
        return 0
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        earlier, before, row = before, row, [i] + [0] * len(right)
        for j, b in enumerate(right, 1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                steps = min(steps, earlier[j - 2] + 1)
            row[j] = steps
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def _fold(word: str) -> str:
    return word.lower().replace("-", "_")


def _remainders(name: str) -> set[str]:
    folded = _fold(name)
    return {folded, *(folded[:i] + folded[i + 1 :] for i in range(len(folded)))}


def _numbered(left: str, right: str) -> bool:
    """Whether two names differ in digits only, as `KEY_1` and `KEY_2` do on purpose."""
    digits = "0123456789"
    return left != right and left.rstrip(digits) == right.rstrip(digits)
