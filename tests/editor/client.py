"""A small client of the Language Server Protocol 3.17: JSON-RPC over a process's own streams."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import threading
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TIMEOUT = 60.0
"""Seconds that an answer may take."""


class Position(NamedTuple):
    """A place in a text; both count from zero."""

    line: int
    character: int


class LanguageServer:
    """A running server, and what it said unasked."""

    def __init__(self, process: subprocess.Popen[bytes], settings: Mapping[str, Any]) -> None:
        self._process = process
        self._settings = settings
        self._received: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._next = 0
        self._documents = 0
        self.errors: list[str] = []
        """What the server reported as going wrong."""
        threading.Thread(target=self._listen, daemon=True).start()

    @classmethod
    @contextlib.contextmanager
    def running(
        cls, command: list[str], root: Path, settings: Mapping[str, Any]
    ) -> Iterator[LanguageServer]:
        """Start a server and shake hands; it is gone after the block."""
        with subprocess.Popen(
            command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            try:
                server = cls(process, settings)
                capabilities = {
                    "workspace": {"configuration": True},
                    "textDocument": {
                        "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
                        "publishDiagnostics": {},
                    },
                }
                server.ask(
                    "initialize",
                    {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities},
                )
                server.tell("initialized", {})
                yield server
                server.ask("shutdown", None)
                server.tell("exit", None)
                process.wait(TIMEOUT)
            finally:
                process.kill()

    @contextlib.contextmanager
    def opened(self, text: str) -> Iterator[str]:
        """The URI of a document that is open during the block."""
        self._documents += 1
        uri = f"file:///virtual/{self._documents}.yaml"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        yield uri
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})

    def diagnostics(self, text: str) -> list[str]:
        """What is wrong with a document: `line:column message`, counted from one."""
        with self.opened(text) as uri:
            while True:
                message = self._receive()
                if message.get("method") != "textDocument/publishDiagnostics":
                    continue
                if message["params"]["uri"] == uri:
                    break
        return [
            f"{found['range']['start']['line'] + 1}:{found['range']['start']['character'] + 1} "
            f"{found['message']}"
            for found in message["params"]["diagnostics"]
        ]

    def hover(self, text: str, place: Position) -> str:
        """What is shown for a place, in Markdown."""
        with self.opened(text) as uri:
            answer = self.ask("textDocument/hover", _at(uri, place))
        return str(answer["contents"]["value"]) if answer else ""

    def completions(self, text: str, place: Position) -> dict[str, str]:
        """What is offered at a place: each label with its documentation."""
        with self.opened(text) as uri:
            answer = self.ask("textDocument/completion", _at(uri, place))
        return {item["label"]: _text(item.get("documentation")) for item in answer["items"]}

    def ask(self, method: str, params: Any) -> Any:
        """Send a request and wait for its result."""
        self._next += 1
        asked = self._next
        self._send({"id": asked, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == asked and "method" not in message:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message.get("result")

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self._process.stdin
        assert stream is not None
        stream.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        stream.flush()

    def _receive(self) -> dict[str, Any]:
        """The next message; the server's own requests are answered on the way."""
        message = self._received.get(timeout=TIMEOUT)
        if message is None:
            raise EOFError("the server ended")
        method = message.get("method", "")
        if method == "workspace/configuration":
            wanted = message["params"]["items"]
            result = [self._settings.get(item.get("section", "")) for item in wanted]
            self._send({"id": message["id"], "result": result})
        elif "id" in message and method:
            self._send({"id": message["id"], "result": None})
        elif method in ("telemetry/event", "window/showMessage", "window/logMessage"):
            params = message["params"]
            if params.get("type") == 1 or "error" in str(params.get("name", "")):
                self.errors.append(json.dumps(params))
        return message

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while True:
            size = 0
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    size = int(value)
            if not size:
                self._received.put(None)
                return
            self._received.put(json.loads(stream.read(size)))


def _at(uri: str, place: Position) -> dict[str, Any]:
    position = {"line": place.line, "character": place.character}
    return {"textDocument": {"uri": uri}, "position": position}


def _text(documentation: Any) -> str:
    value = documentation.get("value") if isinstance(documentation, dict) else documentation
    return str(value or "")
