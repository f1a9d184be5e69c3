"""The keys of a spec and their values in environments, for the actions of `assay key`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import msgspec

from assay.crypto.recipes import Cipher, Decoder, Derive, Encoding
from assay.errors import UsageError
from assay.facts import Setting, State, Unobservable, Value
from assay.kinds.key.spec import Key
from assay.redacted import redacted
from assay.suggest import hint
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


def add_recipe_arguments(group: Any) -> None:
    """The options that describe how to read a key that is not in the spec."""
    group.add_argument(
        "--cipher", choices=get_args(Cipher), metavar="CIPHER", help=either(get_args(Cipher))
    )
    group.add_argument(
        "--encoding",
        choices=get_args(Encoding),
        metavar="ENCODING",
        help=either(get_args(Encoding)),
    )
    group.add_argument(
        "--decoder", choices=get_args(Decoder), metavar="DECODER", help=either(get_args(Decoder))
    )
    group.add_argument(
        "--derive", choices=get_args(Derive), metavar="DERIVE", help=either(get_args(Derive))
    )
    group.add_argument("--prefix", metavar="TEXT", help="the text before the key")


def recipe_fields(arguments: argparse.Namespace) -> dict[str, str]:
    """The options of `add_recipe_arguments` that were given."""
    names = ("cipher", "encoding", "decoder", "derive", "prefix")
    given = {name: getattr(arguments, name) for name in names}
    return {name: value for name, value in given.items() if value is not None}


def chosen_keys(spec: Spec, names: Iterable[str]) -> dict[str, Any]:
    """The entries of the named keys; all by default.

    Raises:
        UsageError: the spec declares no such key, or none at all.

    """
    known = spec.entries(Key)
    if not known:
        raise UsageError(
            "the spec declares no keys",
            "Declare them under `keys`, or name a variable: `assay key show --variable NAME`.",
        )
    for name in names:
        if name not in known:
            raise UsageError(
                f"{name} is not a key in the spec{hint(name, known)}",
                f"Name one of {', '.join(known)}.",
            )
    return {name: known[name] for name in dict.fromkeys(names)} or dict(known)


def held(
    run: Run, key: Key, environments: Iterable[str]
) -> dict[str, tuple[Held, dict[str, str | None]]]:
    """What each environment holds for a key, and the salts there; the masker knows them then."""
    names = (key.variable, *key.references)
    queries = [Value(environment, name) for environment in environments for name in names]
    answers = run.observe(queries)
    run.learn()
    found = {}
    for environment in environments:
        salts = {n: _text(answers[Value(environment, n)]) for n in key.references}
        found[environment] = (_held(answers[Value(environment, key.variable)], key), salts)
    return found


def _text(answer: Setting | Unobservable) -> str | None:
    return answer.text if isinstance(answer, Setting) else None


def _held(answer: Setting | Unobservable, key: Key) -> Held:
    if isinstance(answer, Unobservable):
        return Held(None, answer.reason, unknown=True, source="")
    words = {
        State.MISSING: f"{key.variable} is not set",
        State.EMPTY: f"{key.variable} is empty",
    }
    unreadable = f"{key.variable} can't be read back from {answer.source}"
    reason = "" if answer.text is not None else words.get(answer.state, unreadable)
    return Held(answer.text, reason, unknown=answer.state not in words, source=answer.source)


def with_keys(spec: Spec, entries: dict[str, Any]) -> Spec:
    """The spec with these keys and no others."""
    return msgspec.structs.replace(spec, sections={**spec.sections, Key.section: entries})
