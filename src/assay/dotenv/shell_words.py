"""Words, operators and expansions of the POSIX shell's grammar, read and never run.

Source: POSIX.1-2017 Shell Command Language 2.2, 2.3 and 2.6, and dash's parser.c where that
leaves a choice.
"""

from __future__ import annotations

from assay.dotenv.reading import DEPTH, TOO_MUCH
from assay.dotenv.scanning import WORD, find_or_end, skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.document import DotenvError
    from assay.dotenv.reading import TextReading

DIGITS = "0123456789"
_OPERATORS = "&|;<>()"
_PARAMETERS = "@*#?-$!"
_CLOSED_BY = {"'": "a quote", '"': "a quote", "`": "a backtick", ")": "a $(", "}": "a ${"}


class WordPart:
    """A piece of a word: literal text, or an expansion.

    `kind` is "text", "parameter", "command" or "arithmetic". `text` is the literal text, or the
    construct as written.
    """

    __slots__ = ("kind", "name", "operator", "quoted", "text", "word")

    def __init__(self, kind: str, text: str, *, quoted: bool, name: str = "") -> None:
        self.kind: str = kind
        self.text: str = text
        self.quoted: bool = quoted
        self.name: str = name
        self.operator: str = ""
        self.word: list[WordPart] = []


class ShellToken:
    """A word with its parts, an operator, a line break, or the end (an empty operator)."""

    __slots__ = ("end", "operator", "parts", "start")

    def __init__(self, operator: str, start: int, end: int, parts: list[WordPart]) -> None:
        self.operator: str = operator
        self.start: int = start
        self.end: int = end
        self.parts: list[WordPart] = parts

    @property
    def bare(self) -> str:
        """The word where it is one piece of unquoted text, else ""."""
        if len(self.parts) == 1 and self.parts[0].kind == "text" and not self.parts[0].quoted:
            return self.parts[0].text
        return ""


