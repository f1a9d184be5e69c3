"""What opens the ciphertext of one column: fast as long as all is well, thorough when it is not."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, overload

import msgspec

from assay.credentials.faults import fault
from assay.crypto.autopsy import Case, autopsy
from assay.crypto.context import filled, in_words, placeholders
from assay.crypto.deriving import Problem
from assay.crypto.envelopes import parse_envelope
from assay.crypto.envelopes.base import Closed, Envelope, Misfit
from assay.errors import CredentialError, DatabaseFault, FormatFault, KeyFault, UsageError
from assay.facts import Secret, Value
from assay.spelling import hint
from assay.unseen import unseen

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.crypto.recipes import Recipe
    from assay.examination import Examination, SealedColumn
    from assay.spec.document import Spec

KEPT = 256
"""Openers that `open` keeps."""
Ciphertext = bytes | bytearray | memoryview | str | None
NO_ROW: Mapping[str, object] = {}


@unseen("_place")
class Opener:
    """Opens the ciphertexts of one column. It never shows a key."""

    def __init__(self, place: str, read: Callable[[], Case], **about: str) -> None:
        """`place` names the column in messages; `read` looks at the key, now and after a failure.

        Raises:
            CredentialError: there is no key.

        """
        self._place = place
        self._read = read
        self._about = {"column": place or "the column", "key": "the key", "environment": "here"}
        self._about.update(about)
        self._take(read())

    def _take(self, case: Case) -> None:
        self._case = case
        self._template = case.envelope.aad
        self._bound = bool(placeholders(self._template))
        self._fixed = b"" if self._bound else filled(self._template, {})
        self._about["variable"] = case.variable
        self._open = _opening(case)

    def open(
        self,
        ciphertext: Ciphertext,
        row: Mapping[str, object] = NO_ROW,
        *,
        aad: bytes | None = None,
    ) -> bytes:
        """The plaintext.

        Args:
            ciphertext: what the column holds, as the database's driver gives it.
            row: the row, by column: it makes the additional data where the spec says so, and
                names the row in messages.
            aad: the additional authenticated data, in place of what the envelope says.

        Raises:
            CredentialError: it does not open; one of the four faults, which says why.

        """
        if isinstance(ciphertext, bytes):
            data = ciphertext
        elif ciphertext is None:
            raise DatabaseFault(
                self._said("NULL, where a ciphertext is expected", row),
                "Enter the credential, or let the application do without where there is none.",
            )
        else:
            data = _as_bytes(ciphertext)
        bound = aad if aad is not None else self._bound_to(row) if self._bound else self._fixed
        error: CredentialError
        try:
            plain = self._open(data, bound)
        except (Closed, Misfit):
            pass
        else:
            if self._case.fits is None or self._case.well_formed(plain):
                return plain
            del plain
        # Outside of the handler, so that nothing of the failure hangs on the error.
        again, error = self._explained(data, bound, row)
        if again is not None:
            return again
        del ciphertext, data, bound, row
        raise error

    def take(self, given: list[Any]) -> bytes:
        """The same for a ciphertext, a row and additional data that no frame above keeps."""
        aad, row = given.pop(), given.pop()
        return self.open(given.pop(), row, aad=aad)

    def _bound_to(self, row: Mapping[str, object]) -> bytes:
        missing = [name for name in placeholders(self._template) if name not in row]
        if missing:
            raise DatabaseFault(
                self._said(f"the row lacks {missing[0]}, which the ciphertext is bound to", row),
                f"Select {missing[0]} too, and pass it in `row`.",
            )
        return filled(self._template, row)

    def _explained(
        self, data: bytes, bound: bytes, row: Mapping[str, object]
    ) -> tuple[bytes | None, CredentialError]:
        """Why it does not open; or the plaintext, where the key was replaced in the meantime."""
        case = self._read()
        if case.text != self._case.text:
            self._take(case)
            try:
                plain = self._open(data, bound)
            except (Closed, Misfit):
                pass
            else:
                if case.well_formed(plain):
                    return plain, CredentialError("")
        first = autopsy(case, data, bound)[0]
        return None, fault(first, self._about, self._said("", row))

    def _said(self, message: str, row: Mapping[str, object]) -> str:
        """A message with the column and the row that it is about."""
        names = [in_words(row[name]) for name in self._case.identity if name in row]
        place = self._place
        if place and names and len(names) == len(self._case.identity):
            place = f"{place}, row {'/'.join(names)}"
        return ": ".join(part for part in (place, message) if part)


def _opening(case: Case) -> Callable[[bytes, bytes], bytes]:
    """What opens, or refuses everything where the text makes no key."""
    made = case.envelope.material_of(case.recipe, case.text, case.salts)
    if not isinstance(made, Problem):
        try:
            return case.envelope.opener(made, case.recipe.cipher)
        except Misfit as misfit:
            if misfit.code == "missing-library":
                raise FormatFault(misfit.reason) from None
    return _closed


def _closed(data: bytes, aad: bytes) -> bytes:
    del data, aad
    raise Closed


def _as_bytes(ciphertext: bytearray | memoryview | str) -> bytes:
    if isinstance(ciphertext, str):
        if ciphertext.startswith("\\x"):  # how data APIs hand out a bytea
            with suppress(ValueError):
                return bytes.fromhex(ciphertext[2:])
        return ciphertext.encode("utf-8", "surrogatepass")
    if isinstance(ciphertext, bytearray | memoryview):
        return bytes(ciphertext)
    kind = type(ciphertext).__name__
    raise DatabaseFault(
        f"a ciphertext is bytes or text, not {kind}",
        "Pass what the column holds, as the database's driver gives it.",
    )


@overload
def open(  # noqa: A001 - as in `gzip.open`
    ciphertext: Ciphertext,
    *,
    spec: Spec | str | None = None,
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
    given = [ciphertext, how.pop("row", NO_ROW), how.pop("aad", None)]
    del ciphertext
    _hide(how)
    kept = _kept(*(_Same(name, value) for name, value in how.items()))
    return kept.take(given)


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


class _Same:
    """An argument by which openers are remembered: texts by what they say, others by identity."""

    def __init__(self, name: str, value: object) -> None:
        self.name = name
        self.value = value
        plain = value is None or isinstance(value, str | Secret | tuple)
        self._mark = (name, value if plain else id(value))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._mark == other._mark

    def __hash__(self) -> int:
        return hash(self._mark)


@lru_cache(maxsize=KEPT)
def _kept(*how: _Same) -> Opener:
    return opener(**{one.name: one.value for one in how})


def _given(
    *,
    key: Recipe,
    text: Secret,
    envelope: Envelope | str | Mapping[str, Any],
    variable: str = "the key",
    previous: tuple[tuple[str, Secret], ...] = (),
) -> Opener:
    if not isinstance(envelope, Envelope):
        try:
            envelope = parse_envelope(envelope)
        except msgspec.ValidationError:
            raise UsageError(
                "there is no such envelope", "Name one that docs/envelopes.md lists, or a layout."
            ) from None
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


def _declared(
    *,
    spec: Spec | str | None = None,
    environment: str,
    credential: str,
    column: str,
    process: Mapping[str, str] | None = None,
) -> Opener:
    from assay.api import load, selected
    from assay.kinds.examining import examination

    loaded = load(spec) if spec is None or isinstance(spec, str) else spec
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
    from assay.probes.environment import EnvironmentProbe
    from assay.sources.base import World

    world = World(root=spec.root, process=os.environ if process is None else process)
    names = variables(asked)
    queries = [Value(asked.environment, name) for name in names]
    answers = EnvironmentProbe(spec.environments, world)(queries)
    settings = {name: answers[query] for name, query in zip(names, queries, strict=True)}
    unseen = unreadable(asked, settings)
    if unseen is not None:
        raise KeyFault(f"{unseen.reason} in {asked.environment}", unseen.remedy)
    texts = {name: text_of(setting) for name, setting in settings.items()}
    if texts[asked.variable] is None:
        raise KeyFault(
            f"{asked.variable} is not set, or empty in {asked.environment}",
            f"Set {asked.variable} to the key that the rows were sealed with; then redeploy.",
            rule="variable-missing",
        )
    return case(asked, column, texts)
