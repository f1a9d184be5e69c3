"""Conditions: refused offline where they can't be right, and true, false or undecided."""

from __future__ import annotations

import gc
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.screen.rules import Meaning, tree_over
from assay.screen.truth import truth
from assay.spec.expressions import RESERVED, Condition, Conditions, Mistake, Undecided
from assay.spec.syntax import bound

TYPES = {
    "PORT": "int",
    "MODE": "string",
    "RATE": "double",
    "DEBUG": "bool",
    "HOSTS": "list",
    "A": "string",
    "B": "string",
    "odd-name": "string",
}


@pytest.fixture(scope="module")
def conditions():
    return Conditions(TYPES)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("PORT > 1024", ("PORT",)),
        ("MODE == 'on' && PORT == 1", ("MODE", "PORT")),
        ("isSet('odd-name')", ("odd-name",)),
        ("environment == 'ci'", ()),
        ("DEBUG", ("DEBUG",)),
        ("'x' in HOSTS", ("HOSTS",)),
        ("RATE < 0.5 || !DEBUG", ("RATE", "DEBUG")),
        ("MODE.startsWith('MODE A')", ("MODE",)),
        ("MODE == 'it\\'s PORT'", ("MODE",)),
        ("HOSTS.exists(A, A == 'x') && .B == ''", ("HOSTS", "B")),
        ("B == 'x' || isSet('A') && A == B", ("B", "A")),
    ],
)
def test_a_good_condition_knows_the_names_that_it_reads(conditions, text, names):
    found = conditions.compile(text)
    assert isinstance(found, Condition)
    assert found.names == names


@pytest.mark.parametrize(
    ("text", "line", "column", "length", "reason"),
    [
        ("PRT > 1", 1, 1, 3, "PRT is not declared: did you mean PORT?"),
        ("MODE == 'on' && MDE == 'x'", 1, 17, 3, "MDE is not declared: did you mean MODE?"),
        ("PORT == 'x'", 1, 6, 1, "can't compare an integer with text using =="),
        ("PORT +\n 'x' == 1", 1, 6, 1, "can't use + with an integer and text"),
        ("MODE in PORT", 1, 6, 1, "can't use in with text and an integer"),
        ("!PORT", 1, 1, 1, "can't use ! with an integer"),
        ("HOSTS == DEBUG", 1, 7, 1, "can't compare a list with true/false using =="),
        ("PORT", 1, 1, 4, "it is neither true nor false"),
        ("PORT ==", 1, 7, 1, "it is incomplete"),
        ("PORT == )", 1, 9, 1, "unexpected `)`"),
        ("(PORT > 1", 1, 9, 1, "`)` is missing here"),
        ("PORT = 1", 1, 6, 1, "unexpected `=`: use `==` to compare"),
        ("DEBUG and\n PORT = 1", 1, 7, 3, "unexpected `and`: use `&&`"),
        ("MODE == 'a and b' OR DEBUG", 1, 19, 2, "unexpected `OR`: use `||`"),
        ("not DEBUG", 1, 1, 3, "unexpected `not`: use `!`"),
        ("DEBUG & DEBUG", 1, 7, 1, "unexpected `&`: use `&&`"),
        ("DEBUG | DEBUG", 1, 7, 1, "unexpected `|`: use `||`"),
        ("MODE <> 'x'", 1, 6, 2, "unexpected `<>`: use `!=`"),
        ("PORT === 1", 1, 6, 3, "unexpected `===`: use `==`"),
        ("PORT == 1\n  MODE", 2, 3, 4, "unexpected `MODE`"),
        ("MODE == 'x", 1, 9, 1, "a quote is never closed"),
        ("isSet('PRT')", 1, 8, 3, "PRT is not declared"),
        ('isSet(  "PRT" )', 1, 10, 3, "PRT is not declared"),
        ("DEBUG ||\n isSet(r'PRT')", 2, 10, 3, "PRT is not declared"),
        ("", 1, 1, 1, ""),
        ("MODE.nothing()", 1, 13, 1, ""),
        ("1 / 0 == 1 || 99999999999999999999 == 1", 1, 15, 1, ""),
    ],
)
def test_a_mistake_has_its_place_and_what_to_do(  # noqa: PLR0917 - a row
    conditions, text, line, column, length, reason
):
    found = conditions.compile(text)
    assert isinstance(found, Mistake)
    assert reason in found.reason
    if reason:
        assert (found.line, found.column, found.length) == (line, column, length)
    assert found.step