class Lexer:
    """Tokens of a text, one after the other."""

    __slots__ = ("_depth", "_last", "_reading", "_text", "at")

    def __init__(self, reading: TextReading) -> None:
        self._reading = reading
        self._text = reading.text
        self._last = len(reading.text)
        self._depth = 0
        self.at: int = 0

    def token(self) -> ShellToken:
        """Return the next token; raise DotenvError at a syntax error."""
        text = self._text
        while True:
            self.at = skip(text, self.at, " \t")
            if text.startswith("\\\n", self.at):
                self.at += 2
            elif text.startswith("#", self.at):
                self.at = find_or_end(text, "\n", self.at)
            else:
                break
        start = self.at
        c = text[start : start + 1]
        if c and c not in _OPERATORS + "\n":
            parts = self._parts("")
            return ShellToken("word", start, self.at, parts)
        doubled = c and c in "&|;<>" and text.startswith(c, start + 1)
        self.at += 2 if doubled else len(c)
        return ShellToken(text[start : self.at], start, self.at, [])

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > DEPTH:
            raise self._reading.refusal(*TOO_MUCH, self.at)

    def _unclosed(self, closing: str, start: int) -> DotenvError:
        reason = f"{_CLOSED_BY[closing]} is never closed"
        return self._reading.refusal(reason, f"expected a closing {closing}", start)

    def _parts(self, closing: str, *, quoted: bool = False) -> list[WordPart]:
        # The parts up to the end of a word, or up to `closing`: a `}` of `${...}` or a `"`.
        text = self._text
        parts: list[WordPart] = []
        opened = self.at
        ends = closing or " \t\n" + _OPERATORS
        special = ends + ("\\" + '"$`' if quoted else "\\'" + '"$`')
        while self.at < self._last:
            start = self.at
            c = text[start]
            if c in ends:
                return parts
            self.at += 1
            if c == "\\":
                self._escape(parts, closing, quoted=quoted)
            elif c == "'" and not quoted:
                self._single_quoted(parts, start)
            elif c == '"':
                self._double_quoted(parts, quoted=quoted)
            elif c == "$":
                self._dollar(parts, quoted=quoted)
            elif c == "`":
                self._backquote(parts, quoted=quoted)
            else:
                while self.at < self._last and text[self.at] not in special:
                    self.at += 1
                _add_text(parts, text[start : self.at], quoted=quoted)
        if closing:
            raise self._unclosed(closing, opened - 1 if closing == '"' else opened)
        return parts

    def _escape(self, parts: list[WordPart], closing: str, *, quoted: bool) -> None:
        following = self._text[self.at : self.at + 1]
        if following == "\n":
            self.at += 1
        elif not following or (quoted and following not in '$`"\\' + closing):
            _add_text(parts, "\\", quoted=True)
        else:
            parts.append(WordPart("text", following, quoted=True))
            self.at += 1

    def _single_quoted(self, parts: list[WordPart], start: int) -> None:
        close = self._text.find("'", self.at)
        if close == -1:
            raise self._unclosed("'", start)
        parts.append(WordPart("text", self._text[self.at : close], quoted=True))
        self.at = close + 1

    def _double_quoted(self, parts: list[WordPart], *, quoted: bool) -> None:
        # Inside "${name-word}" a double quote merely switches back and forth.
        parts.append(WordPart("text", "", quoted=True))
        if not quoted:
            self._enter()
            parts += self._parts('"', quoted=True)
            self.at += 1
            self._depth -= 1

    def _dollar(self, parts: list[WordPart], *, quoted: bool) -> None:
        text = self._text
        start = self.at - 1
        c = text[self.at : self.at + 1]
        if c == "(":
            self._command(parts, start, quoted=quoted)
        elif c == "{":
            self._braced(parts, start, quoted=quoted)
        elif c and (c in WORD or c in _PARAMETERS):
            named = c in WORD and c not in DIGITS
            self.at = skip(text, self.at, WORD) if named else self.at + 1
            name = text[start + 1 : self.at]
            parts.append(WordPart("parameter", "$" + name, quoted=quoted, name=name))
        else:
            _add_text(parts, "$", quoted=quoted)

    def _command(self, parts: list[WordPart], start: int, *, quoted: bool) -> None:
        # Tokens up to the parenthesis that closes, `$((...))` included.
        arithmetic = self._text.startswith("((", self.at)
        self._enter()
        self.at += 1
        depth = 1
        while depth:
            token = self.token()
            if token.operator == "(":
                depth += 1
            elif token.operator == ")":
                depth -= 1
            elif not token.operator:
                raise self._unclosed(")", start)
        self._depth -= 1
        kind = "arithmetic" if arithmetic else "command"
        parts.append(WordPart(kind, self._text[start : self.at], quoted=quoted))

    def _backquote(self, parts: list[WordPart], *, quoted: bool) -> None:
        text = self._text
        start = self.at - 1
        while self.at < self._last and text[self.at] != "`":
            self.at += 2 if text[self.at] == "\\" else 1
        if self.at >= self._last:
            raise self._unclosed("`", start)
        self.at += 1
        parts.append(WordPart("command", text[start : self.at], quoted=quoted))

    def _braced(self, parts: list[WordPart], start: int, *, quoted: bool) -> None:
        text = self._text
        self._enter()
        self.at += 1
        name_start = self.at
        if text.startswith("#", self.at) and not text.startswith("#}", self.at):
            self.at += 1
        first = text[self.at : self.at + 1]
        if first and first in _PARAMETERS:
            self.at += 1
        else:
            self.at = skip(text, self.at, DIGITS if first and first in DIGITS else WORD)
        part = WordPart("parameter", "", quoted=quoted, name=text[name_start : self.at])
        op_start = self.at
        if text.startswith(":", self.at):
            self.at += 1
        operator = text[self.at : self.at + 1]
        if operator and operator in "-=?+":
            self.at += 1
        elif operator and operator in "%#" and self.at == op_start:
            self.at += 2 if text.startswith(operator, self.at + 1) else 1
        part.operator = text[op_start : self.at]
        if not part.name or part.operator == ":" or (
            not part.operator and not text.startswith("}", self.at)
        ):  # fmt: skip
            reason = "a ${...} that the shell does not know"
            expected = "expected ${NAME}, ${NAME:-default}, ${NAME:?message} or ${NAME:+other}"
            raise self._reading.refusal(reason, expected, start)
        part.word = self._parts("}", quoted=quoted)
        self.at += 1
        self._depth -= 1
        part.text = text[start : self.at]
        parts.append(part)


def _add_text(parts: list[WordPart], text: str, *, quoted: bool) -> None:
    if parts and parts[-1].kind == "text" and parts[-1].quoted == quoted:
        parts[-1].text += text
    else:
        parts.append(WordPart("text", text, quoted=quoted))
