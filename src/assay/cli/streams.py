"""The streams and variables of a command."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from assay.cli.log_safety import harmless
from assay.escapes import visible
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.redaction import Masker


@redacted()
class Streams(NamedTuple):
    """What the composition root hands to a command."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]
    masker: Masker
    taken: dict[str, bytes]
    """What was read from standard input, by the name that messages give it."""

    def colour(self, choice: str) -> bool:
        """Whether to colour standard output: `auto` follows NO_COLOR, FORCE_COLOR, the terminal."""
        if choice != "auto":
            return choice == "always"
        if self.environ.get("NO_COLOR"):
            return False
        if self.environ.get("FORCE_COLOR"):
            return True
        return self.stdout.isatty() and self.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """The columns to wrap at."""
        columns = self.environ.get("COLUMNS", "")
        if columns.isascii() and columns.isdigit() and len(columns) < 5:
            return max(40, int(columns))
        if not self.stdout.isatty():
            return 100
        try:
            return max(40, os.get_terminal_size(self.stdout.fileno()).columns)
        except (OSError, ValueError):
            return 100

    def read(self, most: int = -1) -> bytes:
        """Standard input as bytes; at most so many of them, or characters if it holds texts."""
        buffer = getattr(self.stdin, "buffer", None)
        data: bytes | str = (self.stdin if buffer is None else buffer).read(most)
        return data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data

    def write(self, text: str, *, commands: bool = False, masked: bool = False) -> None:
        """Write to standard output, in whatever its encoding supports, without any known secret.

        `commands` says that the text is made of a CI runner's commands, which are then left alone;
        `masked` that its parts were masked before they were put together.
        """
        text = text if masked else self.masker.mask(text)
        _write(self.stdout, harmless(text, commands=commands))

    def write_json(self, text: str) -> None:
        """The same for JSON, which stays valid whatever the secrets are."""
        self.write(self.masker.mask_json(text), masked=True)

    def write_data(self, data: Any) -> None:
        """Write data as indented JSON."""
        import msgspec

        self.write_json(msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n")

    def show(self, text: str, paint: Callable[[str], str] = str) -> None:
        """Write a line to standard output, with bullets for whatever looks like a secret."""
        from assay.discretion import discreet

        self.write(f"{paint(visible(discreet(text)))}\n")

    def say(self, text: str) -> None:
        """Write to standard error, with bullets for known secrets and what looks like one."""
        from assay.discretion import discreet

        _write(self.stderr, harmless(discreet(self.masker.mask(text))) + "\n")

    def tell(self, message: str, remedy: str = "") -> None:
        """Write a problem and its remedy to standard error, on separate lines."""
        step = f"\n  help: {visible(remedy)}" if remedy else ""
        self.say(f"assay: {visible(message)}{step}")

    def clear(self) -> None:
        """Clear the terminal."""
        if self.stdout.isatty():
            self.stdout.write("\x1b[2J\x1b[H")


_PLAINER = {"\u2500": "-", "\u2026": "...", "\u2022": "*", "\u2192": "->", "\u2713": "+"}
"""What stands for signs of ours where an encoding lacks them."""


def _plainer(text: str, encoding: str) -> str:
    """The text with ASCII for those of our signs that the encoding lacks."""
    lacking: dict[str, str | int | None] = {}
    for sign, ascii_ in _PLAINER.items():
        try:
            sign.encode(encoding)
        except UnicodeEncodeError:
            lacking[sign] = ascii_
    return text.translate(str.maketrans(lacking))


def _write(stream: TextIO, text: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        markup = text.lstrip().startswith(("<!", "<?"))
        other = "xmlcharrefreplace" if markup else "backslashreplace"
        data = _plainer(text, encoding).encode(encoding, other)
        text = data.decode(encoding)
    buffer: Any = getattr(stream, "buffer", None)
    if buffer is None or hasattr(buffer, "raw"):
        stream.write(text)
        return
    # Unbuffered (python -u): a raw file may take a part only, and text streams don't notice.
    stream.flush()
    while data:
        data = data[buffer.write(data) or 0 :]
