"""A kind that src doesn't know is merged, narrowed, told of and compared like our own."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Annotated, Any, ClassVar

import msgspec
import pytest
from msgspec import Meta

import assay
from assay.comparison import Cell, Pepper
from assay.diff.columns import kept, live_column, snapshot_column
from assay.diff.rows import rows
from assay.document_kind import Parameters
from assay.documents.pages import prepared, told
from assay.facts import Listing, Reading, SourceReading, State
from assay.kind import Kind, deferred
from assay.kinds import KINDS
from assay.kinds.fields import Loosens
from assay.snapshots.files import Snapshot, encoded
from assay.spec.language import language_schema
from assay.spec.narrows import EXEMPTING, FREE, GROWING, merging
from assay.spec.structs import shape_of

SPEC = "variables: {A: {required: false}}\nqueues: {orders: {path: /orders, tags: [a]}}"


class Consumer(msgspec.Struct, frozen=True, kw_only=True):
    """Who reads."""

    short: ClassVar[str] = "name"
    name: str = ""
    rate: int | None = None


class Queue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A queue that the application reads."""

    section: ClassVar[str] = "queues"
    path: str
    note: Annotated[str, Meta(description="What it is."), FREE] = ""
    tags: Annotated[tuple[str, ...], GROWING] = ()
    unless: Annotated[str, EXEMPTING] = ""
    consumers: Annotated[dict[str, Any], merging(named=True, of=Consumer)] = {}
    loosens: Loosens = ()


def cells(spec, _environment, _listing, pepper):
    return {
        name: Cell(state=State.READABLE, digest=pepper.digest("queue", name, b"1"), under="p")
        for name in spec.entries(Queue)
    }


KIND: Kind[Any] = Kind(
    name="queue",
    section=Queue.section,
    rules=(),
    doc="A queue is there.",
    fields=Queue,
    parse=lambda _name, data: msgspec.convert(data, Queue),
    shape=lambda: {"title": "queue", **shape_of(Queue)},
    lint=lambda _entry, _spec: iter(()),
    checks=lambda _spec, _environment: iter(()),
    needs=lambda _model: (),
    evaluate=lambda _model, _facts: iter(()),
    tell=lambda spec, _parameters: {"queues": [f"{name}\n" for name in spec.entries(Queue)]},
    prepare=lambda spec, _parameters: [f"create {name}" for name in spec.entries(Queue)],
    cells=cells,
)


@pytest.fixture(autouse=True)
def known(monkeypatch):
    module: Any = ModuleType("assay.kinds.queue")
    module.KIND = KIND
    monkeypatch.setitem(sys.modules, "assay.kinds.queue", module)
    monkeypatch.setitem(KINDS.places, "queues", "queue:KIND")


def loaded(project, text=SPEC):
    project.spec(text)
    return assay.load(working=str(project.folder))


def test_its_entries_have_their_type(project):
    assert loaded(project).entries(Queue)["orders"].declared.path == "/orders"
    assert language_schema()["$defs"]["queues"]["title"] == "queue"


@pytest.mark.parametrize(
    ("above", "field"),
    [
        ("note: b", ""),
        ("tags: [a, b]", ""),
        ("tags: [b]", "tags"),
        ("path: /other", "path"),
        ("unless: x", "unless"),
        ("consumers: {c: {rate: 2}}", ""),
        ("consumers: {c: mailer}", "consumers.c.name"),
        ("{path: /other, loosens: [path]}", ""),
    ],
)
def test_its_fields_say_how_they_may_be_narrowed(project, above, field):
    base = "queues: {orders: {path: /orders, tags: [a], consumers: {c: biller}}}"
    project.write("base.yaml", base)
    above = above if above.startswith("{") else f"{{{above}}}"
    project.spec(f"imports: [../base.yaml]\nqueues: {{orders: {above}}}")
    ran = project.run("lint")
    assert ran.code == (2 if field else 0)
    assert f"demands: {field}\n" in ran.out if field else "1 queue" in ran.said


def test_documents_tell_of_it(project):
    spec = loaded(project)
    assert told(spec, Parameters())["queues"] == ["orders"]
    assert prepared(spec, Parameters()) == ("create orders",)


def test_it_is_compared_and_kept_in_snapshots(project):
    spec = loaded(project)
    answers: dict[Any, object] = {
        Listing("default"): {},
        SourceReading("default", 0): Reading(source=".env"),
    }
    live = live_column(spec, "default", lambda _: answers, Pepper.of_run())
    snapshot = Snapshot(pepper="0" * 16, environments={"default": kept(live)})
    assert '"others"' in encoded(snapshot)
    column = snapshot_column(snapshot, "default", "s.json", "then")
    assert column.cell("queues", "orders").state is State.READABLE
    titles = [row.title for row in rows(spec, [live, column])]
    assert titles == ["A", "orders (queue)"]


def test_a_function_is_found_when_it_is_called():
    assert deferred("assay.kinds.table.spec:parse_table").__name__ == "call"
    assert deferred("posixpath:join")("a", "b") == "a/b"
