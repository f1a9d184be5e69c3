"""Every verdict of the schema is put in words of ours, with what to write."""

from __future__ import annotations

import json

import pytest

from assay.errors import SpecError
from assay.spec.explain import shape_problems
from assay.spec.loader import load_text
from assay.spec.yaml_text import read_yaml


def told(text: str) -> list[tuple[str, str]]:
    """The messages and remedies about a spec."""
    with pytest.raises(SpecError) as caught:
        load_text(f"assay: 1\n{text}\n".encode(), "/nowhere")
    return [(problem.message, problem.remedy) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("field", "message", "remedy"),
    [
        ("type: hex\n    bytes: 0", "must be at least 1", "Write 1 or more."),
        ("type: hex\n    bytes: 70000", "must be at most 65536", "Write 65536 or less."),
        ("type: enum\n    options: []", "must be non-empty", "Fill in"),
        (
            "rotate-every: 5x",
            "must be days, weeks, months or years",
            "Write it like `rotate-every: 90d`.",
        ),
        ("secret: 1", "must be true or false", "Write true or false"),
        ("description: 1", "must be text, not an integer", "Put the value in quotes."),
        ("description: 1.5", "must be text, not a number", "Put the value in quotes."),
        ("description: true", "must be text, not true", "Put the value in quotes."),
        ("description: [a]", "must be text, not a list", "Write `description: '[...]'`"),
        ("description: {a: b}", "must be text, not a mapping", "Write `description: '{...}'`"),
        ("description:", "must be text, not nothing", "Write text, or remove `description`."),
        ("secret: y", "must be true or false", "Write `secret: true`: in YAML 1.2 `y`"),
        ("secret: No", "must be true or false", "Write `secret: false`: in YAML 1.2 `No`"),
        ("only-in: dev", "must be a list, not text", "Write `only-in: [dev]`."),
        ("type: [text]", "type must be", "Write "),
    ],
)
def test_a_field_of_a_variable(field, message, remedy):
    [(said, step)] = told(f"variables:\n  A:\n    {field}")
    assert message in said
    assert remedy in step


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("111111111111", "Put the value in quotes."),
        ("{production: 111111111111}", "Put the value in quotes."),
        ("000000000000", "Write '000000000000' in quotes"),
        ("12345", "in quotes"),
    ],
)
def test_a_check_value_that_yaml_takes_for_a_number(written, remedy):
    found = told(
        "environments: {production: {values: [process]}}\nvariables: {K: {secret: true}}\n"
        "keys: {k: {variable: K, cipher: aes-256-gcm, encoding: hex, "
        f"check-value: {written}}}}}"
    )
    assert any(remedy in step for _, step in found), found
    assert not any("``" in step for _, step in found)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("environments: {d: {values: [3]}}", "environments.d.values[0] must be"),
        ("environments: {d: {values: [[]]}}", "environments.d.values[0] must be"),
        ("environments: {d: {values: [{}]}}", "environments.d.values[0] must be"),
        ("environments: {d: {values: [{dotenv: 3}]}}", "environments.d.values[0]"),
        ("environments: {d: {values: [{dotenv: x, process: }]}}", "environments.d.values[0]"),
        ("undeclared: 3", "undeclared must be `ignore`, `warn`, `fail` or a mapping"),
        ("undeclared: {default: x}", "undeclared.default must be one of ignore, warn, fail"),
        ("undeclared: {prefixes: {A: x}}", "undeclared.prefixes.A must be one of ignore, warn"),
        ("waivers: {}", "waivers must be a list, not a mapping"),
        ("imports: ['']", "imports[0] must be non-empty"),
    ],
)
def test_a_part_of_the_spec(text, message):
    assert any(message in said for said, _ in told(text)), told(text)


def test_what_only_the_types_refuse_is_told_in_their_words():
    tree = read_yaml("assay: 1\n", "a.yaml")
    [found] = shape_problems(tree.data, tree.places, "a.yaml", "Expected something else")
    assert found.message == "the spec must be as the schema describes"
    assert found.remedy == "Expected something else."


