"""The declared derivation with other parameters: the rounds, hashes and costs that programs use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from assay.crypto.recipes import Derivation, Hkdf, Pbkdf2, Scrypt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.recipes import Recipe

_ROUNDS: dict[str, tuple[int, ...]] = {
    "sha1": (1000, 10_000, 100_000),
    "sha256": (1000, 10_000, 100_000, 210_000, 310_000, 390_000, 480_000, 600_000),
    "sha512": (1000, 10_000, 100_000, 210_000),
}
"""Of RFC 2898, Node's documentation, Django and cryptography over the years, and OWASP's advice."""
_COSTS = tuple(2**power for power in (10, 12, 13, 14, 15, 16, 17))
"""Of RFC 7914's examples, Go's and Node's defaults, Django, passlib, and OWASP's advice."""
_HASHES = ("sha1", "sha256", "sha384", "sha512")


def rederived(recipe: Recipe) -> Iterator[tuple[str, Derivation]]:
    """Other parameters of the same function, and words for them; the cheapest first."""
    if not isinstance(recipe.derive, Derivation):
        return
    match recipe.derive.chosen:
        case Hkdf() as declared:
            yield from _hkdf(declared)
        case Pbkdf2() as declared:
            yield from _pbkdf2(declared)
        case Scrypt() as declared:
            for cost in _COSTS:
                if cost != declared.cost:
                    words = f"through scrypt with a cost of {cost}"
                    yield words, Derivation(scrypt=replace(declared, cost=cost))
        case _:  # what is cut or padded is among the variations of every key
            pass


def _hkdf(declared: Hkdf) -> Iterator[tuple[str, Derivation]]:
    changes: list[tuple[str, dict[str, Any]]] = [
        ("an empty salt", {"salt": "", "salt_encoding": "utf8"}),
        ("an empty info", {"info": ""}),
        ("an empty salt and info", {"salt": "", "salt_encoding": "utf8", "info": ""}),
        *((name, {"hash": name}) for name in _HASHES),
    ]
    for words, changed in changes:
        made = replace(declared, **changed)
        if made != declared:
            yield f"through HKDF with {words}", Derivation(hkdf=made)


def _pbkdf2(declared: Pbkdf2) -> Iterator[tuple[str, Derivation]]:
    known = {(rounds, name) for name, usual in _ROUNDS.items() for rounds in usual}
    known |= {(declared.iterations, name) for name in _HASHES}
    known |= {(rounds, declared.hash) for rounds in _ROUNDS["sha512"]}
    for rounds, name in sorted(known - {(declared.iterations, declared.hash)}):
        words = f"through PBKDF2 with {name} and {rounds} rounds"
        made: Any = replace(declared, iterations=rounds, hash=name)
        yield words, Derivation(pbkdf2=made)
