"""What `assay credentials explain` decrypts a ciphertext with: a key and an envelope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import yaml

from assay.cli.keys import chosen_keys, recipe_fields
from assay.cli.project import run_of
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.examination import Examination, SealedColumn
from assay.crypto.recipes import Recipe
from assay.errors import UnobservedError, UsageError
from assay.facts import Setting, Value
from assay.kinds.credential.kind import examination, recipe_of
from assay.kinds.credential.spec import Credential
from assay.kinds.key.entries import keyed
from assay.probes.credentials import case, variables
from assay.selection import selected
from assay.suggest import hint
from assay.words import listed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from assay.cli.streams import Streams
    from assay.crypto.autopsy import Case
    from assay.crypto.envelopes.base import Envelope
    from assay.kinds.key.spec import Key
    from assay.spec.document import Spec

SPARE = "node-gcm"
"""The envelope to assume if none is named and none recognises the ciphertext."""


def case_of(arguments: argparse.Namespace, spec: Spec, streams: Streams, data: bytes) -> Case:
    """The case that the arguments describe; the masker then knows its values.

    Raises:
        UsageError: they name something that does not exist, or contradict each other.
        UnobservedError: the key can't be read.

    """
    environment = _environment(arguments, spec)
    asked, column = _asked(arguments, spec, environment)
    if arguments.envelope is not None:
        column = msgspec.structs.replace(column, envelope=_envelope(arguments.envelope))
    elif not arguments.column:
        column = msgspec.structs.replace(column, envelope=recognized(data, asked.recipe.cipher))
    if arguments.aad is not None:
        bound = msgspec.structs.replace(column.envelope, aad="")
        column = msgspec.structs.replace(column, envelope=bound)
    for name, reason in column.envelope.problems():
        raise UsageError(
            f"--envelope: {name}: {reason}",
            "Fix this field of the envelope; docs/envelopes.md describes them all.",
        )
    texts = _texts(asked, spec, streams)
    return case(asked, column, texts)


def _environment(arguments: argparse.Namespace, spec: Spec) -> str:
    if arguments.env is not None:
        return selected(spec, [arguments.env])[0]
    if len(spec.environments) > 1:
        raise UsageError(
            "the spec has several environments, and none is named",
            f"Name the one that holds the key, such as `--env {next(iter(spec.environments))}`.",
        )
    return next(iter(spec.environments))


def _asked(
    arguments: argparse.Namespace, spec: Spec, environment: str
) -> tuple[Examination, SealedColumn]:
    """What is known about the key, and about the column if one is named."""
    fields = recipe_fields(arguments)
    given = [name for name in ("column", "key", "variable") if getattr(arguments, name)]
    if len(given) != 1:
        words = listed(f"--{name}" for name in given)
        raise UsageError(
            f"{words} can't be combined" if given else "no key or column is named",
            "Pass one of `--column mpesa.consumer_key_enc`, `--key NAME` (a key in the spec) or "
            "`--variable NAME`.",
        )
    if fields and given != ["variable"]:
        raise UsageError(
            f"--{next(iter(fields))} is only for a key that is not in the spec",
            "Add `--variable NAME`, or remove this option.",
        )
    if arguments.column:
        return _column(arguments.column, spec, environment)
    sealed = SealedColumn(name="", envelope=ENVELOPES.parse(SPARE))
    if arguments.key:
        key: Key = chosen_keys(spec, [arguments.key])[arguments.key].declared
        recipe, variable, previous = recipe_of(key), key.variable, key.previous
    else:
        usual = {"cipher": "aes-256-gcm", "encoding": "hex"}
        recipe = msgspec.convert({**usual, **fields}, Recipe)
        variable, previous = arguments.variable, ()
    others = (name for name in keyed(spec) if name not in (variable, *previous))
    asked = Examination(
        environment=environment,
        name="",
        database="",
        table="",
        key=arguments.key or variable,
        recipe=recipe,
        variable=variable,
        previous=previous,
        suspects=tuple(others),
        columns=(sealed,),
    )
    return asked, sealed


def _column(named: str, spec: Spec, environment: str) -> tuple[Examination, SealedColumn]:
    entries = spec.entries(Credential).items()
    known = {f"{name}.{c}": (name, c) for name, entry in entries for c in entry.declared.columns}
    if named not in known:
        some = ", ".join(known) or "a column under `credentials` in the spec"
        raise UsageError(f"{named} is not a credential column{hint(named, known)}", f"Name {some}.")
    name, column = known[named]
    asked = examination(spec, environment, name)
    return asked, next(one for one in asked.columns if one.name == column)


def _envelope(text: str) -> Envelope:
    """An envelope by its name, or as a mapping in YAML: `{cipher: ..., layout: [...]}`."""
    data: Any = text
    if text.lstrip().startswith("{"):
        try:
            data = yaml.safe_load(text)
        except yaml.YAMLError:
            data = None
    try:
        return ENVELOPES.parse(data)
    except msgspec.ValidationError:
        raise UsageError(
            f"{text} is not an envelope{ENVELOPES.hint(text)}",
            f"Name one of {', '.join(ENVELOPES)}; or write it as in a spec: "
            "`{cipher: aes-256-gcm, layout: ['iv:12', 'tag:16', ciphertext]}`.",
        ) from None


def recognized(data: bytes, cipher: str) -> Envelope:
    """The envelope that a ciphertext looks like, preferring those that use the cipher."""
    plain = list(_plain())
    found = [one for one in plain if one.recognizes(data)]
    marked = [one for one in found if one.marked]
    usual = [one for one in (*found, *plain) if cipher in one.ciphers]
    return next(iter((*marked, *usual)), ENVELOPES.parse(SPARE))


def _plain() -> Iterator[Envelope]:
    """The envelopes without required parameters."""
    for kind in ENVELOPES.values():
        try:
            yield kind()
        except TypeError:
            continue


def _texts(asked: Examination, spec: Spec, streams: Streams) -> dict[str, str | None]:
    """The values of all keys; the one in question must be readable."""
    names = variables(asked)
    with run_of(spec, streams) as made:
        answers = made.observe([Value(asked.environment, name) for name in names])
    texts: dict[str, str | None] = {}
    words = {"missing": "is not set", "empty": "is empty", "": "can't be read"}
    for name in names:
        answer = answers[Value(asked.environment, name)]
        known = isinstance(answer, Setting)
        texts[name] = answer.text if known else None
        if texts[name] is not None:
            streams.masker.learn(texts[name] or "")
        elif name == asked.variable:
            reason = words.get(answer.state.value if known else "", "can't be read back")
            raise UnobservedError(
                f"{name} {reason} in {asked.environment}", "Name an environment that holds the key."
            )
    return texts
