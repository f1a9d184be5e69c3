"""Carries out remedies on a copy, to the letter, and counts the rows that can be decrypted then.

A row is what the column holds, or, once it was encrypted again, with what. An application with the
spec and the variables of a state reads what the declared key or an earlier one decrypts.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec
import yaml
from msgspec.structs import replace

from assay.crypto.autopsy import Case, Cause, CauseCode, Cluster, Examiner
from assay.crypto.autopsy.diagnosing import Effort, examined
from assay.crypto.autopsy.opened import contexts
from assay.crypto.autopsy.searching import Search
from assay.crypto.autopsy.transports import unwrapped
from assay.crypto.autopsy.ways import attempt
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.examination import Census, Examination
from assay.kinds.credential.standing import standing
from assay.kinds.credential.words import merged, violation_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.crypto.autopsy.ways import Way
    from assay.crypto.envelopes.base import Envelope
    from assay.crypto.recipes import Recipe
    from assay.kind import Entry
    from assay.spec.document import Spec

C = CauseCode


class Written(NamedTuple):
    """A row that was encrypted as spec and key of a state say."""

    envelope: Envelope
    recipe: Recipe
    text: str
    aad: bytes


class State(NamedTuple):
    """What the spec and the variables say, and what the column holds."""

    case: Case
    rows: tuple[bytes | Written, ...]
    aads: tuple[bytes, ...]
    identities: tuple[tuple[str, ...], ...]

    def written(self, at: int) -> Written:
        """A row that is encrypted now."""
        case = self.case
        return Written(case.envelope, case.recipe, case.text, self.aads[at])

    def readable(self) -> frozenset[int]:
        """The rows that a correct application reads."""
        search = Search(replace(self.case, suspects={}))
        openings = [one for one in (search.declared, *search.named) if one is not None]
        proves = self.case.envelope.proves(self.case.recipe.cipher)
        good = self.case.well_formed if proves else self._plausible
        found = set()
        for at, row in enumerate(self.rows):
            if isinstance(row, Written):
                texts = (self.case.text, *self.case.previous.values())
                if row in {self.written(at)._replace(text=text) for text in texts}:
                    found.add(at)
                continue
            plains = (attempt(one, row, self.aads[at]) for one in openings)
            if any(plain is not None and good(plain) for plain in plains):
                found.add(at)
        return frozenset(found)

    def _plausible(self, plain: bytes) -> bool:
        return Search(self.case).plausible(plain, self.case.recipe.cipher)


class Deed(Enum):
    """What a careful person does who is told so."""

    SET = auto()
    """Change the key or the spec."""
    MOVE = auto()
    """Decrypt the rows as they need it, and encrypt them as the spec says."""
    SET_OR_MOVE = auto()
    """The one if no other row can be decrypted, the other if one can."""
    SET_OR_WAIT = auto()
    SET_OR_ENTER = auto()
    KEEP = auto()
    """Put a found key under `previous`, and change no row."""
    UNDO = auto()
    """Take off what is wrapped around the rows."""
    ENTER = auto()
    """Encrypt the plaintext, which is at hand, as the spec says."""
    WAIT = auto()
    """Find something out first."""


_ENTERED = (
    *(C.EMPTY, C.PLACEHOLDER, C.EXPIRED, C.NOT_ENCRYPTED, C.TAG_DAMAGED, C.BYTES_CHANGED),
    *(C.BYTES_LOST, C.BYTES_ADDED, C.TRUNCATED, C.UTF8_DAMAGED, C.MISSING),
)
_MOVED = (C.KEY_MISREAD, C.WRONG_KEY, C.WRONG_LAYOUT, C.WRONG_ENVELOPE, C.WRONG_CIPHER, C.WRONG_AAD)
DEEDS: Mapping[tuple[CauseCode, str], Deed] = {
    **{(code, ""): Deed.ENTER for code in _ENTERED},
    **{(code, ""): Deed.SET_OR_MOVE for code in _MOVED},
    **{(code, "all"): Deed.SET for code in (*_MOVED, C.KEY_UNKNOWN, C.REMOTE, C.MALFORMED)},
    **{(code, "some"): Deed.MOVE for code in (*_MOVED, C.REMOTE)},
    (C.KEY_MISREAD, "altered"): Deed.SET_OR_MOVE,
    (C.KEY_MISREAD, "altered-all"): Deed.SET,
    (C.KEY_MISREAD, "altered-some"): Deed.MOVE,
    (C.KEY_MISREAD, "mistyped"): Deed.SET_OR_MOVE,
    (C.KEY_MISREAD, "mistyped-all"): Deed.SET,
    (C.KEY_MISREAD, "mistyped-some"): Deed.MOVE,
    (C.KEY_UNKNOWN, "or-damaged"): Deed.WAIT,
    (C.TRUNCATED, "or-lost"): Deed.ENTER,
    (C.TRUNCATED, "column"): Deed.ENTER,
    **{
        (code, f"{name}{among}"): deed
        for code, name in (
            *((C.WRONG_LAYOUT, "keyed"), (C.WRONG_LAYOUT, "headless-keyed")),
            *((C.WRONG_ENVELOPE, "keyed"), (C.WRONG_ENVELOPE, "cipher")),
            *((C.WRONG_CIPHER, "keyed"), (C.WRONG_CIPHER, "layout-keyed")),
        )
        for among, deed in (("", Deed.SET_OR_MOVE), ("-all", Deed.SET), ("-some", Deed.MOVE))
    },
    (C.WRONG_ENVELOPE, "unopened-keyed"): Deed.SET_OR_WAIT,
    (C.WRONG_ENVELOPE, "unopened-keyed-some"): Deed.WAIT,
    (C.WRONG_KEY, "misread"): Deed.MOVE,
    (C.PREVIOUS_KEY, ""): Deed.MOVE,
    (C.PREVIOUS_KEY, "misread"): Deed.MOVE,
    (C.UNSET_KEY, ""): Deed.MOVE,
    (C.KEY_UNKNOWN, ""): Deed.KEEP,
    (C.KEY_UNKNOWN, "some"): Deed.KEEP,
    (C.KEY_UNUSABLE, ""): Deed.SET,
    (C.JSON_BUFFER, ""): Deed.UNDO,
    (C.WRAPPED, ""): Deed.UNDO,
    (C.WRONG_ENVELOPE, "unopened"): Deed.SET_OR_WAIT,
    (C.WRONG_ENVELOPE, "unopened-some"): Deed.WAIT,
    (C.WRONG_CIPHER, "layout"): Deed.SET_OR_MOVE,
    (C.WRONG_CIPHER, "layout-all"): Deed.SET,
    (C.WRONG_CIPHER, "layout-some"): Deed.MOVE,
    (C.WRONG_AAD, "copied"): Deed.ENTER,
    (C.ENCRYPTED_TWICE, ""): Deed.UNDO,
    (C.TAG_DAMAGED, "or-aad"): Deed.ENTER,
    (C.TAG_DAMAGED, "or-truncated-or-aad"): Deed.ENTER,
    (C.REMOTE, ""): Deed.SET_OR_MOVE,
    (C.MALFORMED, ""): Deed.SET_OR_ENTER,
    (C.MALFORMED, "some"): Deed.ENTER,
    (C.UNEXPLAINED, ""): Deed.WAIT,
    (C.UNEXPLAINED, "some"): Deed.WAIT,
    (C.TOO_LARGE, ""): Deed.WAIT,
    (C.LIBRARY_MISSING, ""): Deed.WAIT,
    (C.WRONG_METADATA, ""): Deed.WAIT,
    (C.WRONG_PLAINTEXT, ""): Deed.WAIT,
}
"""What each remedy asks for, by its cause and its name."""


class Done(NamedTuple):
    """A remedy that was carried out."""

    cause: Cause
    remedy: str
    """Its name."""
    told: str
    rows: frozenset[int]
    """Those that it is about."""
    before: frozenset[int]
    after: frozenset[int]


class _Alone:
    """A spec of one credential."""

    places: Mapping[Any, Any] = {}

    def entries(self, section: type[Any]) -> Mapping[str, Entry[Any]]:
        del section
        return {}


def counted(state: State) -> Census:
    """What the library says of the rows of a state."""
    examiner = Examiner(state.case, "secret")
    cells = [row if isinstance(row, bytes) else b"" for row in state.rows]
    examiner.add(cells, list(state.identities), list(state.aads))
    return Census(rows=len(cells), columns={"secret": examiner.census()})


def carried_out(state: State, *, alone: bool = False) -> list[Done]:
    """Each remedy, carried out by itself on a copy of the state.

    `alone` takes those of a text by itself, of whose fellows nothing is known.
    """
    asked = cast(
        "Examination",
        _Asked(where=None, name="app", variable=state.case.variable, columns=(_Column(),)),
    )
    before, done = state.readable(), []
    places = {identity: at for at, identity in enumerate(state.identities)}
    for columns, cluster, _ in merged(census := counted(state)):
        among, healthy = standing(columns, cluster, census, asked, cast("Spec", _Alone()))
        among, healthy = ("", "") if alone else (among, healthy)
        violation = violation_of(cluster.cause, among, healthy=healthy, **_ABOUT)
        rule, named = violation.rule, violation.advice or violation.case
        name = named if named in rule.remedies else ""
        rows = frozenset(places[identity] for identity in cluster.identities)
        assert len(rows) == cluster.count, "raise Cluster.KEPT to see all of them"
        after = _with(state, cluster, DEEDS[cluster.cause.code, name], rows, before)
        done.append(Done(cluster.cause, name, violation.remedy, rows, before, after.readable()))
    return done


class _Column(NamedTuple):
    name: str = "secret"


class _Asked(msgspec.Struct, frozen=True):
    where: None
    name: str
    variable: str
    columns: tuple[_Column, ...]


_ABOUT = {
    "column": "secret",
    "rows": "these rows",
    "key": "app",
    "variable": "APP_KEY",
    "environment": "production",
}


def _with(
    state: State, cluster: Cluster, deed: Deed, rows: frozenset[int], readable: frozenset[int]
) -> State:
    others = bool(readable - rows)
    match deed:
        case Deed.SET_OR_MOVE:
            deed = Deed.MOVE if others else Deed.SET
        case Deed.SET_OR_WAIT:
            deed = Deed.WAIT if others else Deed.SET
        case Deed.SET_OR_ENTER:
            deed = Deed.ENTER if others else Deed.SET
        case _:
            pass
    match deed:
        case Deed.SET:
            return _set(state, cluster.cause, min(rows))
        case Deed.MOVE:
            return _changed(state, {at: state.written(at) for at in _decrypted(state, rows)})
        case Deed.KEEP:
            kept = {**state.case.previous, "FOUND": _another(state.case.text)}
            return state._replace(case=replace(state.case, previous=kept))
        case Deed.UNDO:
            return _changed(state, {at: _undone(state, cluster.cause, at) for at in rows})
        case Deed.ENTER:
            return _changed(state, {at: state.written(at) for at in rows})
        case _:
            return state


def _changed(state: State, rows: Mapping[int, bytes | Written]) -> State:
    every: Sequence[bytes | Written] = state.rows
    return state._replace(rows=tuple(rows.get(at, row) for at, row in enumerate(every)))


def _way(state: State, at: int) -> Way | None:
    row = state.rows[at]
    assert isinstance(row, bytes)
    search = Search(state.case)
    return examined(search, row, state.aads[at], state.identities[at], Effort()).way


def _decrypted(state: State, rows: frozenset[int]) -> list[int]:
    """The rows that can be decrypted as they need it; nobody encrypts the others again."""
    ways: list[Way] = []
    found = []
    for at in sorted(rows):
        row = state.rows[at]
        assert isinstance(row, bytes)
        opened = (way.opens(row, state.aads[at], state.identities[at]) for way in ways)
        if all(plain is None for plain in opened):
            way = _way(state, at)
            if way is None:
                continue
            ways.append(way)
        found.append(at)
    return found


def _set(state: State, cause: Cause, at: int) -> State:
    """What a remedy changes in the spec or in a variable."""
    case, values = state.case, cause.filled
    if cause.code in (C.KEY_UNKNOWN, C.KEY_UNUSABLE):
        return state._replace(case=replace(case, text=_another(case.text)))
    if cause.code is C.WRONG_KEY:
        return state._replace(case=replace(case, text=case.suspects[values["other"]]))
    if cause.code is C.WRONG_AAD:
        aads = [_bound(state, values["found"], row) for row in range(len(state.rows))]
        return state._replace(aads=tuple(aads))
    if cause.code is C.KEY_MISREAD:
        way = _way(state, at)
        if way is None:
            return state
        key = way.opening.candidate
        recipe = replace(key.recipe, cipher=case.recipe.cipher)
        return state._replace(case=replace(case, recipe=recipe, text=key.text))
    if cause.code is C.WRONG_CIPHER:
        case = replace(case, recipe=replace(case.recipe, cipher=cast("Any", values["found"])))
    named = values.get("spec") or values.get("name")
    if named:
        with suppress(msgspec.ValidationError, TypeError):  # it lacks what such an envelope needs
            case = replace(case, envelope=ENVELOPES.parse(yaml.safe_load(named)))
    elif cause.code in (C.REMOTE, C.MALFORMED):
        case = replace(case, envelope=ENVELOPES.parse("age"))
    return state._replace(case=case)


def _bound(state: State, words: str, at: int) -> bytes:
    identity = state.identities[at]
    made = (
        one.make(state.aads[at], identity)
        for one in contexts(state.case, identity)
        if one.words == words
    )
    return next((data for data in made if data is not None), state.aads[at])


def _another(text: str) -> str:
    """A different key of the same form."""
    return text[::-1].swapcase()


def _undone(state: State, cause: Cause, at: int) -> bytes:
    row = state.rows[at]
    assert isinstance(row, bytes)
    if cause.code is C.ENCRYPTED_TWICE:
        way = _way(state, at)
        plain = None if way is None else way.opens(row, state.aads[at], state.identities[at])
        return plain or row
    form = cause.filled.get("form", "")
    return next((one.data for one in unwrapped(row) if one.path and one.words == form), row)
