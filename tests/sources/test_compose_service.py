"""What Compose gives a service, as a source of values."""

from __future__ import annotations

import pytest

from assay.facts import State
from assay.sources.base import SourceContent, World
from assay.sources.compose_service import ComposeService

SOURCE = ComposeService(path="compose.yaml", service="api")


@pytest.fixture
def read(tmp_path):
    """Reads the service `api` of a Compose file, beside a .env file, in a process."""

    def reading(text: str, env: str | None = None, **process: str) -> SourceContent:
        (tmp_path / "compose.yaml").write_text(text)
        if env is not None:
            (tmp_path / ".env").write_text(env)
        return SOURCE.read(World(root=str(tmp_path), process=process))

    return reading


def given(content: SourceContent) -> dict[str, str | None]:
    assert content.problems == ()
    return {name: setting.text for name, setting in content.settings.items()}


def test_values_are_passed_on_as_they_are_written(read):
    text = """
    services:
      api:
        environment:
          NUMBER: 010
          SWITCH: yes
          QUOTED: "a b"
          PRICE: 5$$
          EMPTY: ""
          NESTED: {a: 1}
    """
    content = read(text)
    assert given(content) == {
        "NUMBER": "010",
        "SWITCH": "yes",
        "QUOTED": "a b",
        "PRICE": "5$",
        "EMPTY": None,
    }
    assert content.settings["EMPTY"].state is State.EMPTY
    assert content.settings["NUMBER"].source == "`environment` of api in compose.yaml"


def test_a_list_says_the_same(read):
    assert given(read("services: {api: {environment: [A=1, B=x=y, C=, 7]}}")) == {
        "A": "1",
        "B": "x=y",
        "C": None,
    }


def test_references_are_looked_up_in_the_process_and_the_file_beside(read):
    text = "services: {api: {environment: ['A=${X}-$Y', 'B=${Z:-none}']}}"
    content = read(text, "X=file\nY=file\nW\n", X="process")
    assert given(content) == {"A": "process-file", "B": "none"}
    assert content.settings["A"].borrowed == ("X",)


@pytest.mark.parametrize("form", ["{A: , B: }", "[A, B]"])
def test_a_name_alone_is_passed_on_if_it_is_set(read, form):
    content = read(f"services: {{api: {{environment: {form}}}}}", "A=file\n")
    assert given(content) == {"A": "file"}
    assert given(read(f"services: {{api: {{environment: {form}}}}}", A="process")) == {
        "A": "process"
    }


def test_merged_keys_count(read):
    text = """
    x-common: &common {A: 1}
    services: {api: {environment: {<<: *common, B: 2}}}
    """
    assert given(read(text)) == {"A": "1", "B": "2"}


@pytest.mark.parametrize(
    ("text", "reason", "expected"),
    [
        (
            "services: {api: {environment: ['A=${X:?set it}']}}",
            "a variable that the file requires is not set (in A)",
            "expected X to be set",
        ),
        ("services: {web: {}, db: }", "it has no service api", "expected one of web, db"),
        ("services: 1", "it has no service api", "expected one of services"),
        ("[]", "it is not valid YAML", "expected a Compose file"),
        ("a: [", "it is not valid YAML", "expected a Compose file"),
    ],
)
def test_what_compose_refuses_is_a_problem_of_the_source(read, text, reason, expected):
    (problem,) = read(text).problems
    assert (problem.code, problem.fatal) == ("source-refused", True)
    assert (problem.values["reason"], problem.values["expected"]) == (reason, expected)


def test_a_service_without_an_environment_sets_nothing(read):
    assert given(read("services: {api: {}}")) == {}


def test_a_file_that_is_missing_or_unreadable_is_told(tmp_path):
    world = World(root=str(tmp_path), process={})
    (problem,) = SOURCE.read(world).problems
    assert (problem.code, problem.location) == ("source-missing", None)
    (tmp_path / "compose.yaml").mkdir()
    (problem,) = SOURCE.read(world).problems
    assert problem.code == "source-unreadable"
    assert problem.values["cause"] == "directory"


def test_a_spec_checks_what_a_service_gets(project):
    project.write("compose.yaml", "services: {api: {environment: {PORT: 808080}}}")
    project.spec(
        "environments: {api: {values: [{compose: {path: compose.yaml, service: api}}]}}\n"
        "variables: {PORT: {type: port}, TOKEN: {secret: true}}"
    )
    ran = project.run("check")
    assert ran.code == 1
    assert "PORT is not a port number" in ran.out
    assert "TOKEN is not set in `environment` of api in compose.yaml" in ran.out
