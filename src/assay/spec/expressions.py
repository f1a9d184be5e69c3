"""Conditions in CEL, checked against the declared variables before anything runs.

The language is the Common Expression Language (https://cel.dev), run by its official C++
implementation. Variables are declared with the types of their specs, so an expression that
misspells a name or compares a port with text is refused with the place of the mistake.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

from cel_expr_python import cel
from cel_expr_python.ext import ext_strings

from assay.facts import Guesses
from assay.spec import syntax
from assay.spec.costs import affordable, hopeless
from assay.spec.slips import own_word, slip
from assay.spec.syntax import SURROUNDINGS, bound, place
from assay.spec.syntax_errors import explained
from assay.suggest import hint

if TYPE_CHECKING:
    from collections.abc import Mapping


_TYPES = {
    "bool": cel.Type.BOOL,
    "double": cel.Type.DOUBLE,
    "dyn": cel.Type.DYN,
    "int": cel.Type.INT,
    "list": cel.Type.List(cel.Type.STRING),
    "string": cel.Type.STRING,
}
_WORDS = {
    "bool": "true or false",
    "double": "a number",
    "int": "an integer",
    "list": "a list",
    "string": "text",
}
RESERVED = frozenset(
    (
        *("as", "break", "const", "continue", "else", "false", "for", "function", "if", "import"),
        *("in", "let", "loop", "namespace", "null", "package", "return", "true", "var", "void"),
        "while",
    )
)
"""Words that CEL keeps for itself (language definition, "Reserved words")."""


_NUMBERS = re.compile(r"""['"](-?\d+(?:\.\d+)?|true|false)['"]""")
_WHOLE = re.compile(r"(?<![\w.'\"])\d+(?![\w.'\"])")
_PLACED = re.compile(r"<input>:(\d+):(\d+): *(.*)")
"""How CEL says where something is wrong."""


class Mistake(NamedTuple):
    """What is wrong with an expression, and where in its text; line and column count from 1."""

    line: int
    column: int
    length: int
    reason: str
    step: str
    name: str = ""
    """A name in it that nothing declares."""


class Condition(NamedTuple):
    """A checked expression and the names that it may read, in the order of the text."""

    text: str
    names: tuple[str, ...]
    read: tuple[str, ...] = ()
    """Those whose values it reads."""
    asked: tuple[str, ...] = ()
    """Those of which it asks whether they are set."""
    environment: bool = False
    """Whether it reads the name of the environment, or whether that is live."""


class Undecided(NamedTuple):
    """A condition that can't be decided, because these names are not set or not readable."""

    names: tuple[str, ...]
    costly: bool = False
    """Whether it is because evaluating it would take too much time or memory."""


_present: ContextVar[frozenset[str]] = ContextVar("present")
"""The names that `isSet` calls set, during one evaluation: CEL hands its functions no more than
their arguments, and several threads may evaluate at once."""


