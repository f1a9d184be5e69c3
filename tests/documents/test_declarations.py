"""Declarations, judged by those who read them: tsc, mypy, ruff, Python itself, jsonschema."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from hypothesis import Phase, given, settings
from tests.documents import specs
from tests.formats.tables import CASES
from tests.formats.tables.case import load

from assay.documents import DOCUMENTS
from assay.formats.numbers import Port

ROOT = Path(__file__).parents[2]
GOOD = {
    "MODE": "live",
    "API_KEY": "k",
    "RATIO": "0.25",
    "DEBUG": "Yes",
    "HOSTS": "x, y",
    "TOKEN": "00" * 16,
    "FLAG": "off",
    "class": "c",
}


@pytest.fixture(scope="module")
def tsc() -> list[str]:
    peers = Path(os.environ.get("ASSAY_PEERS") or ROOT / ".peers").absolute() / "node_modules"
    node = shutil.which("node")
    if node is None or not (peers / "typescript").is_dir():
        if os.environ.get("CI"):
            pytest.fail("a peer is missing: run `make peers`", pytrace=False)
        pytest.skip("run `make peers`")
    # TypeScript's and Node's own declarations take seconds, and are not what is judged
    options = ["--noEmit", "--strict", "--skipLibCheck"]
    options += ["--types", "node", "--typeRoots", str(peers / "@types")]
    modern = ["--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"]
    return [node, str(peers / "typescript" / "bin" / "tsc"), *options, *modern]


def compiled(tsc: list[str], folder: Path) -> str:
    """What the compiler says of the folder's files, sorted."""
    files = sorted(str(file) for file in folder.glob("*.ts"))
    done = subprocess.run(
        [*tsc, *files], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    return done.stdout + done.stderr


USE = """\
const mode: "test" | "live" = process.env.MODE;
const key: string = process.env.API_KEY ?? "";
const on: "on" | "off" | undefined = process.env.FLAG;
const port: string | undefined = process.env.PORT;
const odd: string | undefined = process.env["my.name"];
const pin: string | undefined = process.env.PIN;
process.env.MODE = "test";
"""
MISUSE = """\
process.env.MODE = "prod";
const door: string = process.env.PORT;
"""


def test_typescript_knows_the_types_of_the_variables(tsc, tmp_path):
    (tmp_path / "env.d.ts").write_text(specs.made(specs.FULL, "typescript"))
    (tmp_path / "use.ts").write_text(USE)
    (tmp_path / "misuse.ts").write_text(MISUSE)
    said = compiled(tsc, tmp_path)
    assert "misuse.ts(1,1): error TS2322: Type '\"prod\"' is not assignable" in said
    assert "misuse.ts(2,7): error TS2322: Type 'string | undefined' is not assignable" in said
    assert said.count("error") == 2


def test_typescript_marks_what_is_deprecated():
    text = specs.made(specs.FULL, "typescript", only=("OLD*",))
    assert "* @deprecated Remove it. API_KEY replaces it." in text
    assert "* @deprecated Remove it.\n" in text


def test_import_meta_has_the_variables_where_that_is_asked_for(tsc, tmp_path):
    text = specs.made(
        specs.FULL, "typescript", interfaces=("ImportMetaEnv", "ProcessEnv"), only=("MODE",)
    )
    assert "  readonly MODE: " in text
    (tmp_path / "env.d.ts").write_text(text)
    (tmp_path / "use.ts").write_text(
        "export const a: string = import.meta.env.MODE;\nexport const b = process.env.MODE;\n"
    )
    assert compiled(tsc, tmp_path) == ""
    alone = specs.made(specs.FULL, "typescript", interfaces=("ImportMetaEnv",), only=("MODE",))
    assert "ProcessEnv" not in alone


def test_no_text_breaks_out_of_a_comment_of_typescript(tsc, tmp_path):
    texts = [specs.made(specs.FULL, "typescript")]

    @settings(phases=[Phase.generate], max_examples=40, database=None)
    @given(specs.hostile())
    def collect(data):
        texts.append(specs.made(data, "typescript"))

    collect()
    for number, text in enumerate(texts):
        inside = text.replace("declare namespace NodeJS", f"export namespace N{number}")
        (tmp_path / f"env{number}.ts").write_text(inside)  # so that it is checked itself
    assert compiled(tsc, tmp_path) == ""


def module_of(text: str) -> ModuleType:
    made = ModuleType("settings")
    sys.modules["settings"] = made  # dataclasses look there
    exec(compile(text, "settings.py", "exec", dont_inherit=True), made.__dict__)
    return made


def test_python_reads_the_environment_into_types():
    module = module_of(specs.made(specs.FULL, "python"))
    made = module.Settings.from_environ({**GOOD, "PORT": "8080", "NOTE": ""})
    assert (made.mode, made.port, made.ratio, made.debug) == ("live", 8080, 0.25, True)
    assert (made.hosts, made.flag, made.variable_1st, made.class_2) == (
        ("x", "y"),
        False,
        None,
        "c",
    )
    assert (made.note, made.my_name, made.old) == ("", "", None)
    again = module.Settings.from_environ(
        {k: v for k, v in GOOD.items() if k not in ("DEBUG", "HOSTS")}
    )
    assert (again.port, again.debug, again.hosts) == (3000, False, ("a", "b"))


def test_python_names_all_that_is_wrong_and_shows_no_value(monkeypatch):
    module = module_of(specs.made(specs.FULL, "python", class_name="Shop"))
    bad = {
        "MODE": "leve",
        "PORT": "http",
        "DEBUG": "maybe",
        "FLAG": "yes",
        "RATIO": "0,5",
        "API_KEY": "k",
    }
    with pytest.raises(ValueError, match="MODE is not one of test, live") as failure:
        module.Shop.from_environ(bad)
    error: Any = failure.value
    assert error.problems == [
        "MODE is not one of test, live",
        "PORT is not an integer",
        "RATIO is not a number",
        "DEBUG is neither true nor false",
        "FLAG is neither true nor false",
    ]
    assert module.ShopError.__mro__[1] is ValueError
    monkeypatch.delenv("MODE", raising=False)
    with pytest.raises(module.ShopError, match="MODE is not set"):
        module.Shop.from_environ()


def test_python_keeps_secrets_out_of_its_repr():
    module = module_of(specs.made(specs.FULL, "python"))
    shown = repr(module.Settings.from_environ(GOOD))
    assert "mode='live'" in shown
    assert "api_key" not in shown
    assert "token" not in shown


def judged(folder: Path) -> str:
    """What mypy and ruff say of a folder."""
    python = [sys.executable, "-m"]
    typed = ["mypy", "--strict", "--no-incremental", "--config-file", os.devnull, str(folder)]
    checked = ["ruff", "check", "--isolated", "--no-cache", str(folder)]
    said = ""
    for command in (typed, checked):
        done = subprocess.run([*python, *command], capture_output=True, text=True, check=False)
        said += "" if done.returncode == 0 else done.stdout + done.stderr
    return said


def test_python_is_accepted_by_mypy_and_ruff_whatever_the_texts_are(tmp_path):
    texts = [specs.made(specs.FULL, "python"), specs.made({"assay": 1, "variables": {}}, "python")]

    @settings(phases=[Phase.generate], max_examples=25, database=None)
    @given(specs.hostile())
    def collect(data):
        texts.append(specs.made(data, "python"))

    collect()
    for number, text in enumerate(texts):
        (tmp_path / f"settings{number}.py").write_text(text)
        compile(text, "settings.py", "exec")
    assert judged(tmp_path) == ""


def schema_of(data: dict[str, object], **parameters: Any) -> jsonschema.Draft202012Validator:
    schema = json.loads(specs.made(data, "json-schema", **parameters))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("change", [{}, {"PORT": ""}, {"OTHER": "x"}, {"CASE": "A.B"}])
def test_a_schema_accepts_good_environments(change):
    assert schema_of(specs.FULL).is_valid({**GOOD, **change})


@pytest.mark.parametrize(
    "change",
    [
        {"MODE": "prod"},
        {"MODE": ""},
        {"PORT": "99999"},
        {"PORT": 80},
        {"DEBUG": "maybe"},
        {"FLAG": "true"},
        {"TOKEN": "xyz"},
        {"CASE": "axb"},
        {"CALLBACK": "example.com"},
        {"NOTE": "TOO BIG"},
        {"NOTE": "a" * 10},
        {"MODE": None},
    ],
)
def test_a_schema_refuses_bad_environments(change):
    assert not schema_of(specs.FULL).is_valid({**GOOD, **change})
    left = {name: value for name, value in GOOD.items() if name != "MODE"}
    assert not schema_of(specs.FULL).is_valid(left)


def test_a_schema_refuses_no_good_value_of_any_type():
    refused = []
    for case in CASES:
        shape = {"type": "string", **load(case.given).value_schema()}
        validator = jsonschema.Draft202012Validator(shape)
        refused += [
            (case.given, v) for v in case.good if len(v) < 5000 and not validator.is_valid(v)
        ]
    assert refused == []


def test_a_schema_refuses_many_bad_values():
    """Not all of them: what a checksum tells, no pattern can."""
    counted = {True: 0, False: 0}
    for case in CASES:
        if shape := load(case.given).value_schema():
            validator = jsonschema.Draft202012Validator(shape)
            for value, _ in case.bad:
                counted[len(value) < 5000 and validator.is_valid(value)] += 1
    assert counted[False] > counted[True]


def test_a_schema_tells_ports_apart_as_the_format_does():
    rng = random.Random(7)
    port = jsonschema.Draft202012Validator(Port().value_schema())
    for number in [0, 1, 9, 65535, 65536, 70000, *(rng.randrange(10**5) for _ in range(500))]:
        assert port.is_valid(str(number)) == (1 <= number <= 65535)


def test_declarations_never_list_a_secret():
    for kind in ("typescript", "python", "json-schema", "env-example"):
        assert specs.SECRET not in specs.made(specs.FULL, kind)


@pytest.mark.parametrize("kind", sorted(DOCUMENTS))
@pytest.mark.parametrize("field", ["default", "example"])
def test_what_check_would_hide_no_document_shows(kind, field):
    shown = {
        "URLP": {"type": "url", field: "https://u:zq9urldef@h/"},
        "HOOK": {"type": "url", field: "https://a.test/?access_token=zq9urldef"},
        "TOK": {field: "sk_live_zq9urldef"},
    }
    text = specs.made({**specs.FULL, "variables": {**specs.FULL["variables"], **shown}}, kind)
    assert "zq9urldef" not in text
    if kind == "environment-reference" and field == "default":
        assert text.count("Its default is secret.") >= len(shown)
