"""A project says which variables of its imports it has no use for."""

from __future__ import annotations

import pytest

import assay

IMPORT = "variables: {A_URL: {}, A_KEY: {secret: true}, B_URL: {type: url}}"


@pytest.fixture
def shop(project):
    """A project that imports three variables and uses one of them."""
    project.write("base.yaml", IMPORT)
    project.spec("imports: [../base.yaml]\nunused: [A_*]")
    project.write(".env", "B_URL=https://shop.test\n")
    return project


def test_checks_leave_out_what_is_unused(shop):
    ran = shop.run("check")
    assert (ran.code, ran.out.count("A_")) == (0, 0)
    shop.spec("imports: [../base.yaml]")
    assert shop.run("check").out.count("error[variable-missing]") == 2


def test_the_screen_agrees(shop):
    assert shop.run("hook", ".env").code == 0
    shop.spec("imports: [../base.yaml]\nunused: [A_*]\nundeclared: fail")
    shop.write(".env", "B_URL=https://shop.test\nA_URL=x\n")
    for command in (("check",), ("hook", ".env")):
        ran = shop.run(*command)
        assert ran.code == 1
        assert "A_URL is set in .env, but the spec calls it unused" in ran.out
        assert "Remove A_URL from .env, or from `unused` in the spec." in ran.out


def test_a_secret_that_is_unused_stays_secret(shop):
    shop.write(".env", "B_URL=https://shop.test\nA_KEY=correct-horse\n")
    assert "correct-horse" not in shop.run("check").said
    assert "correct-horse" not in shop.run("diff", "default", ".env", "--values").said


@pytest.mark.parametrize("kind", ["env-example", "environment-reference", "typescript"])
def test_documents_leave_out_what_is_unused(shop, kind):
    said = shop.run("docs", "--as", kind).out
    assert "B_URL" in said
    assert "A_" not in said.replace("DATA_", "")


def test_values_leave_out_what_is_unused(shop):
    spec = assay.load(working=str(shop.folder))
    assert dict(spec.values("default", process={})) == {"B_URL": "https://shop.test"}


def test_a_pattern_spares_what_the_project_declares_itself(shop):
    shop.spec("imports: [../base.yaml]\nunused: [A_*]\nvariables: {A_URL: {type: url}}")
    assert "A_URL is not set" in shop.run("check").out


def test_conditions_may_speak_of_what_is_unused(shop):
    more = "variables: {C: {required: \"isSet('A_URL')\"}}\nrules:\n"
    more += "  one: {assert: \"A_URL == 'x'\", message: It is not x.}\n"
    shop.spec(f"imports: [../base.yaml]\nunused: [A_*]\n{more}")
    ran = shop.run("check", "-v")
    assert ran.code == 0
    assert "one" not in ran.out


def test_a_key_in_an_unused_variable_is_not_checked(shop):
    shop.write("base.yaml", f"{IMPORT}\nkeys: {{k: {{variable: A_KEY, cipher: aes-256-gcm}}}}")
    assert " k " not in shop.run("check", "-v").out
    assert "A_KEY" not in shop.run("docs", "--as", "environment-reference").out


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ("A_KEI", "A_KEI is not a variable of an imported spec: did you mean A_KEY?"),
        ("C_*", "C_* is not a variable of an imported spec\n"),
        ("OWN", "OWN is not unused, because the spec declares it\n"),
    ],
)
def test_a_name_that_nothing_imports_is_a_mistake(shop, listed, words):
    shop.spec(f"imports: [../base.yaml]\nunused: [A_*, {listed}]\nvariables: {{OWN: {{}}}}")
    ran = shop.run("lint")
    assert ran.code == 2
    assert words in ran.out.replace("\n    ", " ")


def test_a_shape_that_is_no_list_of_names_is_a_mistake(shop):
    for wrong in ("A_URL", "[1]", "[[A_URL]]"):
        shop.spec(f"imports: [../base.yaml]\nunused: {wrong}")
        assert "unused" in shop.run("lint").out


def test_a_failed_import_is_the_only_mistake(shop):
    shop.spec("imports: [../gone.yaml]\nunused: [A_*]")
    assert "spec-unknown-name" not in shop.run("lint").out


def test_an_import_may_call_what_it_imports_unused(shop):
    shop.write("middle.yaml", "imports: [./base.yaml]\nunused: [A_*]")
    shop.spec("imports: [../middle.yaml]")
    assert shop.run("check").code == 0
    shop.spec("imports: [../middle.yaml]\nvariables: {A_URL: {}}")
    assert "A_URL is not set" in shop.run("check").out
