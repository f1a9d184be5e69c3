"""Conditions in words: what is known is left out, and no expression is ever shown."""

from __future__ import annotations

from typing import Any

import pytest
from tests.documents import specs

from assay.documents.conditions import Settled, clause, opposite, understood, when
from assay.spec.loader import load_text

VARIABLES: dict[str, Any] = {
    **{name: {} for name in "ABC"},
    "N": {"type": "port"},
    "D": {"type": "boolean"},
    "L": {"type": "list"},
}
SPEC = load_text({"assay": 1, "variables": VARIABLES}, "/")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("isSet('A')", "if `A` is set"),
        ("!isSet('A')", "unless `A` is set"),
        ("!isSet('A') && !isSet('B') && !isSet('C')", "unless `A`, `B` or `C` is set"),
        ("live && A == 'x'", "in live environments if `A` is `x`"),
        ("!live", "outside of live environments"),
        ("environment == 'blue' && !isSet('A')", "in blue unless `A` is set"),
        ("environment != 'blue'", "outside of blue"),
        ("environment in ['blue', 'green']", "in blue or green"),
        ("environment.startsWith('pr-')", "if the environment begins with `pr-`"),
        ("!(live && isSet('A'))", "if the environment is not live or `A` is not set"),
        ("D", "if `D` is true"),
        ("!D && isSet('A') && isSet('B')", "if `D` is false and `A` and `B` are set"),
        ("D == true", "if `D` is true"),
        ("N > 1024 || !A.contains('x')", "if `N` is more than 1024 or `A` doesn't contain `x`"),
        ("!(N >= 3)", "if `N` is less than 3"),
        ("isSet('A') || isSet('B') && D", "if `A` is set, or `B` is set and `D` is true"),
        ("(isSet('A') || isSet('B')) && D", "if either `A` or `B` is set, and `D` is true"),
        (
            "isSet('A') || !isSet('B') && !isSet('C')",
            "if `A` is set, or neither `B` nor `C` is set",
        ),
        ("!isSet('A') || !isSet('B')", "if `A` or `B` is not set"),
        (
            "D || !isSet('A') && !isSet('B') && !isSet('C')",
            "if `D` is true, or none of `A`, `B` and `C` is set",
        ),
        ("A in ['x', 'y']", "if `A` is `x` or `y`"),
        ("!('x' in L)", "if `L` does not contain `x`"),
        ("A.lowerAscii() == ''", "if `A` is empty"),
        ("'' != A", "if `A` is not empty"),
        ("A != B", "if `A` differs from `B`"),
        ("size(A) >= 32", "if the length of `A` is at least 32"),
        (
            "A.startsWith('a') == B.startsWith('b')",
            "if `A` begins with `a` exactly when `B` begins with `b`",
        ),
        ("L.all(x, x != 'a') && D", "depending on `L` and `D`"),
        ("A.split(',')[0] == 'x'", "depending on `A`"),
        ("environment.split('-')[0] == 'x'", "in some environments"),
        ("environment in L", "if `L` contains the environment"),
        (
            "live ? isSet('A') : isSet('B')",
            (
                "if the environment is live and `A` is set, or the environment is not live and "
                "`B` is set"
            ),
        ),
    ],
)
def test_a_condition_is_put_into_words(text, words):
    tree = understood(text, SPEC, Settled())
    assert when(tree) == words
    assert opposite(opposite(tree)) == tree


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("live && isSet('A')", "`A` is set"),
        ("!live || isSet('A')", "`A` is set"),
        ("environment == 'blue'", "always"),
        ("environment != 'blue'", "never"),
        ("environment in ['green']", "never"),
        ("isSet('B')", "always"),
        ("isSet('C') || isSet('A')", "`A` is set"),
        ("C == 'x'", "never"),
        ("!(C == 'x')", "never"),
        ("N == 1 || true", "always"),
        ("D ? isSet('B') : isSet('C')", "`D` is true"),
        ("L.exists(x, x == 'a')", ""),
        ("nonsense ==", "never"),
    ],
)
def test_what_is_known_is_left_out(text, found):
    there, absent = frozenset("B"), frozenset("C")
    known = Settled(environment="blue", live=True, there=there, absent=absent)
    assert clause(understood(text, SPEC, known)) == found


def test_variables_that_hide_what_is_around_them_are_told_as_variables():
    spec = load_text({"assay": 1, "variables": {"environment": {}, "live": {}}}, "/")
    known = Settled(environment="blue", live=True)
    assert when(understood("environment == 'x'", spec, known)) == "if `environment` is `x`"


