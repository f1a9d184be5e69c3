"""Examines the rows of a column page by page, in memory that does not grow with them.

Most rows are opened once and counted. What opened a row that the declared key does not is tried
first on the next one, so a cause that all rows share is searched for once and verified on all.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from assay.crypto.autopsy import forms, widths
from assay.crypto.autopsy.causes import (
    LARGEST,
    Case,
    Cause,
    CauseCode,
    ColumnCensus,
    Confidence,
    as_bytes,
)
from assay.crypto.autopsy.diagnosing import Effort, damaged, examined, glimpsed
from assay.crypto.autopsy.heads import Heads
from assay.crypto.autopsy.opened import written
from assay.crypto.autopsy.population import Population, Strayed, Tallies, Tally, count
from assay.crypto.autopsy.recognizing import sign_of
from assay.crypto.autopsy.searching import Search, sealed_again
from assay.crypto.autopsy.transports import Payload
from assay.crypto.autopsy.trying import CHUNK, Trials
from assay.crypto.autopsy.ways import Way, attempt, refuse
from assay.crypto.autopsy.weighing import by_padding, weighed
from assay.crypto.envelopes.base import AES_CTR, Closed
from assay.crypto.envelopes.modes import padded_to
from assay.databases.model import TooLarge
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.crypto.envelopes.base import Opener

SAMPLE = 3
"""Rows of one shape that are searched in full; more of them have the same cause."""
WIDE = 2
"""Rows of one shape for which every key is tried in every layout."""
DEEP = 24
"""Rows for which lost bytes are tried out."""
LOOKED_INTO = 20_000
"""Damaged rows that are looked into one by one."""
_MISSED = 40
"""How many of them one counts for in which nothing was found: that takes longer."""
_VAIN = 16
"""Rows of a shape, more than those with such damage, that are looked into for it in vain."""
EXAMINED = 100
"""Rows that are searched in full whatever their shape."""
SHAPES = 100
"""Different shapes of which rows are searched in full after that."""
SMALL = 100
"""Rows of a table that is small enough to try everything on each of them."""
PROVEN = Confidence.PROVEN
_WAYS = 16
"""Ways to open rows that are kept."""
_UNEXPLAINED = Cause.of(CauseCode.UNEXPLAINED, Confidence.UNCERTAIN)


@redacted()
class _Row(NamedTuple):
    """A ciphertext that the declared key does not open."""

    data: bytes
    aad: bytes
    identity: tuple[str, ...]


@redacted("_case.variable")
class Examiner:
    """What the rows of one column come to. It keeps no row, and shows no key."""

    def __init__(self, case: Case, column: str = "", required: bool = False) -> None:
        """`required` says whether NULL is a fault."""
        self._case = case
        self._column = column
        self._required = required
        self._missing = Tally(Cause.of(CauseCode.MISSING, PROVEN))
        self._search = Search(case)
        self._population = Population()
        self._lengths = widths.Lengths()
        self._proves = case.envelope.proves(case.recipe.cipher)
        self._blocks = bool(padded_to(case.recipe.cipher)) and not self._proves
        self._heads = Heads(self._search)
        self._opened = 0
        self._ways: list[tuple[Way, Tallies]] = []
        self._searched: Counter[object] = Counter()
        self._settled: dict[object, Tallies] = {}
        self._unknown: tuple[tuple[bool, bytes, bool], Tallies] | None = None
        self._padded = Tally(_UNEXPLAINED)
        self._trials = Trials(self._search)
        self._deep = DEEP
        self._looked_into = LOOKED_INTO
        self._examined = 0
        self._right = False
        self._place = 0
        self._vain: Counter[object] = Counter()
        self._hurt: set[tuple[object, CauseCode]] = set()
        self._strayed = Strayed(self._search)
        declared = self._search.declared
        self._open: Opener = refuse if declared is None else declared.open

    def add(
        self,
        cells: Sequence[Any],
        identities: Sequence[tuple[str, ...]],
        aads: Sequence[bytes] | None = None,
    ) -> None:
        """Examine a page of rows: their cells, what names them, and their additional data.

        A cell is bytes, a text, None or `TooLarge`.
        """
        if self._trials.slow and len(cells) > CHUNK:  # what some of them show saves the others
            for at in range(0, len(cells), CHUNK):
                part = slice(at, at + CHUNK)
                self.add(cells[part], identities[part], None if aads is None else aads[part])
            return
        self._population.see(identities)
        self._lengths.see(cells)
        declared = self._case.envelope.aad.encode() if aads is None else b""
        bound = aads if aads is not None else [declared] * len(cells)
        failed = self._pass(cells, identities, bound)
        self._strayed.look_at(bound, identities)
        for at, padded, self._place in failed:
            self._investigate(_Row(as_bytes(cells[at]), bound[at], identities[at]), padded=padded)

    def _pass(
        self,
        cells: Sequence[Any],
        identities: Sequence[tuple[str, ...]],
        aads: Sequence[bytes],
    ) -> list[tuple[int, bool, int]]:
        """Open what opens; the rest, whether it opens to something odd, and its place."""
        open_ = self._open
        check = None if self._proves and self._case.fits is None else self._accepts
        heads = self._heads if self._heads.asks else None
        opened, failed = 0, []
        start = self._population.rows - len(cells)
        before = start - self._missing.count
        leading = bool(self._ways)
        slow, sign = self._trials.slow, sign_of(cells)
        for at, cell in enumerate(cells):
            self._place = before + at
            if cell.__class__ is not bytes:
                cell = self._held(cell, identities[at])  # noqa: PLW2901 - the same, as bytes
                if cell is None:
                    before = start - self._missing.count
                    continue
            led = leading and self._led(_Row(cell, aads[at], identities[at]))
            if led or (slow and self._passes_over(cell, identities[at], opened)):
                continue
            try:
                plain = open_(cell, aads[at])
                leading = False
                good = (check is None or check(plain)) and (
                    sign not in plain or not self._nested(plain, cell, aads[at])
                )
                if good and not (heads and heads.missing(cell, plain, identities[at])):
                    opened += 1
                else:
                    failed.append((at, True, self._place))
            except Closed:
                if not slow and self._passes_over(cell, identities[at], opened):
                    continue
                leading = not leading and self._led(_Row(cell, aads[at], identities[at]))
                if not leading:
                    failed.append((at, False, self._place))
            except Exception:  # noqa: BLE001 - no text, however odd, ends an examination
                leading = False
                failed.append((at, False, self._place))
        self._opened += opened
        return failed

    def _nested(self, plain: bytes, cell: bytes, aad: bytes) -> bool:
        """Whether what a row opens to is a ciphertext of the same key."""
        least = len(cell) - 2 * len(plain)  # of all encodings hex adds most
        if len(plain) < least or plain.isascii() is not cell.isascii():
            return False
        declared = self._search.declared
        return declared is not None and sealed_again(self._search, declared, plain, aad)

    def _led(self, row: _Row, most: int = 1) -> bool:
        """Whether one of the last ways that opened a row opens this one too."""
        for at, (way, tallies) in enumerate(self._ways[:most]):
            plain = way.opens(*row)
            if plain is not None and self._accepts(plain, way):
                count(tallies, row.identity, self._place)
                self._ways.insert(0, self._ways.pop(at))
                return True
        return False

    def _held(self, cell: object, identity: tuple[str, ...]) -> bytes | None:
        """The bytes of a cell; None if there are none, and that is counted."""
        if isinstance(cell, str | bytes | bytearray | memoryview):
            return as_bytes(cell)
        if cell is None:
            self._missing.add(identity)
        elif isinstance(cell, TooLarge):
            self._population.tally(Cause.of(CauseCode.TOO_LARGE, PROVEN)).add(identity, self._place)
        else:
            reason, declared = "is neither bytes nor text", written(self._case.envelope)
            odd = Cause.of(CauseCode.MALFORMED, PROVEN, reason=reason, declared=declared)
            self._population.tally(odd).add(identity, self._place)
        return None

    def _investigate(self, row: _Row, *, padded: bool) -> None:
        """Find the cause of one row, or count it with the rows of its shape."""
        if self._led(row, _WAYS):
            return
        data, aad, identity = row
        found = forms.nothing(data)
        if found is None and len(data) <= LARGEST:
            found = forms.lost((Payload(data),))
        if found is None and self._opened:
            found = self._strayed.found(data, aad)
        if found is not None:
            self._population.tally(found).add(identity, self._place)
            return
        misfit = self._case.envelope.misfit(data)
        shape = (padded, *self._lengths.look(data), None if misfit is None else misfit.code)
        if self._hurt and self._is_hurt(shape, row):
            return
        settled = None if self._small and not self._trials.slow else self._settled.get(shape)
        if settled is None and (self._examined < EXAMINED or self._is_new(shape)):
            self._examine(shape, row)
            return
        tallies = settled or (self._population.tally(_UNEXPLAINED),)
        if misfit is None and self._tried(tallies[0], row):
            self._examine(shape, row)
        elif not self._damaged(row):
            count(tallies, identity, self._place)

    def _is_new(self, shape: object) -> bool:
        """Whether a shape is searched in full though many rows were."""
        return self._searched[shape] < SAMPLE and len(self._searched) <= SHAPES

    def _passes_over(self, data: bytes, identity: tuple[str, ...], opened: int) -> bool:
        """Whether a refused row is counted with those before it, of which none opened."""
        if self._unknown is None or self._opened or opened:
            return False
        look, tallies = self._unknown
        tried = tallies[0].count
        if not self._trials.given_up(tried) or self._lengths.look(data) != look:
            return False
        if self._trials.due(tried, identity):
            return False
        count(tallies, identity, self._place)
        return True

    def _tried(self, settled: Tally, row: _Row) -> bool:
        """Whether a key opens a row of a settled cause, as far as keys are still tried."""
        due = self._trials.due(settled.count, row.identity)
        return any(
            attempt(one, row.data, row.aad) is not None
            for one in self._trials.keys(row.data, due=due)
        )

    def _is_hurt(self, shape: object, row: _Row) -> bool:
        """Whether the damage is proved that others of its shape have, before keys are searched."""
        if all(known != shape for known, _ in self._hurt):
            return False
        if self._looked_into <= 0 or self._vain[shape] > _VAIN:
            return False
        found = damaged(self._search, *row)
        same = bool(found) and (shape, found[0].code) in self._hurt
        if not same or found[0].confidence is not PROVEN:
            self._vain[shape] += 1
            return False
        self._vain[shape] -= 1
        self._looked_into -= 1
        count(self._population.tallies(found), row.identity, self._place)
        return True

    def _damaged(self, row: _Row) -> bool:
        """Whether a row of a shape that is settled is another case: its key is right."""
        known = self._opened or self._ways or self._right
        if not known or not glimpsed(self._search, row.data):
            return False
        if self._looked_into <= 0:
            found: tuple[Cause, ...] = (_UNEXPLAINED,)
        else:
            found = damaged(self._search, *row)
            self._looked_into -= 1 if found else _MISSED
        count(self._population.tallies(found), row.identity, self._place)
        return bool(found)  # chance makes noise look like text

    def _examine(self, shape: tuple[object, ...], row: _Row) -> None:
        self._searched[shape] += 1
        self._examined += 1
        small = self._small
        known = self._opened > 0
        effort = Effort(
            every=small and not self._opened,
            deep=self._deep > 0 and (known or small or bool(self._search.learned)),
            wide=self._searched[shape] <= WIDE,
            known=known,
        )
        verdict = examined(self._search, *row, effort)
        self._deep -= effort.deep
        if not verdict.causes:  # it opens after all, as an unauthenticated text may
            self._opened += 1
            return
        first = verdict.causes[0]
        padded = bool(shape[0]) and self._blocks and first.code is CauseCode.KEY_UNKNOWN
        tallies: Tallies = (self._padded,)
        if padded:
            self._padded.cause = first
        else:
            tallies = self._population.tallies(verdict.causes)
        count(tallies, row.identity, self._place)
        if verdict.way is None and first.code in _OF_KEY and first.confidence is PROVEN:
            self._right = True
        if first.code in _OF_BYTES and first.confidence is PROVEN:
            self._hurt.add((shape, first.code))
        if verdict.way is not None and first.code not in _OF_CONTENT:
            self._ways.insert(0, (verdict.way, tallies))
            self._search.learn(verdict.way.opening)
            del self._ways[_WAYS:]
        elif self._searched[shape] >= SAMPLE and first.code in _OF_ALL:
            self._settled[shape] = tallies
            if first.code is CauseCode.KEY_UNKNOWN and (
                self._trials.slow or not (padded or self._search.named)
            ):
                self._unknown = self._lengths.look(row.data), tallies

    def _accepts(self, plain: bytes, way: Way | None = None) -> bool:
        """Whether what came out of a way, or of the declared one, is what the column holds."""
        opening = self._search.declared if way is None else way.opening
        if opening is None or opening.envelope.proves(opening.cipher):
            return self._case.well_formed(plain)
        own = way is None or opening.cipher in AES_CTR
        return self._search.plausible(plain, opening.cipher, own=own)

    def census(self) -> ColumnCensus:
        """What all rows that were added came to; to be asked once."""
        self._weigh_padding()
        self._population.settle(self._settled_width)
        nulls = self._missing.count
        clusters = [
            replace(
                cluster,
                cause=weighed(
                    tally.cause, cluster, self._opened, self._filled, proves=self._proves
                ),
            )
            for tally, cluster in self._population.clusters(self._filled)
        ]
        return ColumnCensus(
            name=self._column,
            opened=self._opened,
            failed=self._population.rows - self._opened - (0 if self._required else nulls),
            proof=self._proves,
            nulls=nulls,
            clusters=(*clusters, *(self._missing.clusters() if self._required else ())),
        )

    def _weigh_padding(self) -> None:
        """Rows whose padding is right: chance makes it so once in 256 times, and no more."""
        found, self._padded = self._padded, Tally(self._padded.cause)
        if not found.count:
            return
        cause = by_padding(found, self._opened, self._filled, self._case)
        if cause is None:
            self._opened += found.count
        else:
            self._population.tally(cause).join(found)

    def _settled_width(self, tally: Tally) -> Cause:
        alike = self._population.alike(widths.measure(tally.cause))
        return widths.settled(tally.cause, self._lengths, alike, self._opened)

    @property
    def _small(self) -> bool:
        return self._population.rows <= SMALL

    @property
    def _filled(self) -> int:
        """The rows that hold something."""
        return self._population.rows - self._missing.count


_OF_ALL = frozenset((CauseCode.KEY_UNKNOWN, CauseCode.KEY_UNUSABLE, CauseCode.MALFORMED))
"""Causes that a row shares with the others of its shape; damage is each row's own."""
_OF_BYTES = frozenset((CauseCode.TAG_DAMAGED, CauseCode.TRUNCATED, CauseCode.BYTES_CHANGED))
"""Damage whose proof leaves no other cause; what was added may be a layer around the text."""
_OF_KEY = _OF_BYTES | {CauseCode.BYTES_LOST, CauseCode.BYTES_ADDED}
"""Damage whose proof is that of the key, too."""
_OF_CONTENT = frozenset((CauseCode.WRONG_PLAINTEXT, CauseCode.ENCRYPTED_TWICE))
"""Causes that what a row opens to decides, so that what opens it does not tell them."""
