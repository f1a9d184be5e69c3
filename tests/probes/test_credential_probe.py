"""The probe of stored credentials: whatever a session does, there is an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.crypto import Recipe
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.examination import Census, Columnless, Examination, SealedColumn
from assay.databases.model import (
    Comparison,
    Connected,
    DatabaseRefusal,
    FoundColumn,
    FoundTable,
    Structure,
    TooLarge,
)
from assay.databases.trouble import DatabaseTrouble
from assay.facts import Secret, Setting, State, Unobservable, Value
from assay.formats.numbers import Integer
from assay.net.patience import Deadline
from assay.probes import credentials as probe
from assay.probes.credentials import CredentialProbe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assay.databases.model import Row, Selection
    from assay.facts import Query

TEXT = "cf3d2a9e17b8405691e6d80b5f27ac34"


def sealed(number: int) -> bytes:
    nonce = number.to_bytes(12)
    made = AESGCM(bytes.fromhex(TEXT)).encrypt(nonce, b"made up", b"")
    return nonce + made[-16:] + made[:-16]


def asked(database: str = "main", **more: Any) -> Examination:
    layout = {"cipher": "aes-128-gcm", "layout": ["iv:12", "tag:16", "ciphertext"]}
    column = SealedColumn(name="secret", envelope=ENVELOPES.parse(layout), required=True)
    given: dict[str, Any] = {
        "environment": "prod",
        "name": "c",
        "database": database,
        "table": "t",
        "recipe": Recipe(cipher="aes-128-gcm", encoding="hex"),
        "variable": "KEY",
        "columns": (column,),
        **more,
    }
    return Examination(**given)


class Rows:
    """A session that gives pages, then does what it is told to."""

    def __init__(self, *pages: Sequence[Row], end: Exception | None = None, **table: Any) -> None:
        self.connected = Connected(dialect="test", role="reader")
        self._pages = pages
        self._end = end
        self.selection: Selection | None = None
        shape = {"id": FoundColumn(name="id", type="integer", nullable=False),
                 "secret": FoundColumn(name="secret", type="bytea", nullable=True),
                 "version": FoundColumn(name="version", type="text", nullable=True)}  # fmt: skip
        given = {"columns": shape, "primary_key": ("id",), **table}
        self._table = FoundTable(name="t", **given)

    def structure(self, *_: object) -> Structure:
        return Structure(dialect="test", schema="", tables={"t": self._table})

    def pages(self, selection: Selection) -> Iterator[Sequence[Row]]:
        self.selection = selection
        yield from self._pages
        if self._end is not None:
            raise self._end

    def close(self) -> None:
        """Nothing is open."""


class Sessions:
    def __init__(self, **opened: Any) -> None:
        self._opened = opened

    def session(self, environment: str, database: str) -> Any:
        del environment
        return self._opened[database]


def values(queries: Sequence[Query[Any]]) -> Mapping[Query[Any], object]:
    known = {"KEY": Setting(state=State.READABLE, value=Secret(TEXT))}
    unset = Setting(state=State.MISSING)
    return {q: known.get(q.name, unset) for q in queries if isinstance(q, Value)}


def answer(session: Any, **more: Any) -> Any:
    question = asked(**more)
    return CredentialProbe(values, Sessions(main=session).session)([question])[question]


GOOD = [(number, sealed(number)) for number in range(1, 4)]


def test_a_column_that_is_not_there_is_named_before_any_row_is_read():
    where = Comparison(column="revoked", operator="==", value=None)
    session = Rows(GOOD)
    found = answer(session, where=where, identity=("tenant",))
    assert isinstance(found, Columnless)
    assert found.absent == ("tenant", "revoked")
    assert session.selection is None
    untold = Rows(GOOD, columns=Unobservable(reason="not told"))
    assert isinstance(answer(untold, where=where), Census)


def test_rows_are_counted_and_named_by_the_primary_key():
    session = Rows(GOOD, [(4, b"\xff" * 60), (5, None)])
    found = answer(session)
    assert isinstance(found, Census)
    assert found.rows == 5
    counted = found.columns["secret"]
    assert (counted.opened, counted.nulls) == (3, 1)
    assert [cluster.identities for cluster in counted.clusters] == [(("4",),), (("5",),)]
    assert session.selection is not None
    assert session.selection.order == ("id",)
    assert session.selection.binary == {"secret"}


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (DatabaseTrouble("database-connection-lost"), "the connection broke in mid-read"),
        (DatabaseTrouble("database-rate-limited"), "it limits the rate of requests (429)"),
        (DatabaseTrouble("database-gateway", status="502"), "a gateway answered instead"),
        (
            DatabaseTrouble("database-page-repeated", table="t"),
            "the same page came again and again",
        ),
        (ZeroDivisionError("with a secret in it"), "failed (ZeroDivisionError)"),
    ],
)
def test_what_was_read_stays_when_the_session_ends_early(end, said):
    found = answer(Rows(GOOD, end=end))
    assert (found.rows, found.partial) == (3, said)
    nothing = answer(Rows(end=end))
    assert isinstance(nothing, Unobservable)
    assert nothing.reason == f"the rows of t can't be read: {said}"
    assert "secret in it" not in f"{nothing} {found}"


def test_a_table_that_is_not_there_is_unobservable():
    found = answer(Rows(), table="gone")
    assert found.reason == "the rows of gone can't be read: there is no such table"
    assert "in the spec" in found.remedy


def test_a_role_that_may_not_select_is_told_what_to_grant():
    found = answer(Rows(end=DatabaseTrouble("database-denied", what="t")))
    assert found.remedy == "Let reader read them: `GRANT SELECT ON t TO reader`."


@pytest.mark.parametrize(
    "opened",
    [DatabaseRefusal(code="database-timed-out"), Unobservable(reason="DATABASE_URL is not set")],
)
def test_a_database_that_is_not_open_is_unobservable(opened):
    found = answer(opened)
    assert isinstance(found, Unobservable)
    assert found.reason in (
        "the database main can't be used: it did not answer in time",
        "DATABASE_URL is not set",
    )


def test_time_ends_and_what_was_read_is_told():
    session = Rows(GOOD, GOOD)
    texts = {"KEY": TEXT}
    found = probe.examined(asked(), texts, session, Deadline(-1.0))
    assert isinstance(found, Census)
    assert (found.rows, found.partial) == (3, "the time for it is over")


def test_rows_may_be_hidden_unless_the_role_sees_all():
    assert answer(Rows(hidden=True)).hidden is True
    session = Rows(hidden=True)
    session.connected = Connected(dialect="test", bypasses=True)
    assert answer(session).hidden is False


def test_metadata_and_odd_identities_are_told():
    rows = [
        (b"\x01\x02", sealed(1), 1),
        ("x" * 99, sealed(2), "two"),
        (None, sealed(3), TooLarge()),
        (True, sealed(4), None),
        (TooLarge(), sealed(5), "six"),
    ]
    found = answer(Rows(rows), identity=("id",), metadata=(("version", Integer()),))
    counted = found.columns["version"]
    assert (counted.opened, counted.nulls) == (1, 1)
    [cluster] = counted.clusters
    assert cluster.identities == ((f"{'x' * 60}\u2026",), ("NULL",), ("?",))


def test_databases_are_read_side_by_side():
    one, other = asked("main"), asked("other", name="d")
    sessions = Sessions(main=Rows(GOOD), other=Rows(GOOD))
    found = CredentialProbe(values, sessions.session)([one, other])
    assert [census.rows for census in found.values() if isinstance(census, Census)] == [3, 3]


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (Setting(state=State.UNREADABLE, source="Vercel"), "can't be read back from Vercel"),
        (Unobservable(reason="the token is rejected"), "KEY can't be read: the token is rejected"),
    ],
)
def test_nothing_is_said_of_rows_whose_key_can_not_be_read(setting, said):
    question = asked()

    def unread(queries: Sequence[Query[Any]]) -> Mapping[Query[Any], object]:
        return dict.fromkeys(queries, setting)

    found = CredentialProbe(unread, Sessions(main=Rows(GOOD)).session)([question])[question]
    assert isinstance(found, Unobservable)
    assert said in found.reason


def test_a_key_that_is_not_there_is_searched_for_all_the_same():
    found = answer(Rows(GOOD), variable="GONE")
    assert found.columns["secret"].opened == 0
    assert sum(cluster.count for cluster in found.columns["secret"].clusters) == 3