SHOP: dict[str, Any] = {
    "assay": 1,
    "imports": ["builtin:stripe", "builtin:supabase"],
    "environments": {
        "development": {"values": [{"dotenv": {"path": ".env.local", "dialect": "next"}}]},
        "production": {"live": True, "values": ["process"]},
    },
}
NEXT = {**SHOP, "variables": {"NEXT_PUBLIC_SUPABASE_URL": {"required": True}}}


def names(text: str) -> set[str]:
    lines = (line.removeprefix("# ") for line in text.splitlines())
    return {line.split("=")[0] for line in lines if line.endswith("=")}


def test_an_example_has_only_what_the_project_uses():
    text = specs.made(NEXT, "env-example")
    assert names(text) == {
        "NEXT_PUBLIC_SUPABASE_ANON_KEY",
        "NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY",
        "NEXT_PUBLIC_SUPABASE_URL",
        "STRIPE_SECRET_KEY",
    }
    assert "isSet" not in text
    assert "\nNEXT_PUBLIC_SUPABASE_URL=\n" in text, "no placeholder stands as a value"
    assert "Required: this or `NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY`." in text.replace("\n# ", " ")
    mentioned = {**NEXT["variables"], "STRIPE_WEBHOOK_SECRET": {}}
    assert "\n# STRIPE_WEBHOOK_SECRET=\n" in specs.made(
        {**NEXT, "variables": mentioned}, "env-example"
    )


def test_alternatives_are_one_task():
    text = specs.made(NEXT, "setup-guide", environment="development")
    task = text.split("- [ ] One of these:\n")[1]
    assert task.startswith("  - **`NEXT_PUBLIC_SUPABASE_ANON_KEY`**: ")
    assert "\n  - **`NEXT_PUBLIC_SUPABASE_PUBLISHABLE_KEY`**: " in task
    assert "`SUPABASE_URL`" not in text
    either = specs.made(SHOP, "setup-guide", environment="development")
    assert "- [ ] One of these, if `NEXT_PUBLIC_SUPABASE_URL` is set:" in either
    assert "- [ ] One of these, unless `NEXT_PUBLIC_SUPABASE_URL` is set:" in either


def test_what_is_left_out_is_listed_in_the_reference():
    text = specs.made(NEXT, "environment-reference")
    told = text.split("## Stripe")[1].split("\n## ")[0]
    assert "| `STRIPE_SECRET_KEY` (secret) |" in told
    assert "\nAlso understood, if set: `STRIPE_PUBLISHABLE_KEY`, " in told


def test_what_rules_leave_no_choice_of_is_a_task():
    data = {**SHOP, "imports": ["builtin:mpesa-daraja"]}
    live = specs.made(data, "setup-guide", environment="production")
    assert "**`MPESA_ENVIRONMENT`**" in live
    assert "- Set it to `production`." in live
    assert "*Only if `MPESA_ENVIRONMENT`" not in live
    laptop = specs.made(data, "setup-guide", environment="development")
    assert "- `MPESA_ENVIRONMENT`: " in laptop.split("## If you need them")[1]
    text = specs.made(data, "environment-reference")
    assert "| Optional. Must be `production` in production. |" in text


def test_what_is_never_looked_at_is_left_out():
    variables = {"A": {"when": "false"}, "B": {"when": "true"}, "C": {"when": "isSet('B')"}}
    data = {**specs.STORED, "variables": {**specs.STORED["variables"], **variables}}
    data["databases"] = {**data["databases"], "gone": {"sqlite": {"path": "x"}, "when": "false"}}
    example, text = specs.made(data, "env-example"), specs.made(data, "environment-reference")
    assert {"B", "C"} <= names(example)
    assert "A" not in names(example)
    assert "false" not in text.split("## Databases")[1].split("## Tables")[0]
    assert "`gone`" not in text


@pytest.mark.parametrize(
    ("obtain", "place"),
    [
        ("Stripe dashboard, Developers", "Stripe dashboard"),
        ("the vault, entry billing", "Vault"),
        ("developer.example.org, My Apps", "developer.example.org"),
        ("the address of the deployment", "Your own choice"),
        ("`openssl rand -hex 32`", "On your machine"),
        ("x" * 61, "Your own choice"),
        ("", "Your own choice"),
    ],
)
def test_a_guide_is_grouped_by_where_one_signs_in(obtain, place):
    data = {"assay": 1, "variables": {"NAME": {"obtain": obtain}}}
    assert f"## 2. {place}\n\n- [ ] **`NAME`**" in specs.made(data, "setup-guide")
