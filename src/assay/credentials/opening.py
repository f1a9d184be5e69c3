"""Opens the ciphertexts of one column: fast as long as all is well, thorough when it is not."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

from msgspec.structs import replace

from assay.credentials.faults import Opened, fault, unexplained
from assay.credentials.rows import cells, picked, row_name
from assay.crypto.autopsy.causes import as_bytes
from assay.crypto.autopsy.diagnosing import BRIEF, Effort, examined
from assay.crypto.autopsy.searching import Search
from assay.crypto.autopsy.widths import settled
from assay.crypto.deriving import DerivingProblem
from assay.crypto.envelopes.base import Closed, Misfit
from assay.crypto.examination import complete, filled, placeholders
from assay.errors import AssayError, CredentialError, DatabaseFault, UsageError
from assay.escapes import visible
from assay.redacted import redacted
from assay.registry import using

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assay.crypto.autopsy import Case
    from assay.registry import Plugin


@redacted()
class Keys:
    """What opens a column with the keys of one moment. It never changes, so threads share it."""

    __slots__ = ("_fits", "_open", "_previous", "beside", "case", "columns", "fixed", "search")

    def __init__(self, case: Case, *, accept_previous: bool) -> None:
        template = case.envelope.aad
        self.case: Case = case
        self.columns: tuple[str, ...] = placeholders(template)
        """The columns that the additional data is made of."""
        stored = case.stored
        self.beside: tuple[str, ...] = () if stored is None else stored.beside
        """The columns that hold other parts of the ciphertext."""
        self.fixed: bytes = b"" if self.columns else filled(template, {})
        self.search: Search | None = None
        """What explanations have made of the keys; only they set it."""
        self._open = _opening(case)
        self._fits = None if case.fits is None else case.well_formed
        others = case.previous.values() if accept_previous else ()
        self._previous = tuple(_opening(replace(case, text=text)) for text in others)

    def opened(self, data: bytes, bound: bytes) -> bytes | None:
        """The plaintext; None if the key doesn't open it to one of the declared type."""
        try:
            plain = self._open(data, bound)
        except (Closed, Misfit):
            return None
        return plain if self._fits is None or self._fits(plain) else None

    def differ(self, case: Case) -> bool:
        """Whether a case has other keys."""
        own = self.case
        return (case.text, case.salts, case.previous) != (own.text, own.salts, own.previous)

    def opened_by_previous(self, data: bytes, bound: bytes) -> bytes | None:
        """The plaintext if an earlier key opens it, and not by chance."""
        case = self.case
        sure = case.well_formed if case.envelope.proves(case.recipe.cipher) else case.vouches
        for opener in self._previous:
            with suppress(Closed, Misfit):
                plain = opener(data, bound)
                if sure(plain):
                    return plain
        return None


def _opening(case: Case) -> Callable[[bytes, bytes], bytes]:
    """What opens, or refuses everything if the text isn't a usable key or a library is missing."""
    made = case.envelope.material_of(case.recipe, case.text, case.salts)
    if not isinstance(made, DerivingProblem):
        with suppress(Misfit):
            return case.envelope.opener(made, case.recipe.cipher)
    return _closed


def _closed(data: bytes, aad: bytes) -> bytes:
    del data, aad
    raise Closed


T = TypeVar("T")
Ciphertext = bytes | bytearray | memoryview | str | None
Sealed = tuple[Ciphertext, object, bytes | None]
"""A ciphertext, its row and its additional data."""
_PLAIN_ROWS = (dict, type(None))
Explain = Literal["full", "brief", "none"]
BUDGET = 0.5
"""Seconds of full examinations in a minute: the first garbage gets one, but not all of it."""
MINUTE = 60.0


@redacted()
class Hidden(NamedTuple, Generic[T]):
    """A value that no traceback shows among the variables of a frame."""

    value: T


Process = Hidden["Mapping[str, str]"]
"""The variables of a process."""


class Options(NamedTuple):
    """What an opener does about ciphertexts that the key doesn't open."""

    explain: Explain = "full"
    budget: float = BUDGET
    accept_previous: bool = False
    on_previous: Callable[[Mapping[str, object]], object] | None = None


class ExplainingBudget:
    """Seconds that may be spent on explanations in a minute: a token bucket.

    It has no lock, because a process that is forked while a thread holds one would wait for ever.
    Two threads that pay at once may lose a payment, and the next minute makes up for it.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        """`clock` gives seconds that never go back."""
        self._size = seconds
        self._left = seconds
        self._clock = clock
        self._filled = clock()
        self._usual = 0.0

    def reserve(self) -> float | None:
        """Seconds set aside for one piece of work; None if there aren't any left."""
        now = self._clock()
        refill = (now - self._filled) * self._size / MINUTE
        self._filled = now
        self._left = min(self._size, self._left + refill)
        if self._left <= 0:
            return None
        self._left -= self._usual
        return self._usual

    def pay(self, reserved: float, spent: float) -> None:
        """Settle what a piece of work took."""
        self._left += reserved - spent
        self._usual = spent


