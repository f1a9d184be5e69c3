"""Finds what opens a column, by a spec or by all that is given, and keeps it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from os import PathLike
from typing import TYPE_CHECKING, Any, overload

import msgspec

from assay.credentials.opening import NO_ROW, Opener
from assay.crypto.autopsy import Case
from assay.crypto.envelopes import parse_envelope
from assay.crypto.envelopes.base import Envelope
from assay.crypto.recipes import Recipe
from assay.errors import KeyFault, UsageError
from assay.facts import Secret, Value
from assay.suggest import hint

if TYPE_CHECKING:
    from assay.credentials.opening import Ciphertext
    from assay.crypto.examination import Examination, SealedColumn
    from assay.spec.document import Spec

KEPT = 256
"""Openers that `open` keeps."""


@overload
def open(  # noqa: A001 - as in `gzip.open`
    ciphertext: Ciphertext,
    *,
    spec: Spec | str | PathLike[str] | None = None,
    environment: str,
    credential: str,
    column: str,
    row: Mapping[str, object] = ...,
    aad: bytes | None = None,
    process: Mapping[str, str] | None = None,
) -> bytes: ...


@overload
def open(  # noqa: A001
    ciphertext: Ciphertext,
    *,
    key: Recipe,
    text: str | Secret,
    envelope: Envelope | str | Mapping[str, Any],
    aad: bytes = b"",
    variable: str = "the key",
    previous: Mapping[str, str] = ...,
) -> bytes: ...


def open(ciphertext: Ciphertext, **how: Any) -> bytes:  # noqa: A001, D417 - as overloaded
    """The plaintext of a stored credential, as bytes.

    Either the spec says how it is sealed:

    Args:
        ciphertext: what the column holds, as the database's driver gives it.
        spec: what `assay.load` returned, or the path of a spec; the nearest one by default.
        environment: the environment of the spec whose key is used.
        credential: the name of the credential in the spec.
        column: the column that the ciphertext is from.
        row: the row, by column: for the additional data, and to name the row in messages.
        aad: the additional authenticated data, in place of what the spec says.
        process: the variables that a `process` source sees; this process's by default.

    Or all of it is given:

    Args:
        key: how the key is made (`assay.crypto.Recipe`).
        text: the value of the variable with the key.
        envelope: how the ciphertext is written: a name, a mapping as in a spec, or an `Envelope`.
        aad: the additional authenticated data.
        variable: what messages call the variable.
        previous: earlier keys by what messages call them; they don't open, but explain.

    Raises:
        CredentialError: it does not open; one of `KeyFault`, `FormatFault`, `DatabaseFault` and
            `AlgorithmFault`.
        UsageError: the spec has no such environment, credential or column.
        SpecError: the spec is invalid.

    """
    row, aad = how.pop("row", NO_ROW), how.pop("aad", None)
    _hide(how)
    kept = _kept(**{n: v if type(v) in _PLAIN else _Same(v) for n, v in how.items()})
    given = [ciphertext]
    del ciphertext
    return kept.open(given.pop(), row, aad=aad)


@overload
def opener(
    *,
    spec: Spec | str | PathLike[str] | None = None,
    environment: str,
    credential: str,
    column: str,
    process: Mapping[str, str] | None = None,
) -> Opener: ...


@overload
def opener(
    *,
    key: Recipe,
    text: str | Secret,
    envelope: Envelope | str | Mapping[str, Any],
    variable: str = "the key",
    previous: Mapping[str, str] = ...,
) -> Opener: ...


def opener(**how: Any) -> Opener:
    """What opens the ciphertexts of one column; takes what `open` takes, but ciphertext and row.

    Raises:
        CredentialError: there is no key.
        UsageError: the spec has no such environment, credential or column.
        SpecError: the spec is invalid.

    """
    _hide(how)
    return _given(**how) if "key" in how else _declared(**how)


def _hide(how: dict[str, Any]) -> None:
    """Make secrets of texts, so that no traceback shows them among the variables of a frame."""
    if isinstance(how.get("text"), str):
        how["text"] = Secret(how["text"])
    if isinstance(how.get("previous"), Mapping):
        pairs = how["previous"].items()
        how["previous"] = tuple((n, t if isinstance(t, Secret) else Secret(t)) for n, t in pairs)


_PLAIN = (str, Secret, tuple, type(None))
"""Arguments by whose value openers are remembered."""


class _Same:
    """Another argument, by its identity: a spec, a recipe, the variables of a process."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(maxsize=KEPT)
