"""The dialect `shell`: a POSIX shell (dash) that sources the file under `set -a`.

Assignments, `export`, `:` and lists of them are followed; commands are noted and never run, and
count as not found. Like `. file && command`, the file is refused when its last command fails.
"""

from __future__ import annotations

from assay.dotenv.budget import TOO_MUCH, BudgetExceeded, ExpansionBudget
from assay.dotenv.document import DotenvEntry, TextReading
from assay.dotenv.export_line import WORD
from assay.dotenv.shell_words import DIGITS, Lexer, ShellToken, Stop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.dotenv.document import SourceText
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


def read(source: SourceText, environ: Mapping[str, str]) -> TextReading:
    """Read a text; process variables are the shell's variables when it starts."""
    shell = _Shell(source, environ)
    try:
        shell.run()
    except Stop as stop:
        shell.reading.refuse(stop.reason, stop.expected, stop.offset)
    return shell.reading


class _Shell:
    __slots__ = (
        "_budget", "_executes", "_found", "_lexer", "_status", "_token", "_variables", "reading",
    )  # fmt: skip

    def __init__(self, source: SourceText, environ: Mapping[str, str]) -> None:
        self.reading = TextReading(source)
        self._lexer = Lexer(source.text)
        self._variables = dict(environ)
        self._budget = ExpansionBudget(source.text)
        self._status = 0
        self._found: list[tuple[str, str]] = []
        self._executes = False
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
            raise Stop(
                "the line runs a command that does not exist or fails",
                "expected NAME=value without spaces around =, and quotes around a value that has "
                "spaces",
                failed,
            )

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
                raise Stop(*_SCRIPT, self._token.start)

    def _after_operator(self) -> None:
        while self._next().operator == "\n":
            pass

    def _command(self) -> list[ShellToken]:
        words = []
        while self._token.is_word:
            words.append(self._token)
            self._next()
        if not words or words[0].bare in _RESERVED or self._token.operator in _UNFOLLOWED:
            raise Stop(*_SCRIPT, words[0].start if words else self._token.start)
        return words

    def _run(self, words: list[ShellToken]) -> None:
        negated = False
        while words and words[0].bare == "!":
            negated = not negated
            words = words[1:]
        if not words:
            raise Stop(*_SCRIPT, self._token.start)
        first = 0
        while first < len(words) and _assigned_name(words[first]):
            first += 1
        self._found, self._executes = [], False
        arguments = self._arguments(words[first:])
        self._status = 0
        if not arguments:
            for word in words[:first]:
                self._set_entry(self._entry(word, exported=False))
        elif arguments[0][0] in {":", "export"}:
            for word in words[:first]:
                self._set_entry(self._entry(word, exported=False))
            if arguments[0][0] == "export":
                self._export(arguments[1:])
        else:
            self._note(words[0].start)
            self._status = 0 if arguments[0][0] in _HARMLESS else _NOT_FOUND
        if negated:
            self._status = 0 if self._status else 1

    def _note(self, offset: int) -> None:
        self.reading.note("runs-command", "the line runs a command and sets nothing", offset)

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
                raise Stop(
                    "export of something that is not a name",
                    "expected letters, digits and _, not starting with a digit", word.start,
                )  # fmt: skip
            if equals:
                self._set(name, value)

    def _entry(self, word: ShellToken, *, exported: bool) -> DotenvEntry:
        source = self.reading.source
        name = _assigned_name(word)
        self._found, self._executes = [], False
        equals = source.text.find("=", word.start)
        try:
            pieces = self._pieces(word.parts)
        except BudgetExceeded:
            raise Stop(*TOO_MUCH, word.start) from None
        whole = "".join([piece for piece, _ in pieces])
        value = self._tilde(whole[len(name) + 1 :], source.text[equals + 1 : equals + 2])
        quote = source.text[equals + 1 : equals + 2]
        if not (quote and quote in "'\"" and source.text[word.end - 1] == quote):
            quote = ""
        return DotenvEntry(
            source, name, value, word.start, equals, equals + 1, word.end, quote, exported,
            self._found, self._executes,
        )  # fmt: skip

    def _set_entry(self, entry: DotenvEntry) -> None:
        self.reading.entries.append(entry)
        self._set(entry.key, entry.value or "")

    def _set(self, name: str, value: str) -> None:
        self._variables[name] = value
        self.reading.values[name] = value

    def _tilde(self, value: str, first: str) -> str:
        home = self._variables.get("HOME")
        if first == "~" and home and value[1:2] in {"", "/", ":"}:
            return home + value[1:]
        return value

    def _fields(self, word: ShellToken) -> list[str]:
        try:
            pieces = self._pieces(word.parts)
        except BudgetExceeded:
            raise Stop(*TOO_MUCH, word.start) from None
        separators = self._variables.get("IFS", _DEFAULT_IFS)
        fields: list[str] = []
        current: list[str] = []
        started = False
        for text, splits in pieces:
            if not splits:
                current.append(text)
                started = True
                continue
            for number, field in enumerate(_split(text, separators)):
                if number and started:
                    fields.append("".join(current))
                    current, started = [], False
                if field:
                    current.append(field)
                    started = True
        if started:
            fields.append("".join(current))
        return fields

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
                raise Stop(
                    "arithmetic, which assay does not evaluate", "expected the result itself",
                    self._token.start,
                )  # fmt: skip
        return pieces

    def _parameter(self, part: WordPart) -> list[tuple[str, bool]]:
        operator = part.operator
        self._found.append((part.text, part.name if _is_name(part.name) else ""))
        value = self._value(part.name)
        if not operator or operator[-1] in "%#":
            if operator or (part.name[0] == "#" and len(part.name) > 1):
                raise Stop(
                    "an expansion that assay does not evaluate", "expected the result itself",
                    self._token.start,
                )  # fmt: skip
            return [(value or "", not part.quoted)]
        present = bool(value) if operator[0] == ":" else value is not None
        if operator[-1] == "+":
            return self._other(part) if present else [("", not part.quoted)]
        if present:
            return [(value or "", not part.quoted)]
        if operator[-1] == "?":
            raise Stop(
                "a variable that the file requires is not set", f"expected {part.name} to be set",
                self._token.start,
            )  # fmt: skip
        other = self._other(part)
        if operator[-1] == "=":
            if not _is_name(part.name):
                raise Stop("an assignment to a parameter", "expected a name", self._token.start)
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
        if value is not None:
            self._budget.spend(len(value))
        return value


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
    at = 0
    while at < len(text):
        if text[at] in separators:
            pieces.append(text[start:at])
            while at < len(text) and text[at] in separators:
                at += 1
            start = at
        else:
            at += 1
    return [*pieces, text[start:]]