def test_all_mistakes_of_a_file_are_told_in_the_order_of_the_file():
    lines = [f"  V{number}: {{tpye: x}}" for number in range(30)]
    found = told("variables:\n" + "\n".join(lines))
    assert len(found) == 30
    assert json.dumps(found).index("V0") < json.dumps(found).index("V29")


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        (
            "environments: {dev: {values: [.env]}}",
            "environments.dev.values[0] must be `process` or `dotenv: PATH`: did you mean "  # noqa: ISC004
            "dotenv: .env?",
            "Write `{dotenv: .env}`.",
        ),
        (
            "environments: {dev: {values: [proces]}}",
            "environments.dev.values[0] must be `process` or `dotenv: PATH`: did you mean process?",
            "Write `process`.",
        ),
        (
            "variables: {PORT: port}",
            "variables.PORT must be a mapping, not text",
            "Write `PORT: {type: port}`.",
        ),
        (
            "variables: {PORT: 80}",
            "variables.PORT must be a mapping, not an integer",
            "Write `PORT: {type: port, default: 80}`.",
        ),
        (
            "waivers: [1]",
            "waivers[0] must be a mapping, not an integer",
            "Write a mapping, such as `{rule: ..., subject: ..., reason: ...}`.",
        ),
        (
            "rules: {r: [1]}",
            "rules.r must be a mapping, not a list",
            'Write `r: {assert: CONDITION, message: "..."}`.',
        ),
        (
            "variables: {A: {type: blabla}}",
            "variables.A.type must be a value type",
            "Use a value type such as text, integer or url; `assay schema` lists them all.",
        ),
        (
            "variables: {A: {required: 5}}",
            "variables.A.required must be true or false, or text, not an integer",
            "Put the value in quotes.",
        ),
        (
            "variables: {A: {default: {}}}",
            "variables.A.default must be text, a number, or true or false, not a mapping",
            "Write `default: '{...}'`: without quotes, `{` begins a mapping in YAML.",
        ),
        (
            "variables: {A: {type: integer, minimum: 30, maximum: 5}}",
            "minimum (30) is greater than maximum (5), so no value is valid",
            "Lower minimum or raise maximum.",
        ),
        (
            "variables: {A: {type: text, min-length: 9, max-length: 5}}",
            "min-length (9) is greater than max-length (5), so no text is valid",
            "Lower min-length or raise max-length.",
        ),
        (
            "variables: {A: {type: port, default: abc}}",
            "the default is not a port number: expected 1 to 65535",
            "Change the default, or leave it out.",
        ),
        (
            "variables: {A: {type: enum, options: [a], default: b}}",
            "the default is not one of the options: expected a",
            "Change the default, or leave it out.",
        ),
        (
            "variables: {A: {type: hex, default: xyz}}",
            "the default contains a character that is not a hex digit: expected 0-9 and a-f",
            "Change the default, or leave it out.",
        ),
        (
            "variables: {A: {deprecated: A}}",
            "deprecated: a variable can't be replaced by itself",
            "Write `deprecated: true`, or the name of the variable that replaces it.",
        ),
    ],
)
def test_a_mistake_is_put_in_plain_words(text, message, remedy):
    assert (message, remedy) in told(text)


@pytest.mark.parametrize("place", ["", "variables: {A: {"])
def test_a_line_of_a_dotenv_file_that_was_pasted_shows_no_value(place):
    text = f"{place}\"export TOKEN='lantern-velvet-otter'\": 1{'}}' if place else ''}"
    [(message, _)] = told(text)
    assert message.startswith("export TOKEN=•••••• is not a field of ")


@pytest.mark.parametrize("text", ["!isSet('B') && A", '!isSet("B")', "!(A && B)"])
def test_a_condition_that_yaml_takes_for_a_tag_must_be_quoted(text):
    with pytest.raises(SpecError) as caught:
        load_text(f"assay: 1\nrules:\n  r:\n    assert: {text}\n".encode(), "/nowhere")
    [problem] = caught.value.problems
    assert problem.message == "invalid YAML: a value that begins with `!` is a YAML tag"
    assert problem.remedy == "Put the value in quotes, such as \"!isSet('DEBUG')\"."
    assert problem.location is not None
    assert (problem.location.line, problem.location.column) == (4, 13)


def test_a_tag_that_yaml_can_read_is_explained_too():
    assert (
        "the YAML tag !A has no meaning in a spec",
        "Put the value in quotes, such as \"!isSet('DEBUG')\".",
    ) in told("variables: {A: {type: boolean}}\nrules: {r: {assert: !A, message: m}}")


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ("variables: {PORT: prot}", "Write `PORT: {type: port}`."),
        ("variables: {HOST: localhost}", "Write `HOST: {type: text}`."),
        ("environments: {d: {values: procces}}", "Write `values: [process]`."),
        ("environments: {d: {values: [{file: .env}]}}", "Write `{dotenv: .env}`."),
        ("environments: {d: {values: [{env_file: a/.env.ci}]}}", "Write `{dotenv: a/.env.ci}`."),
        (
            "environments: {d: {values: {process: , dotenv: .env}}}",
            "Write `values: [process, {dotenv: .env}]`.",
        ),
        (
            "environments: {d: {values: {dotenv: {path: .env.local, optional: true}}}}",
            "Write `values: [{dotenv: {path: .env.local, optional: true}}]`.",
        ),
        (
            "environments: {d: {values: {dotenv: [.env, .env.local]}}}",
            "Write `values: [{dotenv: .env}, {dotenv: .env.local}]`.",
        ),
        (
            "environments: {d: {values: {compose: {path: c.yaml, service: web}}}}",
            "Write `values: [{compose: {path: c.yaml, service: web}}]`.",
        ),
    ],
)
def test_a_short_form_is_answered_with_the_line_to_write(written, step):
    ((_, remedy),) = told(written)
    assert remedy == step
    fixed = step.removeprefix("Write `").removesuffix("`.")
    if written.startswith("variables"):
        text = f"variables: {{{fixed}}}"
    else:
        inner = fixed if fixed.startswith("values") else f"values: [{fixed}]"
        text = f"variables: {{A: }}\nenvironments: {{d: {{{inner}}}}}"
    assert load_text(f"assay: 1\n{text}\n".encode(), "/nowhere").environments