def _kept(**how: Any) -> Opener:
    plain: Any = {n: v.value if isinstance(v, _Same) else v for n, v in how.items()}
    return opener(**plain)


def _given(
    *,
    key: Recipe,
    text: Secret | None,
    envelope: Envelope | str | Mapping[str, Any],
    variable: str = "the key",
    previous: tuple[tuple[str, Secret], ...] = (),
) -> Opener:
    if not isinstance(key, Recipe):
        kind = type(key).__name__
        raise UsageError(f"key says how a key is made: expected a Recipe, not {kind}", _RECIPE)
    if text is None:
        raise KeyFault(f"{variable} is not set", "Set it to the key that sealed; then restart.")
    if not isinstance(text, Secret):
        raise UsageError(f"text is the text of a variable, not {type(text).__name__}", _RECIPE)
    if not isinstance(envelope, Envelope):
        envelope = _parsed(envelope)
    for name, reason in envelope.problems():
        raise UsageError(f"envelope: {name}: {reason}", "Correct the envelope.")
    case = Case(
        envelope=envelope,
        recipe=key,
        variable=variable,
        text=text.reveal(),
        previous={name: earlier.reveal() for name, earlier in previous},
    )
    return Opener("", lambda: case)


_RECIPE = "Pass the value as the variable has it, and let `assay.crypto.Recipe` say how it is read."


def _parsed(envelope: str | Mapping[str, Any]) -> Envelope:
    with suppress(msgspec.ValidationError):
        return parse_envelope(envelope)
    raise UsageError(
        "there is no such envelope", "Name one that docs/envelopes.md lists, or a layout."
    )


def _declared(
    *,
    spec: Spec | str | PathLike[str] | None = None,
    environment: str,
    credential: str,
    column: str,
    process: Mapping[str, str] | None = None,
) -> Opener:
    from assay.api import load
    from assay.kinds.credential.examining import examination
    from assay.selection import selected
    from assay.spec.document import Spec

    loaded = spec if isinstance(spec, Spec) else load(None if spec is None else os.fspath(spec))
    selected(loaded, [environment])
    known = loaded.sections.get("credentials", {})
    if credential not in known:
        raise _unknown(credential, "a credential", known)
    asked = examination(loaded, environment, credential)
    columns = {one.name: one for one in asked.columns}
    if column not in columns:
        raise _unknown(column, f"a column of {credential}", columns)

    def read() -> Case:
        return _case(loaded, asked, columns[column], process)

    place = f"{credential}.{column}"
    return Opener(place, read, key=asked.key, environment=environment)


def _unknown(name: str, expected: str, known: Mapping[str, object]) -> UsageError:
    listed = ", ".join(known) or "what the spec declares: there is nothing yet"
    return UsageError(f"{name} is not {expected} of the spec{hint(name, known)}", f"Name {listed}.")


def _case(
    spec: Spec, asked: Examination, column: SealedColumn, process: Mapping[str, str] | None
) -> Case:
    """What the environment holds now of the keys."""
    from assay.probes.credentials import case, text_of, unreadable, variables
    from assay.runs import Run

    names = variables(asked)
    queries = [Value(asked.environment, name) for name in names]
    with Run(spec, process=process) as run:
        answers = run.observe(queries)
    settings = {name: answers[query] for name, query in zip(names, queries, strict=True)}
    gap = unreadable(asked, settings)
    if gap is not None:
        raise KeyFault(f"{gap.reason} in {asked.environment}", gap.remedy)
    texts = {name: text_of(setting) for name, setting in settings.items()}
    if texts[asked.variable] is None:
        raise KeyFault(
            f"{asked.variable} is not set, or empty in {asked.environment}",
            f"Set {asked.variable} to the key that the rows were sealed with; then redeploy.",
            rule="variable-missing",
        )
    return case(asked, column, texts)
