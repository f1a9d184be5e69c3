"""The sandbox for templates that a project brings along: it bounds their time and memory.

Jinja's own sandbox keeps a template from touching the world, but not from `'x' * 10**9`, nested
loops, or macros that call themselves twice. Here every turn of a loop, every call and every text
that is made is counted against a budget, and what could make a large one is refused beforehand.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jinja2.runtime import Context

STEPS = 5_000_000
"""Turns of loops, calls of macros, and elements of lists, for one document or report."""
MADE = 128 * 1024 * 1024
"""The characters that one document or report may consist of, and all that it is made of."""
SECONDS = 10.0
"""Of the processor's time."""
LARGEST = 1024 * 1024
"""The characters of a template."""
LONGEST_NUMBER = 4096
"""In bits; the sandbox needs no larger ones, and they can't be printed."""

_COLLECTIONS = (list, tuple, dict, set, frozenset)
_WIDE = re.compile(r"\d{4,}|\*|\{[^{}]*\{")
"""In the text that `format` or `%` fills in: a width that is large, or that comes from a value."""


class TooMuchError(SecurityError):
    """A template goes beyond a bound."""


class StepBudget:
    """What is left for one document or report."""

    def __init__(self) -> None:
        self._steps = STEPS
        self.made: int = MADE
        """The characters that are left."""
        self._unseen = 0
        self._until = time.process_time() + SECONDS

    def step(self, count: int = 1) -> None:
        """Take steps, and look at the clock."""
        self._steps -= count
        if self._steps < 0:
            raise TooMuchError("its loops and macros run for too long")
        self._unseen += count
        if self._unseen < 200:  # the clock costs as much as a step
            return
        self._unseen = 0
        if time.process_time() > self._until:
            raise TooMuchError(f"it takes more than {SECONDS:g} seconds")

    def make(self, characters: int) -> None:
        """Take characters."""
        self.made -= characters
        if self.made < 0:
            raise TooMuchError(f"it produces more than {MADE // (1024 * 1024)} MiB of text")


_budget: ContextVar[StepBudget] = ContextVar("budget")


def begin() -> None:
    """Give the next template a budget of its own."""
    _budget.set(StepBudget())