class Conditions:
    """Compiles and evaluates the conditions of one spec."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        """`variables` maps each declared name to its CEL type: string, int, double, bool, list."""
        self._around = SURROUNDINGS.keys() - variables.keys()
        self._types = {**SURROUNDINGS, **variables}
        speakable = {n: t for n, t in self._types.items() if _identifier(n)}
        is_set = cel.FunctionDecl(
            "isSet",
            [cel.Overload("isSet_string", return_type=cel.Type.BOOL, parameters=[cel.Type.STRING])],
        )
        self._env = cel.NewEnv(
            variables={name: _TYPES[kind] for name, kind in speakable.items()},
            extensions=[ext_strings.ExtStrings()],
            functions=[is_set],
            # Not with `self` in it: what CEL holds on to, Python can't see, and never collects.
            function_impls={"isSet_string": lambda name: name in _present.get()},
        )
        self._compiled: dict[str, cel.Expression] = {}
        self._trees: dict[str, syntax.Node] = {}
        self._checked: dict[str, Condition] = {}
        self.questions: Guesses = Guesses()
        """What lint has met so far of each secret, before anything is run."""

    def compile(self, text: str) -> Condition | Mistake:
        """Check an expression: its syntax, its names, its types, and that it is true or false."""
        if text in self._checked:
            return self._checked[text]
        try:
            compiled = self._env.compile(text)
        except (RuntimeError, TypeError, ValueError) as error:
            return self._mistake(text, str(error))
        if compiled.return_type() != cel.Type.BOOL:
            reason = "it is neither true nor false"
            step = "Compare the value with something, as in `PORT > 1024`."
            return Mistake(1, 1, len(text), reason, step)
        tree = syntax.tree(compiled.serialize())
        if hopeless(tree):
            reason = "evaluating it takes too much time or memory"
            step = "Use fewer nested loops, and don't build long texts in them."
            return Mistake(1, 1, len(text), reason, step)
        found = self._looked_at(text, tree)
        if isinstance(found, Condition):
            self._compiled[text], self._trees[text] = compiled, tree
            self._checked[text] = found
        return found

    def _looked_at(self, text: str, tree: syntax.Node) -> Condition | Mistake:
        """A condition with the names in it, by the places where each stands first."""
        read: dict[str, int] = {}
        asked: dict[str, int] = {}
        for node, hidden in syntax.walk(tree):
            match node:
                case syntax.Call("isSet", (syntax.Literal(text=str(name), at=at),)):
                    if name not in self._types:
                        return self._undeclared(name, *place(text, max(at, text.find(name, at))))
                    asked.setdefault(name, at)
                case syntax.Call("isSet", (syntax.Name(name, at),)) if (
                    name not in hidden and name in self._types
                ):
                    reason = f"`isSet` takes a name in quotes, not `{name}`"
                    step = f"Write `isSet('{name}')`."
                    return Mistake(*place(text, at), len(name), reason, step)
                case syntax.Name(name, at) if name not in hidden:
                    read.setdefault(name.removeprefix("."), at)  # as `Scope.variable` says
        places = {**asked, **read}
        names = sorted(filter(self._is_variable, places), key=places.__getitem__)
        return Condition(
            text,
            tuple(names),
            read=tuple(name for name in names if name in read),
            asked=tuple(name for name in names if name in asked),
            environment=not self._around.isdisjoint(read),
        )

    def _undeclared(self, name: str, line: int, column: int) -> Mistake:
        reason = f"{name} is not declared{hint(name, self._types)}"
        step = "Declare it under `variables`, or correct the name."
        return Mistake(line, column, len(name), reason, step, name)

    def _unknown(self, text: str, name: str, line: int, column: int) -> Mistake:
        """A name that CEL doesn't know: a function of other languages, or nothing declares it."""
        offset = _offset(text, line, column)
        start = text.rfind(name, 0, offset + len(name))  # CEL points at the bracket of a call
        own = own_word(name, text[start + len(name) :])
        if own is None or (own in self._types and own not in self._around):
            return self._undeclared(name, line, column)
        like = " with the name in quotes, as in `isSet('NAME')`" if own == "isSet" else ""
        step = f"Write `{own}` instead of `{name}`{like}."
        reason = f"{name} is unknown: did you mean {own}?"
        return Mistake(*place(text, start), len(name), reason, step)

    def tree(self, condition: Condition) -> syntax.Node:
        """The syntax tree of a condition that `compile` accepted.

        Raises:
            ValueError: CEL's tree can't be read.

        """
        found = self._trees.get(condition.text)
        if found is None:
            found = syntax.tree(self._evaluable(condition).serialize())
            self._trees[condition.text] = found
        return found

    def _evaluable(self, condition: Condition) -> cel.Expression:
        compiled = self._compiled.get(condition.text)
        if compiled is None:
            compiled = self._compiled[condition.text] = self._env.compile(condition.text)
        return compiled

    def _is_variable(self, word: str) -> bool:
        return word in self._types and word not in self._around

    def holds(
        self,
        condition: Condition,
        values: Mapping[str, object],
        *,
        environment: str,
        present: frozenset[str],
        live: bool = False,
    ) -> bool | Undecided:
        """Whether a condition is true.

        `values` are the interpreted values that are known, defaults included; `present` are the
        names that `isSet` calls set.
        """
        compiled = self._evaluable(condition)
        data = {**bound(self._types.keys() - self._around, environment, live=live), **values}
        if not affordable(self.tree(condition), data):
            return Undecided((), costly=True)
        token = _present.set(present)
        try:
            result = compiled.eval(data=data)
        except (MemoryError, RuntimeError):  # beyond CEL's own bound of steps
            return Undecided((), costly=True)
        finally:
            _present.reset(token)
        if result.type() == cel.Type.BOOL:
            return bool(result.value())
        return Undecided(tuple(name for name in condition.names if name not in values))

    def _mistake(self, text: str, said: str) -> Mistake:
        found = _PLACED.search(said)
        line, column = (int(found[1]), int(found[2])) if found else (1, 1)
        message = found[3] if found else said
        quoted = message.split("'")
        found_slip = slip(text)
        if found_slip is not None:
            line, column = place(text, found_slip.offset)
            return Mistake(line, column, found_slip.length, found_slip.reason, found_slip.step)
        if "undeclared reference" in message and len(quoted) > 1:
            return self._unknown(text, quoted[1], line, column)
        if "no matching overload" in message and len(quoted) > 3:
            reason = _mismatch(_operator(quoted[1]), _operands(quoted[3]))
            step = "Use values of the same type: text has quotes, numbers don't."
            literals = _NUMBERS.findall(text)
            whole = _WHOLE.findall(text)
            if reason.startswith("can't use") and _operator(quoted[1]).isalpha():
                step = "Use it on text: `string(NAME)` makes text of a number."
            elif "text" in reason and len(literals) == 1:
                step = f"Write `{literals[0]}` without quotes."
            elif "a number" in reason and "an integer" in reason and len(set(whole)) == 1:
                step = f"Write `{whole[0]}.0`: a number has a decimal point."
            elif "[]" in reason:
                step = "Write `NAME.startsWith('a')`, or `NAME.charAt(0)`: texts have no brackets."
            return Mistake(line, column, 1, reason, step)
        unspeakable = [n for n in self._types if not _identifier(n) and n in text]
        if unspeakable:
            [name, *_] = unspeakable
            line, column = place(text, text.index(name))
            reason = f"{name} is not a name that a condition can read"
            step = f"Ask only `isSet('{name}')`, or use a name of letters, digits and underscores."
            return Mistake(line, column, len(name), reason, step)
        if "Syntax error" in message:
            wrong = explained(text, _offset(text, line, column), message)
            line, column = place(text, wrong.offset)
            return Mistake(line, column, wrong.length, wrong.reason, wrong.step)
        step = "Write a CEL expression, such as `PORT > 1024 && NAME == 'text'`."
        return Mistake(line, column, 1, "CEL does not accept this part", step)


def _identifier(name: str) -> bool:
    return name.isascii() and name.isidentifier() and name not in RESERVED


def _operator(name: str) -> str:
    symbols = {"_in_": "in", "@in": "in", "-_": "-", "!_": "!"}
    return symbols.get(name, name.replace("_", "") or name)


def _operands(types: str) -> list[str]:
    """`(int, string)` in words."""
    words = {"string": "text", "int": "an integer", "double": "a number", "bool": "true/false"}
    return [
        words.get(t.strip(), "a list" if t.strip().startswith("list") else t.strip())
        for t in types.strip("()").split(",")
    ]


def _mismatch(operator: str, operands: list[str]) -> str:
    """`can't compare text with an integer using >`."""
    if operator in ("==", "!=", "<", "<=", ">", ">=") and len(operands) == 2:
        return f"can't compare {operands[0]} with {operands[1]} using {operator}"
    return f"can't use {operator} with {' and '.join(operands)}"


def _offset(text: str, line: int, column: int) -> int:
    """Where a line and a column, counted from 1, are in the text."""
    return sum(len(one) for one in text.splitlines(keepends=True)[: line - 1]) + column - 1
