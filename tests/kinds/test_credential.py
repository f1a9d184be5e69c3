"""Stored credentials: one finding for each cause, in the words that people need."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import assay
from assay import engine
from assay.crypto.autopsy import Cause, CauseCode, Cluster, Confidence
from assay.crypto.examination import Census, ColumnCensus, Examination
from assay.facts import Secret, Setting, State, Unobservable
from assay.model import Category, Finding, Outcome, Severity
from assay.selection import checks_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.project import Project

    from assay.facts import Query

SPEC = """
environments:
  production: {{}}
variables:
  MPESA_KMS_KEY: {{secret: true, group: Encryption}}
  SESSION_SECRET: {{secret: true}}
  SIGNING: {{secret: true}}
  PLAN: {{required: false}}
keys:
  credentials: {{variable: MPESA_KMS_KEY, cipher: aes-256-gcm, encoding: hex}}
  sessions: {{variable: SESSION_SECRET, cipher: aes-256-gcm, encoding: hex}}
  signing: {{variable: SIGNING, cipher: rsa, encoding: pem}}
databases:
  main: {{sqlite: {{path: app.db}}}}
tables:
  mpesa_credentials:
    columns: {{id: {{type: integer, primary-key: true}}, tenant_id: integer, a: text, b: text}}
    {table}
credentials:
  mpesa:
    table: mpesa_credentials
    key: credentials
    columns: {{a: node-gcm-hex, b: node-gcm-hex}}
    {more}