@redacted("_place")
class Opener:
    """Opens the ciphertexts of one column. It never shows a key, and threads may share it."""

    def __init__(
        self,
        place: str,
        read: Callable[[Process | None], Case],
        options: Options | None = None,
        *,
        process: Process | None = None,
        plugins: tuple[Plugin, ...] = (),
        **about: str,
    ) -> None:
        """`place` names the column in messages; `read` looks at the key, now and after a failure.

        `plugins` are those of the spec, whose names are known while something is opened.

        Raises:
            CredentialError: there is no key.
            UsageError: nothing would show which key is right.

        """
        self._place = visible(place)
        self._read = read
        self._process = process
        self._options = options or Options()
        self._budget = ExplainingBudget(self._options.budget)
        words = {"column": place or "the column", "key": "the key", "environment": "here", **about}
        self._about = {name: visible(text) for name, text in words.items()}
        self._plugins = plugins
        with using(plugins):
            self._keys = self._made(read(process))

    def _made(self, case: Case) -> Keys:
        cipher = case.recipe.cipher
        if self._options.accept_previous and case.fits is None and not case.envelope.proves(cipher):
            raise UsageError(
                f"accept_previous needs a plaintext type for {self._about['column']}: "
                f"{cipher} doesn't show which key is right",
                "Declare `plaintext` for the column in the spec, with a type that random bytes "
                "don't fit.",
            )
        return Keys(case, accept_previous=self._options.accept_previous)

    def open(
        self,
        ciphertext: Ciphertext,
        row: object = None,
        *,
        aad: bytes | None = None,
    ) -> bytes:
        """The plaintext.

        Args:
            ciphertext: what the column holds, as the database's driver gives it.
            row: the row: a mapping by column, or what a driver or a model makes of one. It makes
                the additional data if the spec says so, and names the row in messages.
            aad: the additional authenticated data, instead of what the envelope says.

        Raises:
            CredentialError: it can't be decrypted; one of the four faults, which says why.
            UsageError: an argument is of the wrong type.

        """
        if aad is None and ciphertext.__class__ is bytes and row.__class__ in _PLAIN_ROWS:
            keys = self._keys
            # as for most; this is most of what opening costs
            if not keys.columns and not keys.beside and not self._plugins:
                plain = keys.opened(ciphertext, keys.fixed)
                if plain is not None:
                    return plain
        given = Hidden((ciphertext, row, aad))
        del ciphertext, row, aad
        return self._open(given)

    def _open(self, given: Hidden[Sealed], process: Process | None = None) -> bytes:
        """The plaintext of what `given` hides from the frames above."""
        if not self._plugins:
            return self._opened(given, process)
        with using(self._plugins):
            return self._opened(given, process)

    def _opened(self, given: Hidden[Sealed], process: Process | None) -> bytes:
        ciphertext, row, aad = given.value
        keys = self._keys
        try:
            data, bound = self._read_from(keys, ciphertext, row, aad)
            plain = keys.opened(data, bound)
            if plain is not None:
                return plain
            found: bytes | AssayError = self._settled(
                self._failed(keys, data, bound, row, process), row
            )
            del data, bound
        except AssayError as error:
            found = error.with_traceback(None)
        if isinstance(found, bytes):
            return found
        del ciphertext, row, aad
        raise found

    async def aopen(
        self,
        ciphertext: Ciphertext,
        row: object = None,
        *,
        aad: bytes | None = None,
    ) -> bytes:
        """The same for a coroutine: what may take long runs in a thread, beside the event loop.

        Arguments and errors are those of `open`.
        """
        given = Hidden((ciphertext, row, aad))
        del ciphertext, row, aad
        return await self._aopen(given)

    async def _aopen(self, given: Hidden[Sealed], process: Process | None = None) -> bytes:
        with using(self._plugins):
            return await self._aopened(given, process)

    async def _aopened(self, given: Hidden[Sealed], process: Process | None) -> bytes:
        from asyncio import to_thread

        ciphertext, row, aad = given.value
        keys = self._keys
        try:
            data, bound = self._read_from(keys, ciphertext, row, aad)
            opened = partial(keys.opened, data, bound)
            plain = await to_thread(opened) if keys.case.envelope.costly else opened()
            if plain is not None:
                return plain
            failed = partial(self._failed, keys, data, bound, row, process)
            found: bytes | AssayError = self._settled(await to_thread(failed), row)
            del data, bound, opened, failed
        except AssayError as error:
            found = error.with_traceback(None)
        if isinstance(found, bytes):
            return found
        del ciphertext, row, aad
        raise found

    def _read_from(
        self, keys: Keys, ciphertext: Ciphertext, row: object, aad: bytes | None
    ) -> tuple[bytes, bytes]:
        """The ciphertext, and the additional data that it was sealed with."""
        if row.__class__ is not dict:
            cells(row)
        data = ciphertext if isinstance(ciphertext, bytes) else self._data(ciphertext, row)
        if keys.beside and keys.case.stored is not None:
            held = self._picked(keys.beside, row, "which holds a part of the ciphertext")
            others = [self._data(one, row) if isinstance(one, str) else one for one in held]
            data = as_bytes(complete(keys.case.stored, data, others))
        if aad is not None and not isinstance(aad, bytes | bytearray | memoryview):
            said = f"aad is bytes, not {type(aad).__name__}"
            raise UsageError(said, "Encode it as it was when sealing.")
        return data, self._bound(keys, row) if aad is None else bytes(aad)

    def forget_process(self) -> None:
        """Keep no variables of a process alive; they come with each ciphertext."""
        self._process = None

    def _data(self, ciphertext: bytearray | memoryview | str | None, row: object) -> bytes:
        if isinstance(ciphertext, str):
            if ciphertext.startswith("\\x"):  # how data APIs hand out a bytea
                with suppress(ValueError):
                    return bytes.fromhex(ciphertext[2:])
            return ciphertext.encode("utf-8", "surrogatepass")
        if isinstance(ciphertext, bytearray | memoryview):
            return bytes(ciphertext)
        if ciphertext is None:
            raise DatabaseFault(
                self._said("NULL, but a ciphertext is expected", row),
                "Store the credential, or let the application work without it.",
            )
        raise DatabaseFault(
            f"a ciphertext is bytes or text, not {type(ciphertext).__name__}",
            "Pass what the column holds, as the database's driver gives it.",
        )

    def _bound(self, keys: Keys, row: object) -> bytes:
        """The additional data of one ciphertext."""
        if not keys.columns:
            return keys.fixed
        values = self._picked(keys.columns, row, "which the ciphertext is bound to")
        return filled(keys.case.envelope.aad, dict(zip(keys.columns, values, strict=True)))

    def _picked(self, names: Sequence[str], row: object, why: str) -> list[Any]:
        """The values of columns of a row; `why` says what they are for."""
        values = picked(row, names)
        for name in names:
            if name not in values:
                raise DatabaseFault(
                    self._said(f"the row lacks {name}, {why}", row),
                    f"Select {name} too, and pass it in `row`.",
                )
        return [values[name] for name in names]

    def _failed(
        self, keys: Keys, data: bytes, bound: bytes, row: object, process: Process | None
    ) -> Opened:
        """What becomes of a ciphertext that the key doesn't open."""
        plain = keys.opened_by_previous(data, bound)
        if plain is None and keys.differ(case := self._read(process or self._process)):
            keys = self._keys = self._made(case)  # the key was replaced in the meantime
            plain = keys.opened(data, bound)
            if plain is not None:
                return Opened(plain)
            plain = keys.opened_by_previous(data, bound)
        if plain is not None:
            return Opened(plain, previous=True)
        return Opened(self._explained(keys, data, bound, row))

    def _settled(self, outcome: Opened, row: object) -> bytes | CredentialError:
        """What was found, after telling whoever wants to hear of earlier keys."""
        if outcome.previous and self._options.on_previous is not None:
            self._options.on_previous(picked(row, self._keys.case.identity))
        return outcome.found

    def _explained(self, keys: Keys, data: bytes, bound: bytes, row: object) -> CredentialError:
        """Why it can't be decrypted, as thoroughly as time allows."""
        place = self._said("", row)
        if (explain := self._options.explain) == "none":
            return unexplained(place)
        if keys.search is None:
            keys.search = Search(keys.case)
        reserved = self._budget.reserve() if explain == "full" else None
        begun = perf_counter()
        effort = BRIEF if reserved is None else Effort()
        found = examined(keys.search, data, bound, (), effort)
        causes = tuple(settled(one, None) for one in found.causes)
        if reserved is not None:
            self._budget.pay(reserved, perf_counter() - begun)
        hurried = explain == "full" and reserved is None
        about = {**self._about, "variable": keys.case.variable}
        return fault(causes, about, place, hurried=hurried)

    def _said(self, message: str, row: object) -> str:
        """A message with the column and the row that it is about."""
        place, identity = self._place, self._keys.case.identity
        name = row_name(row, identity) if place and identity else ""
        if name:
            place = f"{place}, row {name}"
        return ": ".join(part for part in (place, message) if part)
