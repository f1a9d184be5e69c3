"""What a run looks at: the environments and the checks that were asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from assay.errors import SelectionError, UsageError
from assay.kind import checks_by
from assay.kinds import KINDS, kinds_of
from assay.suggest import hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.kind import Check
    from assay.spec.document import Spec


def listed(given: str | Iterable[str], called: str) -> tuple[str, ...]:
    """The names that an argument gives, read once; a single one may stand alone.

    Raises:
        UsageError: it holds something else.

    """
    if isinstance(given, str):
        return (given,)
    names = tuple(given) if isinstance(given, Iterable) else (given,)
    for name in names:
        if not isinstance(name, str):
            raise UsageError(
                f"{called} must be a list of names, not {type(name).__name__}",
                f"Pass a list of strings, as in `{called}=['NAME']`.",
            )
    return names


def selected(spec: Spec, environments: Sequence[str]) -> tuple[str, ...]:
    """The environments to check, in the order asked for, each once; all if none is named."""
    for name in environments:
        if name not in spec.environments:
            known = ", ".join(spec.environments)
            raise UsageError(
                f"{name} is not an environment{hint(name, spec.environments)}",
                f"Use one of {known}.",
            )
    return tuple(dict.fromkeys(environments)) or tuple(spec.environments)


def checks_of(
    spec: Spec, environments: Iterable[str], *, offline: bool = False
) -> Iterator[Check[Any]]:
    """Every check of a spec in the given environments, and those that compare them.

    With `offline` those that look at running systems are left out.
    """
    chosen = tuple(environments)
    kinds = {made.section: made for made in kinds_of(spec)}
    if len(chosen) > 1:
        comparing = {section for made in kinds.values() for section in made.compared_by}
        kinds.update({section: KINDS[section] for section in comparing})
    live = {made.name for made in kinds.values() if made.live}
    for made in sorted(kinds.values(), key=lambda made: made.name):
        if offline and made.live:
            continue
        for environment in chosen:
            yield from checks_by(made, environment, partial(made.checks, spec, environment))
        if made.across is not None:
            for check in checks_by(made, ", ".join(chosen), partial(made.across, spec, chosen)):
                if not offline or not any(one.kind in live for one in check.requires):
                    yield check


def chosen(checks: list[Check[Any]], only: Sequence[str]) -> list[Check[Any]]:
    """The checks that `only` selects, with those that they depend on."""
    if not only:
        return checks
    by_id = {check.id: check for check in checks}
    chosen: dict[Any, Check[Any]] = {}
    for pattern in only:
        fitting = [check for check in checks if fits(check, pattern)]
        if not fitting:
            shown = pattern or "''"
            words = [w for check in checks for w in (check.subject, check.kind.name)]
            raise SelectionError(
                f"--only {shown} selects nothing{hint(pattern, words)}",
                "Use a kind (such as variable), a variable, or a group; `*` matches any text.",
            )
        waiting = list(fitting)
        while waiting:
            check = waiting.pop()
            if check.id not in chosen:
                chosen[check.id] = check
                waiting += (by_id[required] for required in check.requires)
    return [check for check in checks if check.id in chosen]


def fits(check: Check[Any], pattern: str) -> bool:
    """Whether a pattern selects a check by its kind, its subject or another of its names."""
    from fnmatch import fnmatchcase

    words = (check.kind.name, f"{check.kind.name}s", check.subject, check.group, *check.also)
    return any(word and fnmatchcase(word, pattern) for word in words)
