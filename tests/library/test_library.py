"""Each spec of the library is one that a team would import: told in full, tested, combinable."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from assay.kinds.key.entries import keyed
from assay.spec.files import library
from assay.spec.loader import load_spec

if TYPE_CHECKING:
    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec

SPECS = Path(__file__).parents[2] / "specs"
NAMES = library()
ALTERNATIVES = [("authjs", "next-auth"), ("mysql", "postgres")]
"""Specs that say different things of the same variable, because nobody needs both."""
NAMED_BY_PEOPLE = ("email", "hostname", "text", "url")
"""Types whose own example says nothing of what the variable is for."""
CLEAN = "findings: []"


def spec_of(name: str) -> Spec:
    return load_spec(str(SPECS / f"{name}.yaml"))


def own(name: str) -> dict[str, Any]:
    """The variables that a spec itself declares, as YAML."""
    data = yaml.safe_load((SPECS / f"{name}.yaml").read_text(encoding="utf-8"))
    return dict(data["variables"])


def fixtures_of(name: str) -> list[dict[str, Any]]:
    data = yaml.safe_load((SPECS / "tests" / f"{name}.yaml").read_text(encoding="utf-8"))
    return list(data["tests"])


def variables(names: list[str]) -> list[tuple[str, Declared]]:
    """Every variable that specs of the library declare, once, by its name."""
    found = {n: e.declared for name in names for n, e in spec_of(name).variables.items()}
    return list(found.items())


def everything() -> list[tuple[str, Declared]]:
    """Every variable of the library, once, with the spec that declares it last."""
    return [
        (name, entry.declared)
        for name in NAMES
        for variable, entry in spec_of(name).variables.items()
        if variable in own(name)
    ]


def test_the_library_has_what_teams_use():
    expected = {"supabase", "mpesa-daraja", "vercel", "nextjs", "postgres", "redis", "smtp", "aws"}
    expected |= {"stripe", "sentry", "django", "rails", "auth0", "twilio", "openai"}
    assert expected <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_spec_tells_what_it_is_and_where_that_is_written(name):
    text = (SPECS / f"{name}.yaml").read_text(encoding="utf-8")
    spec = spec_of(name)
    assert spec.description.endswith(".")
    assert f"imports: [builtin:{name}" in text
    if name != "database":  # a name that no vendor has written down
        assert re.search(r"^#.*[a-z0-9-]+[.][a-z]{2,}", text, re.MULTILINE)
    assert "environments" not in yaml.safe_load(text), "they belong to the importing spec"


def test_a_variable_is_told_in_full():
    short: list[str] = []
    for name, declared in everything():
        variable, where = declared.variable, f"{name}: {declared.name}"
        if not variable.description.endswith(".") or not variable.group:
            short.append(f"{where} lacks a description or a group")
        asked_for = variable.required is not False and declared.default is None
        if (declared.secret or asked_for) and not (variable.obtain or variable.example is not None):
            short.append(f"{where} does not say where to get it")
        if declared.secret and not variable.obtain:
            short.append(f"{where} is a secret of nowhere")
        plain = declared.format.tag() in NAMED_BY_PEOPLE
        if not declared.secret and plain and variable.example is None and declared.default is None:
            short.append(f"{where} has no example")
    assert short == []


def test_an_example_is_a_good_value_and_no_secret():
    for name, declared in everything():
        if declared.example is not None:
            assert not declared.secret, f"{name}: {declared.name}"
            found = [v.rule.code for v in declared.format.violations(declared.example)]
            assert found == [], f"{name}: {declared.name}"


def test_a_secret_is_guarded_by_its_form():
    """Every secret has a type, a pattern or a length, or is a key or a password people choose."""
    free = []
    for name, declared in everything():
        form: Any = declared.format
        if declared.secret and form.tag() == "text" and declared.name not in keyed(spec_of(name)):
            limits = (form.pattern, form.min_length)
            if limits == (None, None):
                free.append(f"{name}: {declared.name}")
    chosen = ("PASS", "PASSWORD", "_URL", "_TOKEN", "_AUTH", "_KEYS")
    assert [f for f in free if not f.endswith(chosen)] == []


def test_no_name_is_declared_by_two_specs_that_belong_together():
    owners: dict[str, list[str]] = {}
    for name in NAMES:
        for variable in own(name):
            owners.setdefault(variable, []).append(name)
    for variable, names in owners.items():
        for pair in combinations(names, 2):
            narrowed = any(set(pair) <= {n, *imported(n)} for n in pair)
            assert narrowed or pair in ALTERNATIVES, f"{variable}: {pair}"


def imported(name: str) -> set[str]:
    data = yaml.safe_load((SPECS / f"{name}.yaml").read_text(encoding="utf-8"))
    found = {text.removeprefix("builtin:") for text in data.get("imports", [])}
    return found.union(*map(imported, found)) if found else found


@pytest.mark.parametrize("left_out", [0, 1])
def test_all_specs_can_be_imported_together(project, left_out):
    others = [pair[left_out] for pair in ALTERNATIVES]
    names = [f"builtin:{name}" for name in NAMES if name not in others]
    project.write("specs/app.yaml", json.dumps({"assay": 1, "imports": names}))
    ran = project.run("lint")
    assert (ran.code, ran.err) == (0, ""), ran.out


@pytest.mark.parametrize("pair", ALTERNATIVES, ids=" and ".join)
def test_alternatives_clash(project, pair):
    names = [f"builtin:{name}" for name in pair]
    project.write("specs/app.yaml", json.dumps({"assay": 1, "imports": names}))
    ran = project.run("lint")
    assert "spec-name-clash" in ran.out


@pytest.mark.parametrize("live", [False, True], ids=["laptop", "live"])
def test_no_rule_speaks_of_a_line_that_a_project_leaves_empty(project, live):
    """A template is copied as it is, and most of its services are never used."""
    names = [name for name in NAMES if name not in dict(ALTERNATIVES).values()]
    optional = {name: {"required": False, "loosens": ["required"]} for name, _ in variables(names)}
    spec = {
        "assay": 1,
        "imports": [f"builtin:{name}" for name in names],
        "environments": {"here": {"live": live, "values": [{"dotenv": {"path": ".env"}}]}},
        "variables": optional,
    }
    project.write("specs/app.yaml", json.dumps(spec))
    project.env("".join(f"{name}=\n" for name, told in variables(names) if told.default is None))
    said = project.run("check", "--format", "json").out
    failed = [f for f in json.loads(said)["findings"] if f["outcome"] == "fail"]
    violated = {f["subject"] for f in failed if f["rule"] == "rule-violated"}
    by_default = {"mpesa-is-in-production-where-live", "paypal-is-live-where-live"}
    assert violated <= by_default


@pytest.mark.parametrize("name", NAMES)
def test_the_tests_of_a_spec_pass(project, name):
    ran = project.run("test", str(SPECS / "tests" / f"{name}.yaml"))
    assert ran.code == 0, ran.said


@pytest.mark.parametrize("name", NAMES)
def test_a_spec_shows_what_is_good_and_what_it_finds(name):
    tests = fixtures_of(name)
    assert any(test["findings"] == [] for test in tests)
    faults = [test for test in tests if test["findings"]]
    assert len(faults) >= 2
    data = yaml.safe_load((SPECS / f"{name}.yaml").read_text(encoding="utf-8"))
    broken = {f.get("rule-violated") for test in faults for f in test["findings"]}
    assert set(data.get("rules", {})) <= broken, "each rule is broken by a test"
    demanded = {v for v, said in own(name).items() if (said or {}).get("required", True) is True}
    missing = {
        subject
        for test in faults
        for found in test["findings"]
        for subject in listed(found.get("variable-missing"))
    }
    wanted = {v for v in demanded if not {"default", "deprecated"} & set(own(name)[v] or {})}
    assert wanted <= missing, "each variable that is demanded is missing in a test"


def listed(said: Any) -> list[str]:
    return said if isinstance(said, list) else [said] if said else []


@pytest.mark.parametrize("name", NAMES)
def test_no_test_of_a_spec_passes_by_expecting_nothing(project, name):
    """A test whose findings are taken away fails, and so does a clean one that gets some."""
    text = (SPECS / "tests" / f"{name}.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, yaml.BaseLoader)
    data |= {"assay": 1, "spec": f"builtin:{name}"}
    faults = []
    for test in data["tests"]:
        test["values"] = {k: removed(v) for k, v in test.get("values", {}).items()}
        test["environments"] = {k: v or {} for k, v in test.get("environments", {}).items()} or None
        live = test.get("live")
        alone = test["environments"] is None
        test["live"] = live == "true" if alone else live if isinstance(live, list) else None
        faults.append(bool(test["findings"]))
        test["findings"] = [] if test["findings"] else [{"variable-weak": "NOTHING"}]
    project.write("mutated.yaml", json.dumps(data))
    report = json.loads(project.run("test", "mutated.yaml", "--format", "json").out)
    assert report["counts"]["failed"] == len(faults)


def removed(value: str) -> str | None:
    return None if value == "null" else value


def test_fixtures_are_not_offered_for_import(project):
    assert not [name for name in NAMES if name.startswith("tests")]
    project.write("specs/app.yaml", "assay: 1\nimports: [builtin:tests/stripe]\n")
    ran = project.run("lint")
    assert ran.code == 2
    assert "builtin:tests/stripe can't be imported" in ran.out


def test_every_fixture_belongs_to_a_spec():
    assert sorted(path.stem for path in (SPECS / "tests").glob("*.yaml")) == list(NAMES)
