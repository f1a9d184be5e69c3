"""Whatever a spec says: documents are deterministic, check after making is clean, names survive."""

from __future__ import annotations

import json

from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from tests.documents import specs

from assay import dotenv
from assay.documents import DOCUMENTS

PHASES = [Phase.explicit, Phase.reuse, Phase.generate]  # to shrink a spec takes minutes
MANY = settings(phases=PHASES, max_examples=max(40, settings().max_examples // 6))
FEWER = settings(phases=PHASES, max_examples=max(20, settings().max_examples // 12))


@FEWER
@given(specs.hostile())
def test_what_was_made_is_up_to_date_and_comes_out_the_same_again(data):
    with specs.project_of(data) as project:
        first = project.run("docs")
        assert (first.code, first.err) == (0, "")
        assert project.run("docs", "--check", "-q") == (0, "", "")
        texts = {p: (project.folder / p).read_bytes() for p in data["documents"]}
        assert project.run("docs", "--force", "-q") == (0, "", "")
        assert texts == {p: (project.folder / p).read_bytes() for p in data["documents"]}
        assert all(text.endswith(b"\n") and b"\r" not in text for text in texts.values())


@FEWER
@example(
    {"assay": 1, "project": "p", "variables": {"A": {"description": "``` ```"}}},
    "environment-reference",
)
@given(specs.hostile(), st.sampled_from(sorted(set(DOCUMENTS) - {"json-schema"})))
def test_what_stands_around_a_document_survives(data, kind):
    path = DOCUMENTS[kind].path
    opener, closer = {".md": ("<!--", " -->"), ".ts": ("//", "")}.get(path[-3:], ("#", ""))
    head = f"\ufeffmine\r\n{opener} assay:begin {kind}{closer}\r\n"
    tail = f"{opener} assay:end{closer}\r\nmine too"
    with specs.project_of({**data, "documents": {path: kind}}) as project:
        project.write(path, f"{head}old\r\n{tail}".encode())
        assert project.run("docs").err == ""
        text = (project.folder / path).read_bytes().decode()
        assert text.startswith(head)
        assert text.endswith(tail)
        assert text.count("\n") == text.count("\r\n")
        assert project.run("docs", "--check", "-q") == (0, "", "")


@MANY
@given(specs.hostile())
def test_an_example_yields_every_declared_name_once_by_every_loader(data):
    values = data["environments"]["dev"]["values"]
    dialects = {source["dotenv"]["dialect"] for source in values} or {"node"}
    text = specs.made(data, "env-example")
    for dialect in dialects:
        document = dotenv.parse(text, dialect)
        assert not document.errors
        told = [e.key for e in document.entries]
        for name, variable in data["variables"].items():
            commented = f"\n# {name}=\n" in text
            assert told.count(name) + commented == 1
            assert commented <= (not variable["required"] or "default" in variable)
            assert variable["secret"] <= (not document.values.get(name))
        assert not any(entry.executes or entry.references for entry in document.entries)


@MANY
@given(specs.hostile())
def test_values_that_may_be_shown_read_back_the_same_by_every_loader(data):
    values = data["environments"]["dev"]["values"]
    dialects = [source["dotenv"]["dialect"] for source in values] or ["node"]
    text = specs.made(data, "env-example")
    for name, variable in data["variables"].items():
        wanted = variable.get("default") or ""
        read = {dotenv.loads(text, dialect).get(name, "") for dialect in dialects}
        assert read == {"" if variable["secret"] else wanted} or (
            read == {""}
            and "every loader of this file reads it identically" in " ".join(text.split("\n# "))
        )


@MANY
@given(specs.hostile())
def test_a_schema_is_json_whatever_the_texts_are(data):
    schema = json.loads(specs.made(data, "json-schema"))
    assert sorted(schema["properties"]) == sorted(data["variables"])
