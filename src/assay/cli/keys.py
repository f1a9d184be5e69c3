"""The keys of a spec and what environments hold for them, for the actions of `assay key`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import msgspec

from assay.cli.check import learn
from assay.crypto.recipes import Cipher, Decoder, Derive, Encoding
from assay.errors import UsageError
from assay.facts import Setting, State, Unobservable, Value
from assay.probes.environment import EnvironmentProbe
from assay.redacted import redacted
from assay.sources.base import World
from assay.suggest import hint
from assay.words import either

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from assay.cli.streams import Streams
    from assay.kinds.key.spec import Key
    from assay.spec.document import Spec


@redacted("reason")
class Held(NamedTuple):
    """What an environment holds of a key: its text, or why there is none."""

    text: str | None
    reason: str
    unknown: bool
    """Whether it could not be looked at; else it is plainly not there."""
    source: str


def add_recipe_arguments(group: Any) -> None:
    """The options that say how a key is read where no spec does."""
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
    group.add_argument("--prefix", metavar="TEXT", help="what stands before the key")


def recipe_fields(arguments: argparse.Namespace) -> dict[str, str]:
    """The options of `add_recipe_arguments` that were given."""
    names = ("cipher", "encoding", "decoder", "derive", "prefix")
    given = {name: getattr(arguments, name) for name in names}
    return {name: value for name, value in given.items() if value is not None}


def chosen_keys(spec: Spec, names: Iterable[str]) -> dict[str, Any]:
    """The entries of the keys that were named; all by default.

    Raises:
        UsageError: the spec declares no such key, or none at all.

    """
    known = spec.sections.get("keys", {})
    if not known:
        raise UsageError(
            "the spec declares no keys",
            "Declare them under `keys`, or name a variable: `assay key show --variable NAME`.",
        )
    for name in names:
        if name not in known:
            raise UsageError(
                f"{name} is not a key of the spec{hint(name, known)}",
                f"Name one of {', '.join(known)}.",
            )
    return {name: known[name] for name in dict.fromkeys(names)} or dict(known)


def probe_for(spec: Spec, streams: Streams) -> EnvironmentProbe:
    """What reads the values of the spec's environments."""
    world = World(root=spec.root, allowed=spec.allowed, process=streams.environ)
    return EnvironmentProbe(spec.environments, world)


def held(
    spec: Spec, key: Key, environments: Iterable[str], probe: EnvironmentProbe, streams: Streams
) -> dict[str, tuple[Held, dict[str, str | None]]]:
    """What each environment holds for a key, and the salts there; the masker knows them then."""
    names = (key.variable, *key.references)
    queries = [Value(environment, name) for environment in environments for name in names]
    answers: Any = probe(queries)
    learn(streams, spec, probe)
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
    return msgspec.structs.replace(spec, sections={**spec.sections, "keys": entries})
