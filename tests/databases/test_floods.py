"""Servers that send without end, or much more than they were asked for, are cut off."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
import tracemalloc
import zlib

import pytest
from tests.databases.sessions import opened, refused

from assay.databases import session as session_module
from assay.databases.model import Selection
from assay.databases.trouble import DatabaseTrouble
from assay.net.flood_limit import Watched, received
from assay.net.http import PackedError, unpacked

MEGA = 2**20
_READY = b"Z\0\0\0\5"


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


ROW = message(b"D", struct.pack("!hi", 1, 10) + b"x" * 10)
HEAD = (
    message(b"1", b"")
    + message(b"2", b"")
    + message(b"T", struct.pack("!h", 1) + b"c\0" + struct.pack("!ihihih", 0, 0, 25, -1, -1, 0))
)
FLOODS = {
    "a value of a gigabyte": (b"D" + struct.pack("!Ihi", 2**30, 1, 2**30 - 10), b"x" * MEGA),
    "rows without end": (b"", ROW * 50_000),
    "rows of nothing without end": (b"", message(b"D", b"\0\0") * 100_000),
    "notices without end": (b"", message(b"N", b"SNOTICE\0C00000\0Mx\0\0") * 20_000),
}


EARLY = {
    "a notice of a gigabyte": (b"N" + struct.pack("!I", 2**30) + b"SN\0M", b"x" * MEGA),
    "a refusal of a gigabyte": (b"E" + struct.pack("!I", 2**30) + b"SN\0M", b"x" * MEGA),
    "notices without end": FLOODS["notices without end"],
    "notifications": (b"", message(b"A", b"\0\0\0\1c\0" + b"x" * 1000 + b"\0") * 1000),
    "parameters": (b"", message(b"S", b"p\0" + b"v" * 1000 + b"\0") * 1000),
}


class Flooding:
    """A PostgreSQL server that lets everybody in, and then never stops sending."""

    def __init__(
        self, head: bytes, body: bytes, *, at: bytes = b"set_config", state: bytes = b"I"
    ) -> None:
        self.sent = 0
        self._at, self._state = at, state
        self._head, self._body = head, body
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, struct.error):
            while True:
                (length,) = struct.unpack("!I", connection.recv(4))
                begin = connection.recv(length - 4)
                if begin[:4] != struct.pack("!I", 80877103) and begin[:4] != struct.pack(
                    "!I", 80877104
                ):
                    break
                connection.sendall(b"N")
            connection.sendall(message(b"R", b"\0\0\0\0"))
            for name, value in (("server_version", "16.1"), ("client_encoding", "UTF8")):
                connection.sendall(message(b"S", f"{name}\0{value}\0".encode()))
            if self._at:
                connection.sendall(_READY + self._state)
            while self._at not in (asked := self._at and connection.recv(65536)):
                if not asked:
                    return
                begun = message(b"C", b"BEGIN\0") + b"Z\0\0\0\5T"
                parsed = b"" if asked[:1] == b"Q" else message(b"1", b"") + message(b"2", b"")
                connection.sendall(parsed + begun)
            connection.sendall((HEAD if self._at == b"set_config" else b"") + self._head)
            while True:
                self.sent += connection.send(self._body)


@pytest.mark.parametrize("flood", FLOODS)
def test_a_postgres_server_that_never_stops_is_cut_off(flood, monkeypatch):
    with contextlib.closing(Flooding(*FLOODS[flood])) as server:
        found = refused(
            f"postgresql://me@127.0.0.1:{server.port}/app?sslmode=disable", seconds=20.0
        )
    assert (found.code, found.values["state"]) == (
        "database-failed",
        "an answer of more than 64 MiB",
    )
    assert server.sent < 600 * MEGA


@pytest.mark.parametrize("flood", EARLY)
def test_a_server_that_floods_before_it_lets_anybody_in_is_cut_off(flood):
    with contextlib.closing(Flooding(*EARLY[flood], at=b"")) as server:
        found = refused(
            f"postgresql://me@127.0.0.1:{server.port}/app?sslmode=disable", seconds=20.0
        )
    assert (found.code, found.values["state"]) == (
        "database-failed",
        "an answer of more than 1 MiB",
    )
    assert server.sent < 300 * MEGA


@pytest.mark.parametrize("flood", EARLY)
def test_a_server_that_keeps_its_flood_for_the_rollback_is_cut_off(flood):
    with contextlib.closing(Flooding(*EARLY[flood], at=b"ROLLBACK")) as server:
        refused(f"postgresql://me@127.0.0.1:{server.port}/app?sslmode=disable", seconds=20.0)
    assert 0 < server.sent < 600 * MEGA


def test_a_server_that_begins_in_a_transaction_is_none():
    with contextlib.closing(Flooding(b"", ROW, at=b"ROLLBACK", state=b"T")) as server:
        found = refused(f"postgresql://me@127.0.0.1:{server.port}/app?sslmode=disable")
    assert found.values["state"] == "not PostgreSQL"
    assert server.sent == 0


def test_a_catalogue_of_more_rows_than_any_has_is_not_taken_in(database, monkeypatch):
    database.execute(*(f"CREATE TABLE t{number} (a int)" for number in range(20)))
    with opened(database.url()) as session:
        monkeypatch.setattr(session_module, "MOST", 10)
        with pytest.raises(DatabaseTrouble) as caught:
            session.structure()
    assert caught.value.refused.values["state"] == "more than 10 rows"


def test_a_stream_of_long_values_is_fetched_a_few_at_a_time(database):
    database.execute(
        "CREATE TABLE long (v text)",
        "INSERT INTO long SELECT repeat('x', 1000000) FROM generate_series(1, 150)",
    )
    with opened(database.url()) as session:
        tracemalloc.start()
        count = sum(len(page) for page in session.pages(Selection(table="long", columns=("v",))))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert count == 150
    assert peak < 100 * MEGA


def test_a_socket_that_tells_nothing_has_a_limit_of_time_alone():
    left, right = socket.socketpair()
    watched = Watched()
    with left, right, watched.within(left.fileno(), 0.05, 0):
        assert received(left) is None
        assert left.recv(1) == b""
    assert (watched.late, watched.flooded) == (True, 0)


def test_what_a_data_api_packs_is_unpacked_no_further_than_there_is_room():
    bomb = gzip.compress(b" " * (200 * MEGA))
    content = bytearray()
    tracemalloc.start()
    unpacked([bomb], "gzip", content, MEGA)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(content) == MEGA + 1
    assert peak < 4 * MEGA


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "deflate", "gzip"])
def test_what_is_packed_in_another_way_is_not_unpacked(encoding):
    with pytest.raises(PackedError):
        unpacked([b"{}"], encoding, bytearray(), MEGA)


def test_what_is_packed_without_an_end_is_counted_as_it_comes():
    packer = zlib.compressobj(wbits=31)
    empty = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    content = bytearray()
    pieces = iter([empty, *([packer.flush(zlib.Z_FULL_FLUSH) or b"\0\0\0\xff\xff"] * 1000)])
    unpacked(pieces, "gzip", content, 100)
    assert len(content) == 101
    assert next(pieces, None) is not None
