"""The dialect `shell`: a POSIX shell (dash) that sources the file under `set -a`.

Assignments, `export`, `:` and lists of them are followed; commands are noted and never run, and
count as not found. Like `. file && command`, the file is refused when its last command fails.
"""

from __future__ import annotations

from assay.dotenv.document import DotenvEntry
from assay.dotenv.scanning import WORD, skip
from assay.dotenv.shell_words import DIGITS, Lexer, ShellToken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.document import DotenvError
    from assay.dotenv.reading import TextReading
    from assay.dotenv.shell_words import WordPart

_NOT_FOUND = 127
_RESERVED = {
    "if", "then", "else", "elif", "fi", "case", "esac", "for", "while", "until", "do", "done",
    "{", "}",
}  # fmt: skip
# Built-in commands that succeed; they change nothing here.
_HARMLESS = {"cd", "echo", "pwd", "true"}
_UNFOLLOWED = {"(", ")", "<", ">", "<<", ">>"}
_SCRIPT = ("shell syntax beyond assignments", "expected NAME=value with the value in quotes")
_DEFAULT_IFS = " \t\n"


def read(reading: TextReading) -> None:
    """Read a text; process variables are the shell's variables when it starts."""
    _Shell(reading).run()


class _Shell:
    __slots__ = (
        "_executes", "_found", "_lexer", "_place", "_reading", "_status", "_token", "_variables",
    )  # fmt: skip

    def __init__(self, reading: TextReading) -> None:
        self._reading = reading
        self._lexer = Lexer(reading)
        self._variables = dict(reading.environ)
        self._status = 0
        self._found: list[tuple[str, str]] = []
        self._executes = False
        self._place = 0
        self._token = ShellToken("", 0, 0, [])

    def _next(self) -> ShellToken:
        self._token = self._lexer.token()
        return self._token

    def run(self) -> None:
        """Follow the whole text."""
        failed = 0
        self._next()
        while self._token.operator:
            if self._token.operator == "\n":
                self._next()
                continue
            failed = self._token.start
            self._line()
        if self._status:
            raise self._reading.refusal(
                "the line runs a command that does not exist or fails",
                "expected NAME=value without spaces around =, and quotes around a value that has "
                "spaces",
                failed,
            )

    def _refusal(self, reason: str, expected: str) -> DotenvError:
        return self._reading.refusal(reason, expected, self._token.start)

    def _line(self) -> None:
        # One list up to a line break. What follows `&&` and `||` may be skipped.
        live = True
        while self._token.operator not in {"", "\n"}:
            commands = [self._command()]
            while self._token.operator == "|":
                self._after_operator()
                commands.append(self._command())
            operator = self._token.operator
            # what runs in the background or in a pipe changes nothing here
            if live and (operator == "&" or len(commands) > 1):
                self._note(commands[0][0].start)
                self._status = 0 if operator == "&" else _NOT_FOUND
            elif live:
                self._run(commands[0])
            if operator in {"&&", "||"}:
                self._after_operator()
                live = (self._status == 0) == (operator == "&&")
            elif operator in {";", "&"}:
                self._next()
                live = True
            elif operator not in {"", "\n"}:
                raise self._refusal(*_SCRIPT)

    def _after_operator(self) -> None:
        while self._next().operator == "\n":
            pass

    def _command(self) -> list[ShellToken]:
        start = self._token.start
        words = []
        while self._token.parts:
            words.append(self._token)
            self._next()
        if not words or words[0].bare in _RESERVED or self._token.operator in _UNFOLLOWED:
            raise self._reading.refusal(*_SCRIPT, start)
        return words

    def _run(self, words: list[ShellToken]) -> None:
        negated = False
        while words and words[0].bare == "!":
            negated = not negated
            words = words[1:]
        if not words:
            raise self._refusal(*_SCRIPT)
        first = 0
        while first < len(words) and _assigned_name(words[first]):
            first += 1
        arguments = self._arguments(words[first:])
        command = arguments[0][0] if arguments else ":"
        self._status = 0
        if command in {":", "export"}:
            for word in words[:first]:
                self._set_entry(self._entry(word, exported=False))
            if command == "export":
                self._export(arguments[1:])
        else:
            self._note(words[0].start)
            self._status = 0 if command in _HARMLESS else _NOT_FOUND
        if negated:
            self._status = 0 if self._status else 1

    def _note(self, offset: int) -> None:
        self._reading.note("runs-command", "the line runs a command and sets nothing", offset)

    def _arguments(self, words: list[ShellToken]) -> list[tuple[str, ShellToken | DotenvEntry]]:
        # The fields of a command, each with its word, or with its entry if it is an assignment that
        # `export` takes as it is. All are expanded before any is assigned.
        fields: list[tuple[str, ShellToken | DotenvEntry]] = []
        for word in words:
            if fields and fields[0][0] == "export" and _assigned_name(word):
                fields.append(("", self._entry(word, exported=True)))
            else:
                fields += [(field, word) for field in self._fields(word)]
        return fields

    def _export(self, arguments: list[tuple[str, ShellToken | DotenvEntry]]) -> None:
        for field, word in arguments:
            if isinstance(word, DotenvEntry):
                self._set_entry(word)
                continue
            name, equals, value = field.partition("=")
            if field == "-p":
                continue
            if not _is_name(name):
                raise self._reading.refusal(
                    "export of something that is not a name",
                    "expected letters, digits and _, not starting with a digit",
                    word.start,
                )
            if equals:
                self._set(name, value)

    def _entry(self, word: ShellToken, *, exported: bool) -> DotenvEntry:
        text = self._reading.text
        name = _assigned_name(word)
        equals = text.find("=", word.start)
        first = text[equals + 1 : equals + 2]
        value = "".join([piece for piece, _ in self._expanded(word)])[len(name) + 1 :]
        home = self._variables.get("HOME")
        if first == "~" and home and value[1:2] in {"", "/", ":"}:
            value = home + value[1:]
        quote = first if first in {"'", '"'} and text[word.end - 1] == first else ""
        return DotenvEntry(
            self._reading.source, name, value, word.start, equals, equals + 1, word.end, quote,
            exported, self._found, self._executes,
        )  # fmt: skip

    def _set_entry(self, entry: DotenvEntry) -> None:
        self._reading.entries.append(entry)
        self._set(entry.key, entry.value or "")

    def _set(self, name: str, value: str) -> None:
        self._variables[name] = value
        self._reading.values[name] = value

    def _expanded(self, word: ShellToken) -> list[tuple[str, bool]]:
        self._found, self._executes, self._place = [], False, word.start
        return self._pieces(word.parts)

    def _fields(self, word: ShellToken) -> list[str]:
        separators = self._variables.get("IFS", _DEFAULT_IFS)
        fields: list[list[str]] = []
        started = False
        for text, splits in self._expanded(word):
            for number, piece in enumerate(_split(text, separators) if splits else [text]):
                started = started and not number
                if piece or not splits:
                    fields += [] if started else [[]]
                    fields[-1].append(piece)
                    started = True
        return ["".join(field) for field in fields]

    def _pieces(self, parts: list[WordPart], *, splits: bool = False) -> list[tuple[str, bool]]:
        # Each piece of text, and whether it is split into fields where fields are wanted;
        # `splits` says it for unquoted text, which is split inside `${...}` alone.
        pieces: list[tuple[str, bool]] = []
        for part in parts:
            if part.kind == "text":
                pieces.append((part.text, splits and not part.quoted))
            elif part.kind == "parameter":
                pieces += self._parameter(part)
            elif part.kind == "command":
                self._executes = True
                pieces.append(("", not part.quoted))
            else:
                reason = "arithmetic, which assay does not evaluate"
                raise self._refusal(reason, "expected the result itself")
        return pieces

    def _parameter(self, part: WordPart) -> list[tuple[str, bool]]:
        operator = part.operator
        self._found.append((part.text, part.name if _is_name(part.name) else ""))
        value = self._value(part.name)
        if operator[-1:] in {"%", "#"} or (part.name[0] == "#" and len(part.name) > 1):
            reason = "an expansion that assay does not evaluate"
            raise self._refusal(reason, "expected the result itself")
        present = bool(value) if operator[:1] == ":" else value is not None
        if operator[-1:] == "+":
            return self._other(part) if present else [("", not part.quoted)]
        if present or not operator:
            return [(value or "", not part.quoted)]
        if operator[-1] == "?":
            reason = "a variable that the file requires is not set"
            raise self._refusal(reason, f"expected {part.name} to be set")
        other = self._other(part)
        if operator[-1] == "=":
            if not _is_name(part.name):
                raise self._refusal("an assignment to a parameter", "expected a name")
            self._set(part.name, "".join([piece for piece, _ in other]))
        return other

    def _other(self, part: WordPart) -> list[tuple[str, bool]]:
        return self._pieces(part.word, splits=not part.quoted)

    def _value(self, name: str) -> str | None:
        if name in {"?", "#"}:
            return str(self._status) if name == "?" else "0"
        if name == "$":
            # the process's number cannot be known
            return "$$"
        value = self._variables.get(name)
        return None if value is None else self._reading.spend(value, self._place)


def _is_name(text: str) -> bool:
    return bool(text) and text[0] not in DIGITS and not text.strip(WORD)


def _assigned_name(word: ShellToken) -> str:
    # The name before `=` where the word is an assignment: nothing of it may be quoted.
    part = word.parts[0]
    if part.kind != "text" or part.quoted:
        return ""
    name, equals, _ = part.text.partition("=")
    return name if equals and _is_name(name) else ""


def _split(text: str, separators: str) -> list[str]:
    # Pieces between runs of separators; an empty first or last piece marks an edge.
    pieces, start = [], 0
    for at, c in enumerate(text):
        if at >= start and c in separators:
            pieces.append(text[start:at])
            start = skip(text, at, separators)
    return [*pieces, text[start:]]
