"""Conditions are no oracle: what they may ask of a secret can't spell it out."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from assay.spec.syntax import Call, tree

VARIABLES = """\
variables:
  KEY: {secret: true}
  OTHER: {secret: true, required: false}
  TOKEN: {type: stripe-key, required: false}
  PIN: {type: integer, secret: true, required: false}
  ON: {type: boolean, secret: true, required: false}
  KEYS: {type: list, secret: true, required: false}
  OPEN: {required: false}
  FIXED: {default: hunter2}
"""
VALUE = "hunter2-vR7mQ2xK9pL4"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"


def linted(project, conditions: dict[str, str], more: str = "") -> list[dict[str, Any]]:
    """What lint says of rules that assert conditions."""
    rules = {name: {"assert": c, "message": "m"} for name, c in conditions.items()}
    project.spec(f"{VARIABLES}{more}rules: {json.dumps(rules, ensure_ascii=False)}\n")
    found: list[dict[str, Any]] = json.loads(project.run("lint", "--format", "json").out)[
        "findings"
    ]
    return found


def test_rules_can_not_spell_a_secret_out(project):
    guesses = {
        f"r{at}-{ord(letter)}": f"size(KEY) <= {at} || KEY.charAt({at}) != '{letter}'"
        for at in range(3)
        for letter in LETTERS
    }
    linted(project, guesses)
    project.env(f"KEY={VALUE}\n")
    ran = project.run("check")
    assert ran.code == 2
    assert "rule-violated" not in ran.said
    assert re.findall(r"error\[(.+?)\]", ran.said) == ["spec-reveals-secret"]
    assert f"\n{len(guesses)} errors\n" in ran.said


@pytest.mark.parametrize(
    "condition",
    [
        "KEY.startsWith('a')",
        "KEY == 'hunter2'",
        "'hunter2' != KEY",
        "KEY in ['a', 'b']",
        "KEY == FIXED",
        "FIXED != KEY",
        "KEY == environment",
        "ON == live",
        "KEY < 'm'",
        "KEY < OPEN",
        "KEY.matches('^a')",
        "KEY.charAt(0) == OPEN",
        "KEY.substring(0, 1) == OPEN.substring(0, 1)",
        "KEY + 'a' == OPEN",
        "OPEN == KEY + ''",
        "KEY.lowerAscii() == OPEN",
        "KEY.split('a').size() > 1",
        "KEY.indexOf('a') >= 0",
        "size(KEY) == 12",
        "12 != size(KEY)",
        "size(KEY) % 2 == 0",
        "size(KEY + OPEN) >= 3",
        "size(KEY) > size(OPEN)",
        "size(KEY) >= 1 + 2",
        "size(KEY.split('a')) >= 2",
        "bytes(KEY) == b'a'",
        "dyn(KEY) == 'a'",
        "string(PIN) == OPEN",
        "PIN % 2 == 0",
        "PIN > 5",
        "PIN == 5",
        "-PIN == 5",
        "ON",
        "!ON",
        "ON && isSet('KEY')",
        "ON == true",
        "KEYS[0] == OPEN",
        "'a' in KEYS",
        "KEYS.exists(k, k == 'a')",
        "KEYS.all(k, k.startsWith('a'))",
        "KEYS.map(k, k + 'a') == KEYS",
        "['a', 'b'].exists(g, g == KEY)",
        "['a', 'b'].exists(OPEN, OPEN == KEY)",
        "['a', 'b'].exists(KEY, .KEY == KEY)",
        "['a'].exists_one(OPEN, KEY == OPEN)",
        "(OPEN == 'x' ? KEY : OTHER) == OPEN",
        "{'a': KEY}.a == OPEN",
        "has({'a': 1}.a) && {KEY: 1}.size() == 1 && 'a' in {KEY: 1}",
        "[KEY] == ['a']",
        "[KEY, 'a'][0] == OPEN",
        "OPEN.startsWith(KEY)",
        "isSet(KEY + '')",
        "isSet(true ? KEY : OTHER)",
        "['a'].exists(OPEN, isSet(KEY + OPEN))",
        "TOKEN.contains('_live_')",
        "isSet('TOKEN') && (OPEN == 'é😀' || TOKEN.startsWith('sk'))",
        "type(KEY) == string",
    ],
)
def test_a_condition_that_looks_into_a_secret_is_refused(project, condition):
    found = linted(project, {"r": condition})
    assert {f["rule"] for f in found} == {"spec-reveals-secret"}


@pytest.mark.parametrize(
    "condition", ["isSet(KEY)", "['a'].exists(OPEN, isSet(KEY))", "isSet(KEY) || KEY < 'm'"]
)
def test_a_secret_without_the_quotes_that_is_set_takes_is_refused(project, condition):
    found = linted(project, {"r": condition})
    assert [(f["rule"], f["remedy"]) for f in found] == [
        ("spec-condition", "Write `isSet('KEY')`.")
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "isSet('KEY')",
        "isSet('KEY') == isSet('OTHER')",
        "KEY != OTHER",
        "KEY == OPEN",
        "(KEY) != (OTHER)",
        "KEYS != KEYS || PIN == PIN",
        "!(KEY == OTHER) && size(KEY) >= 16",
        "KEY.size() < 200",
        "32 <= size(KEY) && size(KEYS) > 1",
        "isSet('OTHER') ? KEY != OTHER : true",
        "['a', 'b'].all(x, x == 'a' || KEY != OTHER)",
        "OPEN.startsWith('KEY')",
        "['a'].exists(KEY, KEY == OPEN)",
        "FIXED == 'x' && environment != 'ci' && !live",
    ],
)
def test_a_condition_that_gives_nothing_away_is_accepted(project, condition):
    assert linted(project, {"r": condition}) == []


def test_bounds_do_not_find_a_length_out(project):
    found = linted(project, {f"r{n}": f"size(KEY) >= {n}" for n in range(1, 65)})
    assert len(found) == 60
    same = ("size(KEY) >= 8", "!(size(KEY) < 8)", "7 < size(KEY)", "!(KEY.size() <= 7)")
    assert linted(project, {f"r{n}": same[n % 4] for n in range(20)}) == []


def test_a_pin_is_not_found_out_by_comparing_it_with_all_of_them(project):
    guesses = [f"G{n:04}" for n in range(40)]
    more = "".join(f"  {name}: {{required: false}}\n" for name in guesses)
    found = linted(
        project,
        {f"r{name}": f"PIN_CODE != {name}" for name in guesses},
        more.replace("  G0000", "  PIN_CODE: {secret: true, required: false}\n  G0000", 1),
    )
    assert [f["rule"] for f in found] == ["spec-reveals-secret"] * 24
    assert "more than 16 variables" in found[0]["message"]


@pytest.mark.parametrize(
    "more",
    [
        "  V: {required: KEY.startsWith('a')}\n",
        "  V: {when: KEY.startsWith('a')}\n",
        "databases: {d: {sqlite: {path: x.db}, when: KEY.startsWith('a')}}\n",
        (
            "databases: {d: {sqlite: {path: x.db}}}\n"
            "tables: {t: {columns: {a: text}, when: KEY.startsWith('a')}}\n"
        ),
    ],
)
def test_no_other_condition_looks_into_a_secret(project, more):
    found = linted(project, {}, more)
    assert [f["rule"] for f in found] == ["spec-reveals-secret"]
    assert "reveals" not in found[0]["remedy"]


def test_a_rule_that_says_so_may_look(project):
    project.spec(
        f"{VARIABLES}rules:\n"
        "  r: {reveals: true, when: size(KEY) > 3, assert: KEY.startsWith('sk_'), message: m}\n"
    )
    project.env(f"KEY={VALUE}\n")
    ran = project.run("check")
    assert "rule-violated" in ran.said
    assert VALUE not in ran.said


def test_what_an_import_reveals_is_not_passed_on_to_another_condition(project):
    project.write(
        "shared.yaml",
        "assay: 1\nvariables: {KEY: {secret: true}}\n"
        "rules: {r: {reveals: true, assert: KEY.startsWith('sk_'), message: m}}\n",
    )
    own = "{assert: KEY.startsWith('sk_a'), loosens: [assert]}"
    project.spec(f"imports: [../shared.yaml]\nrules: {{r: {own}}}\n")
    assert "spec-reveals-secret" in project.run("lint").said
    project.spec("imports: [../shared.yaml]\nrules: {r: {severity: error}}\n")
    assert project.run("lint").code == 0


@pytest.mark.parametrize("cut", [1, 7, 60, 90])
def test_a_tree_that_is_not_understood_is_never_taken_for_harmless(cut):
    from cel_expr_python import cel

    env = cel.NewEnv(variables={"KEY": cel.Type.STRING})
    serialized = env.compile("KEY.startsWith('a') && size({'a': 1.5, b'b': 2u}) > 0").serialize()
    whole = tree(serialized)
    assert isinstance(whole, Call)
    assert whole.function == "_&&_"
    with pytest.raises(ValueError, match="CEL"):
        tree(serialized[:-cut])


@pytest.mark.parametrize(
    "checked",
    [b"", b"\x2a\x00\x22\x02\x5a\x00", b"\x2a\x00\x23", b"\x2a\x00\x22\x04\x22\x02\x12\x00"],
    ids=["nothing", "another sort of expression", "another wire type", "a name without its text"],
)
def test_what_another_version_of_cel_would_write_is_refused(checked):
    with pytest.raises(ValueError, match="CEL"):
        tree(b"\x12" + bytes([len(checked)]) + checked)


def test_credentials_do_not_spell_out_what_a_column_holds(project):
    def spec(patterns: list[str]) -> str:
        columns = {"id": {"type": "integer", "primary-key": True}, "key_enc": "text"}
        tables = {"t": {"columns": columns}, "again": {"columns": columns, "name": "t"}}
        entries = {
            f"c{at}": {
                "table": ("t", "again")[at % 2],
                "key": "k",
                "columns": {
                    "key_enc": {
                        "envelope": "fernet",
                        "plaintext": {"type": "text", "pattern": pattern},
                    }
                },
            }
            for at, pattern in enumerate(patterns)
        }
        return (
            "variables: {KEY: {secret: true}}\n"
            "keys: {k: {variable: KEY, cipher: fernet, encoding: base64url}}\n"
            "databases: {d: {sqlite: {path: a.db}}}\n"
            f"tables: {json.dumps(tables)}\ncredentials: {json.dumps(entries)}\n"
        )

    project.spec(spec([f"{letter}.*" for letter in "abcdefghij"]))
    ran = project.run("lint")
    assert ran.code == 2
    assert ran.said.count("other types of key_enc already") == 6
    project.spec(spec(["a.*", "b.*"] * 5))
    assert project.run("lint").code == 0


def spelling(length: int, letters: str, then: dict[str, Any] | bool) -> dict[str, Any]:
    """A schema that takes another branch for each letter at each place."""
    for at in reversed(range(length)):
        then = {
            "allOf": [{"if": {"pattern": f"^.{{{at}}}{c}"}, "then": then} for c in letters],
        }
    assert isinstance(then, dict)
    return then


@pytest.mark.parametrize(
    ("around", "place"),
    [
        (lambda schema: {"properties": {"k": schema}}, "properties/k/allOf"),
        (lambda schema: {"additionalProperties": schema}, "additionalProperties/allOf"),
        (lambda schema: {"patternProperties": {".": schema}}, "patternProperties"),
        (
            lambda schema: {"properties": {"k": {"$ref": "#/$defs/a"}}, "$defs": {"a": schema}},
            "properties/k/allOf",
        ),
        (lambda schema: {"properties": {"k": {"oneOf": [schema, False]}}}, "properties/k/oneOf"),
    ],
)
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_schema_does_not_spell_a_secret(project, around, place, kind):
    schema = around(spelling(4, "abz", then=False))
    said = set()
    for value in ("azab", "bzza"):
        declared = {"type": kind, "secret": True, "schema": schema}
        project.spec(json.dumps({"assay": 1, "variables": {"S": declared}}).encode())
        project.env(f"S='{json.dumps({'k': value})}'\n")
        finding = json.loads(project.run("check", "--format", "json").out)["findings"][0]
        assert finding["message"] == f"S does not satisfy its schema at {place}"
        said.add((finding["message"], finding["remedy"]))
    assert len(said) == 1


def test_the_place_in_a_schema_is_told_as_far_as_a_document_has_only_one_way(project):
    schema = {"properties": {"a": {"items": {"properties": {"port": {"maximum": 5}}}}}}
    declared = {"type": "json", "secret": True, "schema": schema}
    project.spec(json.dumps({"assay": 1, "variables": {"S": declared}}).encode())
    project.env('S=\'{"a": [{"port": 9}]}\'\n')
    ran = project.run("check", "--format", "json")
    assert "at properties/a/items/properties/port/maximum" in ran.out
