"""No condition takes much time or memory, whatever a spec or a value makes of it."""

from __future__ import annotations

import time

import pytest
from cel_expr_python import cel
from cel_expr_python.ext import ext_strings

from assay.spec.costs import TooLargeError, affordable, bound, hopeless, size_of
from assay.spec.expressions import Condition, Conditions, Mistake, Undecided
from assay.spec.syntax import tree

TYPES = {"A": "string", "B": "string", "L": "list", "N": "int", "D": "dyn", "F": "double"}
EIGHT = "[1, 2, 3, 4, 5, 6, 7, 8]"
HUNDRED = f"[{', '.join(map(str, range(100)))}]"
VALUES: dict[str, object] = {
    "A": "https://a.example.com/path",
    "B": "aaa",
    "L": ["one", "two", "a longer one"],
    "N": 3,
    "D": {"a": ["x", "yy"], "b": {"c": "z" * 30}},
    "F": 1e300,
}


def decided(text: str, values: dict[str, object]) -> object:
    conditions = Conditions(TYPES)
    condition = conditions.compile(text)
    if isinstance(condition, Mistake):
        return condition
    return conditions.holds(condition, values, environment="dev", present=frozenset())


@pytest.mark.parametrize(
    "text",
    [
        "A.replace('', A).replace('', A).size() > 0",
        "A.replace('', A).replace('', A).replace('', A).contains('x')",
        "A.replace('a', A).replace('a', A).replace('a', A) == A",
        f"{EIGHT}.map(a, {EIGHT}.map(b, {EIGHT}.map(c, A + A + A + A))).size() > 0",
        f"{EIGHT}.all(a, {EIGHT}.exists(b, (A + A + A).reverse().upperAscii() == A))",
        "A.split('').map(c, A + c).size() > 0",
        "A.split('').join(A).size() > 0",
        "A.split('').map(c, A).join(A).size() > 0",
        "A.split('').all(c, A.split('').exists(d, A.split('').exists(e, e == d + c)))",
        "A.split('').filter(c, A.lowerAscii().contains(c)).size() > 0",
        "A.contains(A + 'x')",
        "A.matches(B)",
        "'%s%s%s%s'.format([A.replace('', A), A, A, A]).size() > 0",
        "[A, A].map(x, x.replace('', A)).size() > 0",
        "{'k': A.replace('', A)}['k'].replace('', A) == ''",
        "(N > 1 ? A.replace('', A) : A).replace('', A) == ''",
    ],
)
def test_what_multiplies_text_is_not_evaluated(text: str) -> None:
    started = time.process_time()
    long: dict[str, object] = {**VALUES, "A": "xa" * 50_000, "B": "(a|b){9}" * 2_000}
    assert decided(text, long) == Undecided((), costly=True)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "text",
    [
        f"{HUNDRED}.all(a, {HUNDRED}.all(b, {HUNDRED}.all(c, a + b + c > 0)))",
        f"{HUNDRED}.map(a, {HUNDRED}.map(b, {HUNDRED}.map(c, 'x'))).size() > 0",
        f"'{'x' * 3000}'.replace('', '{'y' * 9000}').replace('', '{'z' * 9000}') == A",
        "[1].all(a, " * 25 + "true" + ")" * 25,
    ],
)
def test_what_costs_too_much_for_any_value_is_a_mistake_of_the_spec(text: str) -> None:
    mistake = Conditions(TYPES).compile(text)
    assert isinstance(mistake, Mistake)
    assert mistake.reason in (
        "evaluating it takes too much time or memory",
        "CEL does not accept this part",  # beyond its own depth
    )


def test_a_loop_that_cel_gives_up_is_undecided() -> None:
    text = "L.all(a, L.all(b, a != b || a == b))"
    result = decided(text, {"L": ["x"] * 200})
    assert result == Undecided((), costly=True)


