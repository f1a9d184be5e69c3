"""An HTTP client that only reads: without redirects, in limits of time and size."""

from __future__ import annotations

import json
import socket
import ssl
from typing import TYPE_CHECKING, Any

import httpx

from assay.databases.base import Trouble
from assay.databases.destinations import is_this_machine
from assay.databases.postgrest.faults import Asking, Rejected, no_data, timed_out
from assay.databases.postgrest.watch import Watch
from assay.net.patience import Late, in_time
from assay.net.reaching import UNREACHABLE
from assay.net.unpacking import PackedError, unpacked
from assay.version import __version__
from assay.words import in_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.databases.postgrest.access import Address, Key

LARGEST = 16 * 2**20
"""Bytes of an answer, unpacked."""
TRICKLE = 65536
"""Bytes of an answer that came too late, below which less of it would come too late as well."""
_GRACE = 0.5
"""Seconds for a connection that was cut off to notice."""
_METHODS = ("GET", "HEAD")
_CERTIFICATES = {  # X509_V_ERR_... of OpenSSL, x509_vfy.h
    10: "its certificate has expired",
    18: "its certificate is self-signed",
    19: "its certificate comes from an authority that is not trusted here",
    20: "its certificate comes from an authority that is not trusted here",
    62: "its certificate is another host's",
    64: "its certificate is another host's",
}


class TooMuch(Exception):  # noqa: N818 - an answer of the world, not an error of ours
    """An answer is longer than was asked for, or comes too slowly."""

    def __init__(self, trouble: Trouble, *, late: bool) -> None:
        super().__init__("an answer that is too long")
        self.trouble = trouble
        self.late = late


class Reader(httpx.Client):
    """Sends GET and HEAD, and gives back answers that hold JSON.

    Proxies and certificates of the process environment hold, as for the application; but not for
    this machine itself, which proxies can't reach.

    Raises, from any request:
        Rejected: the server refuses in JSON.
        TooMuch: the answer does not come to an end within `largest` bytes, or the time.
        Trouble: there is no answer, or one that holds no JSON.

    """

    def __init__(self, address: Address, key: Key, asking: Asking) -> None:
        local = is_this_machine(address.name)
        super().__init__(
            verify=address.url.startswith("https:"),  # reading the certificates takes its time
            timeout=httpx.Timeout(asking.seconds),
            follow_redirects=False,
            mounts=dict.fromkeys(("all://", "http://", "https://")) if local else None,
            headers={"User-Agent": f"assay/{__version__}", "Accept-Encoding": "gzip"},
            limits=httpx.Limits(max_connections=1),
        )
        self.asking = asking
        self.largest = LARGEST
        self.size = 0
        """Bytes of the last answer."""
        self.start: int | None = None
        """Where its rows begin among all, as it says."""
        self._token = key.token
        self._watch = Watch()
        self._over = False
        """Whether an answer may still come to a request that nobody waits for."""

    def send(self, request: httpx.Request, **_options: Any) -> httpx.Response:
        """The answer to a request, read to its end."""
        if request.method not in _METHODS:  # whatever calls this, nothing else leaves the process
            raise Trouble("database-failed", host=self.asking.host, state=request.method)
        if not self._token:
            # A key that is no JWT is none as a bearer token either: PostgREST answers PGRST301.
            request.headers.pop("Authorization", None)
        request.extensions = {**request.extensions, "trace": self._watch.traced}
        content = bytearray()
        answer = self._in_time(request, content)
        if self._watch.late:
            late = timed_out(self.asking)
            raise TooMuch(late, late=True) if len(content) > TRICKLE else late
        if isinstance(answer, Trouble):  # raised here, so that no error of httpx hangs on it
            raise answer
        if len(content) > self.largest:
            most = self.largest // 2**20 * 2**20 or self.largest
            state = f"an answer of more than {in_bytes(most)}"
            long = Trouble("database-failed", host=self.asking.host, state=state)
            raise TooMuch(long, late=False)
        return self._judged(request, answer, bytes(content))

    def _in_time(self, request: httpx.Request, content: bytearray) -> httpx.Response | Trouble:
        """See `_received`; what can't be cut off, such as looking up a name, is left alone."""
        seconds = self.asking.seconds
        if not self._over:
            try:
                with self._watch.within(seconds):
                    return in_time(lambda: self._received(request, content), seconds + _GRACE)
            except Late:
                self._over = True
        return timed_out(self.asking)

    def _received(self, request: httpx.Request, content: bytearray) -> httpx.Response | Trouble:
        """The answer, whose content is put into `content` until it is too long."""
        try:
            answer = super().send(request, stream=True, auth=None, follow_redirects=False)
            try:
                encoding = answer.headers.get("content-encoding", "")
                unpacked(answer.iter_raw(), encoding, content, self.largest)
            except PackedError:
                state = "an answer that can't be unpacked"
                return Trouble("database-failed", host=self.asking.host, state=state)
            finally:
                answer.close()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            return self._trouble(error)
        return answer

    def _judged(
        self, request: httpx.Request, answer: httpx.Response, content: bytes
    ) -> httpx.Response:
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

    def _trouble(self, error: Exception) -> Trouble:
        host = self.asking.host
        causes = list(_causes(error))
        for cause in causes:
            if (found := _of_network(cause, host)) is not None:
                return found
        if isinstance(error, httpx.TimeoutException):
            return timed_out(self.asking)
        if isinstance(error, httpx.ReadError | httpx.CloseError | httpx.WriteError):
            return Trouble("database-connection-lost", host=host)
        if isinstance(error, httpx.RemoteProtocolError):
            if any(word in str(error) for word in ("disconnected", "closed connection")):
                return Trouble("database-connection-lost", host=host)
            return Trouble("database-failed", host=host, state="an answer that is not HTTP")
        return Trouble("database-failed", host=host, state=type(causes[-1]).__name__)


def json_of(content: bytes) -> Any:
    """What JSON holds; None where it is none, or cut off."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _of_network(cause: BaseException, host: str) -> Trouble | None:
    if isinstance(cause, ssl.SSLError):
        return Trouble("database-tls-failed", host=host, reason=_tls_reason(cause))
    if isinstance(cause, socket.gaierror):
        return Trouble("database-name-not-resolved", host=host)
    if isinstance(cause, ConnectionRefusedError):
        return Trouble("database-connection-refused", host=host)
    if isinstance(cause, OSError) and cause.errno in UNREACHABLE:
        return Trouble("database-network-unreachable", host=host)
    return None


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, "its certificate is not valid")
    if error.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return "the server speaks plain HTTP there"
    return "the server breaks the handshake off"


def _range_start(text: str) -> int | None:
    first = text.partition("-")[0]
    return int(first) if first.isascii() and first.isdigit() and len(first) < 16 else None