def _left() -> StepBudget:
    if _budget.get(None) is None:
        begin()
    return _budget.get()


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox that counts."""

    intercepted_binops: frozenset[str] = frozenset(("+", "*", "**", "%"))

    def __init__(self, **options: Any) -> None:
        super().__init__(finalize=_written, auto_reload=False, **options)
        self.globals.pop("lipsum", None)
        self.filters: _Filters = _Filters(self.filters)
        self.concat = _concatenated  # type: ignore[method-assign]  # which Jinja sets on the class
        self.counted = counted
        self.step = _step

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > LARGEST:
            raise TemplateSyntaxError("it is larger than 1 MiB", 1, name, filename)
        tree: nodes.Template = _Counting().visit(super()._parse(source, name, filename))
        return tree

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate, unless the result would be large."""
        power = operator == "**"
        if isinstance(left, int) and isinstance(right, int) and (power or operator == "*"):
            bits = left.bit_length() * (abs(right) if power else 1)
            if bits + (0 if power else right.bit_length()) > LONGEST_NUMBER:
                raise TooMuchError("its numbers are too large")
        if operator == "%" and isinstance(left, str):
            _check([left, right])
            _refuse_wide(left)
        elif operator == "*":
            _check([left, right])
        elif operator == "+" and not isinstance(left, (int, float)):
            counted(left)
            counted(right)
        return counted(super().call_binop(context, operator, left, right))

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a function, a macro or a method of a value."""
        _step()
        if called in (counted, _step) or isinstance(called, Macro):
            return super().call(context, called, *args, **kwargs)
        method = getattr(called, "__wrapped__", called)  # Jinja's sandbox has a `format` of its own
        owner = getattr(method, "__self__", None)
        args = tuple(map(_settled, args))
        _check([owner, *args, *kwargs.values()])
        if isinstance(owner, str) and method.__name__ in ("format", "format_map"):
            _refuse_wide(owner)
        return counted(super().call(context, called, *args, **kwargs))


class _Filters(dict[str, "Callable[..., Any]"]):
    """Filters that count what they make, those too that are added later."""

    def __init__(self, given: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__()
        self.update(given)

    def update(self, given: Mapping[str, Callable[..., Any]]) -> None:  # type: ignore[override]
        """Add filters."""
        super().update({name: _guarded(made) for name, made in given.items()})


class _Counting(NodeTransformer):  # its methods are called what Jinja calls them
    """Puts the counting into a template, as if its author had written it there."""

    def visit_Template(self, node: Any) -> nodes.Node:  # noqa: N802 - which others may include
        self.generic_visit(node)
        statement = nodes.ExprStmt(_call("step", node)).set_lineno(node.lineno)
        node.body.insert(0, statement)
        made: nodes.Node = node
        return made

    visit_Macro = visit_CallBlock = visit_Block = visit_Template  # noqa: N815

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        if node.test is not None:  # what a loop leaves out takes time too
            node.test = nodes.And(_call("step", node), node.test).set_lineno(node.lineno)
        return self.visit_Template(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.nodes = [_call("counted", node, part) for part in node.nodes]
        return node

    def visit_List(self, node: Any) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _call("counted", node, node)

    visit_Dict = visit_List  # noqa: N815

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        sliced = isinstance(node.arg, nodes.Slice)
        return self.visit_List(node) if sliced else self.generic_visit(node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        return self.generic_visit(node) if node.ctx == "store" else self.visit_List(node)


def _call(name: str, at: nodes.Node, *arguments: nodes.Expr) -> nodes.Call:
    function = nodes.EnvironmentAttribute(name)
    call = nodes.Call(function, list(arguments), [], None, None)
    return call.set_lineno(at.lineno, override=False)  # type: ignore[return-value]


def _step() -> bool:
    _left().step()
    return True


def counted(value: Any) -> Any:
    """The same value, if there is room for it."""
    budget = _left()
    if isinstance(value, str):
        budget.make(len(value))
    elif isinstance(value, _COLLECTIONS):
        budget.make(_extent(value, budget))
    return value


def _written(value: Any) -> Any:
    """A value that is about to become text; texts are counted where they are put together."""
    return value if isinstance(value, str) else counted(value)


def _extent(value: Any, budget: StepBudget) -> int:
    """About the characters of a value when it is written out."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        budget.step(len(value))
        pairs = value.items()
        return sum(4 + _extent(key, budget) + _extent(item, budget) for key, item in pairs)
    if isinstance(value, _COLLECTIONS):
        budget.step(len(value))
        return sum(2 + _extent(item, budget) for item in value)
    return 8


def _concatenated(parts: Iterable[str]) -> str:
    """The parts as one text; they are counted while they come."""
    budget = _left()
    found: list[str] = []
    for part in parts:
        budget.make(len(part) + 1)
        found.append(part)
    return "".join(found)


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that refuses what would make too much."""

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _step()
        args = tuple(map(_settled, args))
        _check([*args, *kwargs.values()])
        if function.__name__ == "do_format" and args:
            _refuse_wide(str(args[0]))
        return counted(function(*args, **kwargs))

    return guarded


def _settled(value: Any) -> Any:
    """What a filter such as `map` makes piece by piece as a list, whose size is known."""
    if not isinstance(value, Iterator):
        return value
    found = []
    for item in value:
        _step()
        found.append(item)
    return counted(found)


def _check(arguments: list[Any]) -> None:
    """Refuse what could make more than is left: at most what two sizes multiply to."""
    sizes = sorted((_magnitude(argument) for argument in arguments), reverse=True)
    largest, next_one = (*sizes, 1, 1)[:2]
    if max(largest, 1) * max(next_one, 1) > _left().made:
        raise TooMuchError(
            f"it could produce more than {MADE // (1024 * 1024)} MiB of text at once"
        )


def _magnitude(value: Any) -> int:
    if isinstance(value, int):
        return abs(value)
    if isinstance(value, (bytes, range)):
        return len(value)
    return _extent(value, _left()) if isinstance(value, (str, *_COLLECTIONS)) else 1


def _refuse_wide(form: str) -> None:
    if _WIDE.search(form):
        raise TooMuchError(
            "it formats text with a width above 999, or with a width taken from a value"
        )