@pytest.mark.parametrize(
    "text",
    [
        "A.startsWith('https://') && N > 1",
        "L.all(x, x.matches('^[a-z ]{1,63}$'))",
        "L.exists(x, L.exists(y, x == y))",
        "A.split('/').size() > 2 && A.split('.').join(',').contains('example')",
        "D.b.c.size() == 30 && has(D.a)",
        "'%s: %d'.format([A, N]).endsWith('3')",
        "A.replace('a', 'bb', 1) != A",
    ],
)
def test_what_people_write_is_evaluated(text: str) -> None:
    assert decided(text, VALUES) is True


def test_a_long_value_may_be_read_often() -> None:
    long = ["x" * 1000] * 9000
    text = "L.all(x, x.startsWith('x') && x.endsWith('x') && !x.contains(' ') && x.size() == 1000)"
    assert decided(text, {**VALUES, "L": long}) is True
    text = "A.matches('^(xa)+$') && A.contains('xa') && A.lowerAscii() == A && A.trim() == A"
    assert decided(text, {**VALUES, "A": "xa" * 5_000_000}) is True


@pytest.mark.parametrize(
    "text",
    [
        *("A + A", "A + B + 'x'", "[A] + [B]", "[A, [B, [A]]]", "{A: B, 'k': {'m': A}}"),
        *("A.replace('', B)", "A.replace('e', A)", "A.replace('e', A, 2)", "A.replace('', B, -1)"),
        *("A.split('')", "A.split('/')", "A.split('/', 2)", "L.join()", "L.join(A)"),
        *("A.split('').map(c, c + A)", "L.map(x, x + x)", "L.map(x, x.split(''))"),
        *("L.map(x, L.map(y, x + y))", "L.filter(x, x != 'one')", "L.map(x, x != 'one', x + A)"),
        *("A.reverse()", "A.upperAscii()", "A.lowerAscii()", "A.trim()", "A.substring(3)"),
        *("string(F)", "string(N)", "string(1.5)", "string(true)", "bytes(A)", "A.charAt(1)"),
        *("'%s %s'.format([L, A])", "'%.1000f'.format([F])", "'%x'.format([A])"),
        *("strings.quote(A)", "A.charAt(0)"),
        *("D.b.c", "D.a", "L[2]", "[A, A + A][1]", "D['b']", "D.map(k, k + k)"),
        *("D.a.map(x, x + A)", "true", "1u", "b'ab'"),
        *("N > 1 ? A + A : B", "size(A)", "A == B", "A.indexOf('e')", "dyn(A)"),
        *("L.exists_one(x, x == 'one')", "string(duration('1h'))", "string(timestamp(0))", "null"),
    ],
)  # fmt: skip
def test_the_bound_is_one(text: str) -> None:
    env = cel.NewEnv(
        variables={
            "A": cel.Type.STRING,
            "B": cel.Type.STRING,
            "N": cel.Type.INT,
            "F": cel.Type.DOUBLE,
            "L": cel.Type.List(cel.Type.STRING),
            "D": cel.Type.DYN,
        },
        extensions=[ext_strings.ExtStrings()],
    )
    compiled = env.compile(text)
    size, cost = bound(tree(compiled.serialize()), VALUES)
    value = compiled.eval(data=VALUES).plain_value()
    value = value.decode() if isinstance(value, bytes) else value
    real = size_of(value)
    assert real.weight <= size.weight + 32  # a number is one, and may be written down
    assert real.length <= max(size.length, size.weight)
    assert cost.made < 10_000
    assert cost.work < 200_000


def test_the_bound_itself_is_found_in_bounded_time() -> None:
    deep = "L.all(a, " * 16 + "true" + ")" * 16
    compiled = Conditions(TYPES).compile(deep)
    started = time.process_time()
    assert isinstance(compiled, (Condition, Mistake))
    env = cel.NewEnv(variables={"L": cel.Type.List(cel.Type.STRING)})
    serialized = env.compile("L.all(a, " * 14 + "true" + ")" * 14).serialize()
    with pytest.raises(TooLargeError):
        bound(tree(serialized), {})
    assert hopeless(tree(serialized))
    assert not affordable(tree(serialized), {})
    assert time.process_time() - started < 2
