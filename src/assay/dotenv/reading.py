"""What a dialect's reader fills in: entries, values and problems, each with its place."""

from __future__ import annotations

from bisect import bisect_right

from assay.dotenv.document import DotenvEntry, DotenvError, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from assay.dotenv.document import SourceText

LIMIT = 16 * 1024 * 1024
"""Characters that expansion may make of one text, against values that double line by line."""
DEPTH = 100
TOO_MUCH = (
    "the references in the file expand to more text than this reader allows",
    "expected values that don't multiply each other",
)


class TextReading:
    """What a dialect's reader is given and hands back, before it becomes a Document.

    Attributes:
        text: what the reader reads; offsets are in this.
        environ: the process variables that expansion may read.

    """

    __slots__ = (
        "_cuts", "_left", "entries", "environ", "errors", "problems", "source", "text", "values",
    )  # fmt: skip

    def __init__(self, source: SourceText, environ: Mapping[str, str]) -> None:
        self.source: SourceText = source
        self.text: str = source.text
        self.environ: Mapping[str, str] = environ
        self.entries: list[DotenvEntry] = []
        self.values: dict[str, str | None] = {}
        self.errors: list[DotenvError] = []
        self.problems: list[Problem] = []
        self._cuts: list[int] = []
        self._left = max(LIMIT, 4 * len(source.text))

    def take(self, read: Callable[[TextReading], None]) -> None:
        """Have a dialect's reader read the text, and record what is wrong with it."""
        try:
            read(self)
        except DotenvError as error:
            # its traceback would hold the frames of the reader, and so values
            self.errors.append(error.with_traceback(None))
        for offset in self.source.bad:
            self.note("invalid-utf8", "a byte that is not valid UTF-8", offset)

    def unify_newlines(self, lone: str = "\n") -> None:
        """Turn CR LF into LF and each other CR into `lone`, as several loaders do first of all."""
        text, cuts = self.text, self._cuts
        at = text.find("\r")
        while at != -1:
            if text.startswith("\n", at + 1):
                # the LF that stays is found at the CR's place, what follows is one further on
                cuts.append(at + 1 - len(cuts))
            elif not lone:
                cuts.append(at - len(cuts))
            at = text.find("\r", at + 1)
        self.text = text.replace("\r\n", "\n").replace("\r", lone)

    def original(self, offset: int) -> int:
        """Return the offset in the original text of an offset in `text`."""
        return offset + bisect_right(self._cuts, offset) if self._cuts else offset

    def add(  # noqa: PLR0913 -- one per reading step
        self,
        key: str,
        value: str | None,
        places: tuple[int, int, int, int],
        quote: str = "",
        *,
        exported: bool = False,
        found: Sequence[tuple[str, str]] = (),
        executes: bool = False,
    ) -> None:
        """Take in an assignment; the places are start and end of the name, then of the value."""
        if self._cuts:
            key_start, key_end, start, end = places
            places = (*self._original_range(key_start, key_end), *self._original_range(start, end))
        self.entries.append(
            DotenvEntry(self.source, key, value, *places, quote, exported, found, executes)
        )
        self.values[key] = value

    def _original_range(self, start: int, end: int) -> tuple[int, int]:
        first = self.original(start)
        return first, self.original(end - 1) + 1 if end > start else first

    def refusal(self, reason: str, expected: str, offset: int) -> DotenvError:
        """Return the error that the dialect refuses the text at an offset of the source."""
        error = DotenvError(reason, expected, *self.source.position(offset))
        error.source = self.source
        return error

    def note(self, kind: str, reason: str, offset: int) -> None:
        """Record a problem at an offset of the source."""
        self.problems.append(Problem(kind, reason, *self.source.position(offset)))

    def note_dropped(self, offsets: Iterable[int]) -> None:
        """Record lines that the loader passes over; the offsets are in `text`."""
        for offset in offsets:
            reason = "the line is not an assignment and is dropped"
            self.note("dropped-line", reason, self.original(offset))

    def note_rest(self, start: int, end: int) -> None:
        """Record what the loader drops between a closing quote and the end of the line."""
        rest = self.text[start:end].strip()
        if rest and not rest.startswith("#"):
            reason = "the text after the closing quote is dropped"
            self.note("dropped-rest", reason, self.original(start))

    def require_utf8(self, end: int) -> None:
        """Refuse a text with a byte before `end` that is not valid UTF-8."""
        bad = self.source.bad
        if bad and bad[0] < end:
            reason = "a byte that is not valid UTF-8"
            raise self.refusal(reason, "expected a file saved as UTF-8", bad[0])

    def spend(self, value: str, at: int | DotenvEntry) -> str:
        """Return a value that expansion takes over; refuse the text when they are too many."""
        self._left -= len(value)
        if self._left < 0:
            raise self.too_much(at)
        return value

    def too_much(self, at: int | DotenvEntry) -> DotenvError:
        """Return the error that expansion makes too much of what is there."""
        return self.refusal(*TOO_MUCH, at) if isinstance(at, int) else at.refusal(*TOO_MUCH)