def test_words_that_cel_keeps_for_itself_can_only_be_asked_for():
    assert "in" in RESERVED
    made = Conditions({"in": "string"})
    assert isinstance(made.compile("isSet('in')"), Condition)
    assert isinstance(made.compile("in == 'x'"), Mistake)


@pytest.mark.parametrize(
    ("text", "values", "verdict"),
    [
        ("PORT > 1024", {"PORT": 8080}, True),
        ("PORT > 1024", {"PORT": 80}, False),
        ("PORT > 1024", {}, Undecided(("PORT",))),
        ("PORT > 1024 && false", {}, False),
        ("PORT > 1024 || true", {}, True),
        ("isSet('PORT') && PORT > 1", {}, False),
        ("!isSet('PORT') || PORT > 1", {}, True),
        ("environment == 'ci'", {}, True),
        ("live", {}, True),
        ("!live || PORT == 1", {"PORT": 2}, False),
        ("live == true && environment != 'x'", {}, True),
        ("'x' in HOSTS", {"HOSTS": ["x", "y"]}, True),
        ("1 / PORT == 1", {"PORT": 0}, Undecided(())),
    ],
)
def test_a_condition_is_true_false_or_undecided(conditions, text, values, verdict):
    condition = conditions.compile(text)
    found = conditions.holds(
        condition, values, environment="ci", present=frozenset(values), live=True
    )
    assert found == verdict


def test_a_condition_compiled_elsewhere_is_compiled_again():
    condition = Condition("PORT > 1", ("PORT",))
    found = Conditions(TYPES).holds(
        condition, {"PORT": 2}, environment="x", present=frozenset({"PORT"})
    )
    assert found is True


def screened(text, variables, declared=None):
    """A condition as the screen sees it in a live environment called `ci`."""
    known = variables if declared is None else declared
    made = Conditions(dict.fromkeys(known, "string") | {"PORT": "int"})
    condition = made.compile(text)
    assert isinstance(condition, Condition)
    around = bound(known, "ci", live=True)
    return tree_over(made.tree(condition), Meaning(variables, around, known))


METHODS = ("contains", "startsWith", "endsWith")
LEAVES = st.one_of(
    st.sampled_from(["A", "B"]).flatmap(
        lambda name: st.sampled_from(["", "x", "y", "a b"]).flatmap(
            lambda text: st.sampled_from(
                [
                    *(f"{name} == '{text}'", f'{name} != "{text}"', f"'{text}' == {name}"),
                    *(f"{name}.{word}('{text}')" for word in METHODS),
                ]
            )
        )
    ),
    st.sampled_from(
        [
            "isSet('A')",
            'isSet( "B" )',
            "isSet('A') == isSet('B')",
            "!isSet('A') != isSet('B')",
            "isSet('A') == (A == 'x')",
            "environment == 'ci'",
            "environment != 'ci'",
        ]
    ),
    st.just("live"),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda t: f"!({t})"),
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(
            lambda t: f"({t[0]}){t[1]}{t[2]}"
        ),
    ),
    max_leaves=6,
)


