"""The HTTP client reads, and nothing else: no redirect, no flood, no endless wait."""

from __future__ import annotations

import gzip
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from assay.net.faults import NetworkFault
from assay.net.http import HttpReader, TooMuch

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

CANARY = "s3same-opens-the-cave-1"


class Handler(BaseHTTPRequestHandler):
    """Answers by path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body, headers, status = b"hello", {}, 200
        if self.path == "/moved":
            status, headers = 302, {"Location": "/secret"}
        elif self.path == "/zip":
            body, headers = gzip.compress(b"0" * 10_000), {"Content-Encoding": "gzip"}
        elif self.path == "/odd":
            headers = {"Content-Encoding": "br"}
        elif self.path == "/slow":
            time.sleep(2)
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body)), "X-Own": CANARY}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    made.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def got(
    server: ThreadingHTTPServer, path: str, *, largest: int = 1000, seconds: float = 5.0
) -> httpx.Response:
    port = server.server_address[1]
    with HttpReader("127.0.0.1", shown="shop", seconds=seconds, encrypted=False) as reader:
        reader.largest = largest
        return reader.get(f"http://127.0.0.1:{port}{path}")


def test_an_answer_is_read_to_its_end(server):
    answer = got(server, "/")
    assert (answer.status_code, answer.content) == (200, b"hello")
    assert "x-own" not in answer.headers


def test_a_redirect_is_an_answer_and_is_not_followed(server):
    answer = got(server, "/moved")
    assert (answer.status_code, answer.headers["location"]) == (302, "/secret")
    assert server.seen == ["/moved"]


def test_a_packed_answer_counts_as_it_is_unpacked(server):
    assert len(got(server, "/zip", largest=10_000).content) == 10_000
    with pytest.raises(TooMuch) as caught:
        got(server, "/zip", largest=9_999)
    assert (caught.value.code, caught.value.late) == ("failed", False)
    assert caught.value.values == {"host": "shop", "state": "an answer of more than 9.8 KiB"}


def test_what_was_not_asked_for_is_not_unpacked(server):
    with pytest.raises(NetworkFault) as caught:
        got(server, "/odd")
    assert caught.value.values["state"] == "an answer that can't be decompressed"


def test_a_slow_answer_is_given_up(server):
    with pytest.raises(NetworkFault) as caught:
        got(server, "/slow", seconds=0.2)
    assert caught.value.code == "timed-out"


def test_nothing_but_reading_leaves_the_process(server):
    port = server.server_address[1]
    reader = HttpReader("127.0.0.1", shown="shop", seconds=5.0, encrypted=False)
    with closing(reader), pytest.raises(NetworkFault) as caught:
        reader.post(f"http://127.0.0.1:{port}/", content=CANARY)
    assert caught.value.values == {"host": "shop", "state": "POST"}
    assert server.seen == []


def test_a_closed_port_is_told(server):
    port = server.server_address[1]
    server.shutdown()
    server.socket.close()
    reader = HttpReader("127.0.0.1", shown="shop", seconds=5.0, encrypted=False)
    with closing(reader), pytest.raises(NetworkFault) as caught:
        reader.get(f"http://127.0.0.1:{port}/{CANARY}")
    assert caught.value.code == "connection-refused"
    assert CANARY not in repr((caught.value, caught.value.values, caught.value.__context__))
