"""`within` ends everything, at whatever point a server falls silent or begins to trickle."""

from __future__ import annotations

import os
import socket
import sqlite3
import time
from contextlib import closing, contextmanager
from threading import Event

import pytest
from sqlalchemy import create_engine
from tests.databases.hostile import answering
from tests.databases.projects import opened as opened_project
from tests.databases.relay import relayed
from tests.databases.sessions import opened, refused, rows_of, unchained

from assay.databases.model import Selection
from assay.databases.other.session import OtherSession
from assay.databases.trouble import DatabaseTrouble
from assay.databases.urls import DatabaseUrl

SHORT = 0.3
ENOUGH = 3 * SHORT + 2 + 3
"""Several answers, the grace that servers have, and a machine that is busy."""


@contextmanager
def timed_out(limit=ENOUGH):
    """What takes too long, and is told as that."""
    started = time.monotonic()
    with pytest.raises(DatabaseTrouble) as caught:
        yield
    assert time.monotonic() - started < limit
    assert caught.value.refused.code == "database-timed-out"
    unchained(caught.value)


@pytest.mark.parametrize("pause", [0, 0.2], ids=["silent", "trickling"])
@pytest.mark.parametrize("messages", [1, 10, 15, 22, 33, 41, 60, 90])
def test_a_conversation_ends_wherever_it_falls_silent(postgres, database, messages, pause):
    database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)")
    with relayed(postgres.port, messages=messages, pause=pause) as relay:
        url = f"postgresql://{database.user}@127.0.0.1:{relay.port}/{database.name}"
        with timed_out(2 * ENOUGH), opened(f"{url}?sslmode=disable", seconds=SHORT) as session:
            session.structure("public")
            rows_of(session, Selection(table="t", columns=("id",), order=("id",)))
            rows_of(session, Selection(table="t", columns=("id",)))
    assert relay.reached


def test_a_session_that_timed_out_is_not_waited_for_again(postgres, database):
    with relayed(postgres.port, messages=10**6, pause=0) as relay:
        url = f"postgresql://{database.user}@127.0.0.1:{relay.port}/{database.name}"
        with opened(f"{url}?sslmode=disable", seconds=SHORT) as session:
            relay.stop()
            with timed_out():
                session.structure("public")
            with timed_out():
                session.structure("public")


@pytest.mark.parametrize("start", [b"", b"N", b"R", b"S"])
def test_a_greeting_that_trickles_ends_in_time(start):
    def trickle(made):
        made.recv(100)
        made.sendall(start)
        while True:
            time.sleep(0.1)
            made.sendall(b"\0")

    # what comes may be no message at all, which ends it earlier
    with answering(trickle) as url:
        started = time.monotonic()
        why = refused(url, seconds=SHORT)
        assert time.monotonic() - started < SHORT + 3
    assert why.code in ("database-timed-out", "database-failed", "database-tls-failed")


def test_hosts_share_the_time():
    def silent(made):
        while made.recv(100):
            pass

    with answering(silent) as url:
        port = DatabaseUrl(url).addresses(1)[0].port
        hosts = ",".join([f"127.0.0.1:{port}"] * 4)
        with timed_out(SHORT + 5), opened(f"postgresql://me@{hosts}/x", seconds=SHORT):
            pass


def test_a_file_that_never_ends_is_left_alone(tmp_path):
    pipe = tmp_path / "root.crt"
    os.mkfifo(pipe)

    def offers(made):
        made.recv(100)
        made.sendall(b"S")
        made.recv(100)

    with answering(offers) as url, timed_out(SHORT + 3):
        query = f"sslmode=verify-full&sslrootcert={pipe}"
        with opened(f"{url}?{query}", seconds=SHORT):
            pass
    os.close(os.open(pipe, os.O_RDWR | os.O_NONBLOCK))


def test_a_view_of_a_file_can_not_compute_for_ever(tmp_path):
    path = tmp_path / "app.db"
    # one instruction of SQLite's machine, which nothing interrupts
    endless = "instr(hex(zeroblob(800000)), hex(zeroblob(400000)) || '1')"
    with closing(sqlite3.connect(path)) as made:
        made.execute(f"CREATE VIEW v AS SELECT {endless} AS x")
    with opened(f"sqlite:///{path}", seconds=0.1) as session, timed_out():
        rows_of(session, Selection(table="v", columns=("x",)))


def test_another_makers_driver_is_left_alone():
    done = Event()

    def connect():
        done.wait(20)
        raise sqlite3.OperationalError

    engine = create_engine("sqlite://", creator=connect)
    with closing(OtherSession(engine, host="h:1", seconds=SHORT)) as session:
        with timed_out():
            session.greet(DatabaseUrl("mysql://me@h/app"))
        with timed_out(0.5):
            session.structure()
        done.set()


def test_closing_is_not_waited_for(monkeypatch):
    done = Event()
    session = OtherSession(create_engine("sqlite://"), host="h:1", seconds=SHORT)
    monkeypatch.setattr(session._engine, "dispose", lambda: done.wait(20))
    started = time.monotonic()
    session.close()
    assert time.monotonic() - started < 3
    done.set()


def test_a_name_that_is_looked_up_again_is_not_waited_for(monkeypatch):
    calls, done, real = [], Event(), socket.getaddrinfo

    def look_up(*given, **more):
        calls.append(given)
        if len(calls) > 1:
            done.wait(20)
        return real("127.0.0.1", 9, *given[2:], **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with timed_out(SHORT + 3), opened_project("http://db.example.com:9", seconds=SHORT):
        pass
    done.set()
    assert len(calls) == 2


def test_a_proxy_that_trickles_is_not_waited_for(monkeypatch):
    def trickle(made):
        made.recv(100)
        made.sendall(b"HTTP/1.1 200 ")
        while True:
            time.sleep(0.1)
            made.sendall(b"x")

    with answering(trickle) as url:
        port = DatabaseUrl(url).addresses(1)[0].port
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with timed_out(SHORT + 3), opened_project("https://db.example.com", seconds=SHORT):
            pass
