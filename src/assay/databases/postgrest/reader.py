"""Reads a data API: answers that hold JSON, and what others mean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx

from assay.databases.postgrest.faults import Asking, Rejected, no_data
from assay.databases.trouble import DatabaseTrouble
from assay.net.faults import NetworkFault
from assay.net.http import HttpReader, TooMuch

if TYPE_CHECKING:
    from assay.databases.postgrest.access import ApiAddress, ApiKey


class Reader(HttpReader):
    """Sends GET and HEAD, and gives back answers that hold JSON.

    Raises, from any request:
        Rejected: the server refuses in JSON.
        TooMuch: the answer does not come to an end within `largest` bytes, or the time.
        Trouble: there is no answer, or one that holds no JSON.

    """

    def __init__(self, address: ApiAddress, key: ApiKey, asking: Asking) -> None:
        super().__init__(
            address.name,
            shown=asking.host,
            seconds=asking.seconds,
            encrypted=address.url.startswith("https:"),
        )
        self.asking = asking
        self.size: int = 0
        """Bytes of the last answer."""
        self.start: int | None = None
        """Where its rows begin among all, as it says."""
        self._token = key.token

    def send(self, request: httpx.Request, **_options: Any) -> httpx.Response:
        """The answer to a request, read to its end."""
        if not self._token:
            # A key that isn't a JWT isn't a bearer token either: PostgREST answers PGRST301.
            request.headers.pop("Authorization", None)
        try:
            return super().send(request)
        except TooMuch:
            raise
        except NetworkFault as fault:
            raise DatabaseTrouble.of(fault) from None

    def judged(
        self, request: httpx.Request, answer: httpx.Response, content: bytes
    ) -> httpx.Response:
        """The answer, if it holds data."""
        status, content_type = answer.status_code, answer.headers.get("content-type", "").lower()
        # A success is parsed by whoever asked; an empty one would pass for no rows there.
        if "json" not in content_type or not content.strip():
            raise no_data(status, content_type, self.asking)
        if not answer.is_success:
            found = json_of(content)
            if found is None:
                raise no_data(status, content_type, self.asking)
            raise Rejected(status, found)
        self.size, self.start = len(content), _range_start(answer.headers.get("content-range", ""))
        headers = {"content-type": content_type}
        return httpx.Response(status, headers=headers, content=content, request=request)


def json_of(content: bytes) -> Any:
    """What JSON holds; None if it isn't JSON, or is cut off."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _range_start(text: str) -> int | None:
    first = text.partition("-")[0]
    return int(first) if first.isascii() and first.isdigit() and len(first) < 16 else None