"""
MISREAD = Cause.of(
    CauseCode.KEY_MISREAD,
    Confidence.PROVEN,
    "the authentication tag accepts the key's text as UTF-8",
    declared="read as hex",
    found="used as text, not decoded",
)
BUFFER = Cause.of(
    CauseCode.JSON_BUFFER, Confidence.LIKELY, form="a JSON Buffer", undo="a JSON Buffer"
)


def spec_of(project: Project, more: str = "", table: str = "") -> assay.Spec:
    project.spec(SPEC.format(more=more, table=table))
    return assay.load(str(project.folder / "specs"))


def asked_of(spec: assay.Spec) -> Examination:
    [check] = [c for c in checks_of(spec, ["production"]) if c.kind.name == "credential"]
    [found] = check.kind.needs(check.model)
    assert isinstance(found, Examination)
    return found


def found(spec: assay.Spec, answer: Census | Unobservable, **values: str) -> list[Finding]:
    """The findings of the credential alone, where its rows come to this."""
    checks = [c for c in checks_of(spec, ["production"]) if c.kind.name == "credential"]

    def observe(queries: Sequence[Query[Any]]) -> Mapping[Query[Any], object]:
        return {query: known(query) for query in queries}

    def known(query: Any) -> object:
        if isinstance(query, Examination):
            return answer
        text = values.get(query.name)
        state = State.MISSING if text is None else State.READABLE
        return Setting(state=state, value=None if text is None else Secret(text))

    return list(engine.run(checks, observe, today=date(2026, 1, 1)).findings)


def census(rows: int, hidden: bool | Unobservable = False, **columns: ColumnCensus) -> Census:
    return Census(rows=rows, columns=columns, hidden=hidden)


def column(opened: int, *clusters: Cluster, nulls: int = 0) -> ColumnCensus:
    failed = sum(cluster.count for cluster in clusters)
    return ColumnCensus(name="", opened=opened, failed=failed, nulls=nulls, clusters=clusters)


def cluster(why: Cause, count: int, *names: str, shared: Any = None) -> Cluster:
    return Cluster(cause=why, count=count, identities=tuple((n,) for n in names), shared=shared)


def test_a_cause_of_all_rows_is_one_sentence(project: Project):
    rows = census(214, a=column(0, cluster(MISREAD, 214, *"123")))
    [finding] = found(spec_of(project), rows)
    assert finding.message == (
        "a, 214 of 214 rows: MPESA_KMS_KEY is read as hex, but the ciphertext needs it used as "
        "text, not decoded"
    )
    assert finding.remedy.endswith("Don't re-encrypt: the ciphertext is intact.")
    assert finding.notes == ("proven: the authentication tag accepts the key's text as UTF-8",)
    assert (finding.category, finding.subject) == (Category.KEY, "mpesa.a")
    assert str(finding.location).startswith("specs/app.yaml:")


def test_rows_are_named_by_what_they_share_or_one_by_one(project: Project):
    rows = census(
        300,
        a=column(297, cluster(BUFFER, 2, "17", "90")),
        b=column(295, cluster(BUFFER, 5, "9", shared=(0, "9"))),
    )
    spec = spec_of(project, "identity: [tenant_id]")
    assert {finding.message for finding in found(spec, rows)} == {
        "a, rows 17 and 90: stored as a JSON Buffer; the ciphertext is intact",
        "b, rows of tenant 9: stored as a JSON Buffer; the ciphertext is intact",
    }


def test_columns_with_one_cause_in_the_same_rows_share_a_finding(project: Project):
    same = cluster(BUFFER, 2, "17", "90")
    rows = census(300, a=column(298, same), b=column(297, same, nulls=1))
    [finding] = found(spec_of(project), rows)
    assert finding.message.startswith("a and b, rows 17 and 90: ")
    assert finding.subject == "mpesa"
    assert finding.notes == ("likely",)


def test_null_is_counted_among_all_rows(project: Project):
    lacking = Cause.of(CauseCode.MISSING, Confidence.PROVEN)
    rows = census(10, a=column(4, cluster(lacking, 6, *"123456"), nulls=6))
    [finding] = found(spec_of(project), rows)
    assert finding.message.startswith("a, 6 of 10 rows")
    assert finding.notes == ()


def test_no_row_is_a_pass_only_where_none_can_be_hidden(project: Project):
    spec = spec_of(project)
    assert found(spec, census(0))[0].outcome is Outcome.PASS
    [hidden] = found(spec, census(0, hidden=True))
    assert hidden.outcome is Outcome.UNKNOWN
    assert "no rows are visible to this role, because row level security may hide" in hidden.message
    [untold] = found(spec, census(0, hidden=Unobservable(reason="the data API does not expose it")))
    assert untold.message.endswith(
        "whether some are hidden is unknown: the data API does not expose it"
    )
    assert found(spec, census(3, hidden=True, a=column(3)))[0].outcome is Outcome.PASS


def test_a_condition_that_matches_no_row_is_a_finding_unless_that_is_allowed(project: Project):
    spec = spec_of(project, "where: tenant_id > 0")
    [finding] = found(spec, census(0))
    assert (finding.rule, finding.severity) == ("credential-no-rows", Severity.ERROR)
    assert found(spec, census(1, a=column(1)))[0].outcome is Outcome.PASS
    assert found(spec, census(0, hidden=True))[0].outcome is Outcome.UNKNOWN
    allowed = spec_of(project, "where: tenant_id > 0\n    allow-empty: true")
    assert found(allowed, census(0))[0].outcome is Outcome.PASS


def test_what_was_found_before_the_end_stands_beside_what_was_not_seen(project: Project):
    rows = Census(
        rows=1200, columns={"a": column(1199, cluster(BUFFER, 1, "3"))}, partial="it went away"
    )
    outcomes = {finding.outcome: finding.message for finding in found(spec_of(project), rows)}
    assert outcomes[Outcome.FAIL].startswith("a, row 3: ")
    assert "it went away; only the first 1,200 rows were examined" in outcomes[Outcome.UNKNOWN]


@pytest.mark.parametrize(
    ("more", "table", "reason"),
    [
        ("when: PLAN == 'paid'", "", "the condition `when: PLAN == 'paid'` is false here"),
        ("", "when: PLAN == 'paid'", "`when: PLAN == 'paid'` of the table mpesa_credentials is"),
        ("", "only-in: [production]\n    when: isSet('PLAN') && PLAN == 'x'", "is false here"),
    ],
)
def test_a_condition_keeps_the_rows_from_being_read(project: Project, more, table, reason):
    [finding] = found(spec_of(project, more, table), census(9), PLAN="free")
    assert finding.outcome is Outcome.SKIP
    assert reason in finding.message


def test_a_table_that_belongs_elsewhere_is_not_read(project: Project):
    text = SPEC.format(more="", table="only-in: [staging]")
    project.spec(text.replace("production: {}", "production: {}\n  staging: {}"))
    [finding] = found(assay.load(str(project.folder / "specs")), census(9))
    assert "its table belongs only in staging" in finding.message


def test_the_question_holds_what_the_spec_says(project: Project):
    asked = asked_of(spec_of(project, "where: tenant_id > 3", "name: mpesa_creds"))
    assert (asked.database, asked.table, asked.identity) == ("main", "mpesa_creds", ("id",))
    assert asked.suspects == ("SESSION_SECRET",)
    assert asked.where is not None
    assert asked_of(spec_of(project, "suspects: []")).suspects == ()
    needed = asked_of(
        spec_of(project, "metadata: {tenant_id: integer}\n    required: [b, tenant_id]")
    )
    assert [column.required for column in needed.columns] == [False, True]
    assert needed.required == ("tenant_id",)
    assert asked_of(spec_of(project, "suspects: [SIGNING]")).suspects == ("SIGNING",)


def test_it_is_selected_by_its_key_its_table_and_its_group(project: Project):
    spec = spec_of(project)
    [check] = [c for c in checks_of(spec, ["production"]) if c.kind.name == "credential"]
    assert check.group == "Encryption"
    assert check.also == ("mpesa_credentials", "credentials", "MPESA_KMS_KEY")
    assert {required.kind for required in check.requires} == {"table", "variable", "key"}
