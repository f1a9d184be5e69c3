"""What a condition may read besides variables, bound in one way for CEL and for the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

SURROUNDINGS = {"environment": "string", "live": "bool"}
"""The environment's name, and whether it is live, with their types in CEL."""


def bound(
    variables: Container[str], environment: str | None, *, live: bool
) -> dict[str, str | bool | None]:
    """What stands around the variables; a variable that is called the same hides it."""
    around = {"environment": environment, "live": live}
    return {name: around[name] for name in SURROUNDINGS if name not in variables}
