"""The keys of a spec and their values in environments, for the actions of `assay key`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from assay.cli.project import chosen_entries
from assay.crypto.recipes import Cipher, Decoder, Derive, Encoding
from assay.facts import Setting, State, Unobservable, Value
from assay.kinds.key.spec import Key
from assay.redacted import redacted
from assay.words import either

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from assay.runs import Run
    from assay.spec.document import Spec


@redacted("reason")
class Held(NamedTuple):
    """The text of a key in an environment, or why there is none."""

    text: str | None
    reason: str
    unknown: bool
    """Whether it could not be read; otherwise it is not set."""
    source: str


HeldKey = tuple[Held, dict[str, str | None]]
"""A key, and the salts that it is derived with."""
_RECIPE = {"cipher": Cipher, "encoding": Encoding, "decoder": Decoder, "derive": Derive}


def add_recipe_arguments(group: Any) -> None:
    """The options that describe how to read a key that is not in the spec."""
    for name, type_ in _RECIPE.items():
        known = get_args(type_)
        group.add_argument(f"--{name}", choices=known, metavar=name.upper(), help=either(known))
    group.add_argument("--prefix", metavar="TEXT", help="the text before the key")


def recipe_fields(arguments: argparse.Namespace) -> dict[str, str]:
    """The options of `add_recipe_arguments` that were given."""
    given = {name: getattr(arguments, name) for name in (*_RECIPE, "prefix")}
    return {name: value for name, value in given.items() if value is not None}


def chosen_keys(spec: Spec, names: Iterable[str]) -> dict[str, Any]:
    """The entries of the named keys; all by default.

    Raises:
        UsageError: the spec declares no such key, or none at all.

    """
    step = "Declare them under `keys`, or name a variable: `assay key show --variable NAME`."
    return chosen_entries(spec.entries(Key), names, "key", step)


def held(run: Run, key: Key, environments: Iterable[str]) -> dict[str, HeldKey]:
    """What each environment holds for a key, and the salts there; the masker knows them then."""
    names = (key.variable, *key.references)
    queries = [Value(environment, name) for environment in environments for name in names]
    answers = run.observe(queries)
    run.learn()
    found = {}
    for environment in environments:
        given = {n: answers[Value(environment, n)] for n in key.references}
        salts = {n: s.text if isinstance(s, Setting) else None for n, s in given.items()}
        found[environment] = (_held(answers[Value(environment, key.variable)], key), salts)
    return found


def _held(answer: Setting | Unobservable, key: Key) -> Held:
    if isinstance(answer, Unobservable):
        return Held(None, answer.reason, unknown=True, source="")
    words = {State.MISSING: f"{key.variable} is not set", State.EMPTY: f"{key.variable} is empty"}
    unreadable = f"{key.variable} can't be read back from {answer.source}"
    reason = "" if answer.text is not None else words.get(answer.state, unreadable)
    return Held(answer.text, reason, unknown=answer.state not in words, source=answer.source)