@given(
    TREES,
    st.dictionaries(st.sampled_from(["A", "B"]), st.sampled_from(["", "x", "y", "a b"])),
    st.dictionaries(st.sampled_from(["A", "B"]), st.sampled_from(["x", "y"])),
    st.booleans(),
)
def test_the_screens_idea_of_a_condition_is_that_of_cel(text, values, defaults, live):
    names = frozenset(("A", "B"))
    made = Conditions(TYPES)
    condition = made.compile(text)
    assert isinstance(condition, Condition)
    meaning = Meaning(names, bound(names, "ci", live=live), names, emptiable=("A",))
    tree = tree_over(made.tree(condition), meaning)
    assert tree is not None
    present = frozenset(name for name in values if values[name] or name == "A")
    seen = {}
    for name in ("A", "B"):  # an empty value falls back to the default, as in the engine
        value = values.get(name) or defaults.get(name)
        if value is not None or name in values:
            seen[name] = value or ""
    found = made.holds(condition, seen, environment="ci", present=present, live=live)
    assert truth(tree, values, defaults) == (found if isinstance(found, bool) else None)


@pytest.mark.parametrize(
    "text",
    [
        "PORT > 1",
        "A == B",
        "A + 'x' == 'y'",
        "!(A.startsWith('x') || PORT > 1)",
        "A != 'x' && A < 'y'",
        "isSet(A + '')",
        "'x' == 'x'",
        "A.matches('x')",
        "A.startsWith(B)",
        "['x'].all(A, A == 'x')",
        "A == 'x' ? true : false",
        "live == true",
        "(A == 'x') == (PORT == 1)",
    ],
)
def test_what_the_screen_does_not_understand_is_left_to_cel(text):
    assert screened(text, frozenset(("A", "B"))) is None
    assert screened("NUMBER == 'x'", frozenset("A"), frozenset(("A", "NUMBER"))) is None


def test_conditions_compared_with_each_other_take_no_longer_each_time():
    text = "isSet('A')"
    for _ in range(20):
        text = f"({text}) == isSet('A')"
    tree = screened(text, frozenset("A"))
    assert len(str(tree)) < 1000


@pytest.mark.parametrize("text", ["live", "environment == 'ci'", "A == 'x' && live"])
def test_a_variable_hides_what_stands_around_it_from_the_screen_as_from_cel(text):
    names = frozenset(("A", "live", "environment"))
    assert bound(names, "ci", live=True) == {}
    assert screened(text.replace("live", "live == 'x'"), frozenset("A"), names) is None


def test_the_screen_asks_whether_variables_are_set_and_nothing_else():
    assert screened("isSet('live')", frozenset("A")) == ("constant", False)


def test_a_variable_called_live_is_that_variable(project):
    project.spec(
        "environments: {a: {live: true, values: [{dotenv: .env}]}}\n"
        "variables: {live: {required: false}, X: {required: live == 'yes'}}"
    )
    project.env("live=no\n")
    assert project.run("check").code == 0
    assert project.run("hook", ".env").code == 0
    project.env("live=yes\n")
    assert project.run("check").code == 1
    assert project.run("hook", ".env").code == 1


@pytest.mark.parametrize(("environment", "code"), [("a", 1), ("b", 0)])
@pytest.mark.parametrize("condition", ["live", "live && !isSet('Y')", "live == true"])
def test_a_condition_knows_whether_its_environment_is_live(project, environment, code, condition):
    project.spec(
        "environments:\n"
        "  a: {live: true, values: [{dotenv: .env}]}\n"
        "  b: {values: [{dotenv: .env}]}\n"
        f'variables: {{Y: {{required: false}}, X: {{required: "{condition}"}}}}\n'
    )
    project.env("")
    assert project.run("check", environment).code == code
    assert project.run("hook", "--env", environment, ".env").code == code


def test_conditions_that_nobody_needs_any_more_are_forgotten():
    conditions = Conditions({"PORT": "int"})
    conditions.compile("PORT > 1 && isSet('PORT')")
    gone = weakref.ref(conditions)
    held = [conditions._env]  # CEL's own part may live on: the compiled expressions need it
    del conditions
    gc.collect()
    assert gone() is None
    assert held
