"""An HTTP client that only reads: without redirects, in limits of time and size."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any

import httpx

from assay.net.answer_limit import Watch
from assay.net.faults import NetworkFault
from assay.net.hosts import is_this_machine
from assay.net.patience import Late, in_time
from assay.net.reaching import UNREACHABLE
from assay.net.unpacking import PackedError, unpacked
from assay.version import __version__
from assay.words import in_bytes, in_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class TooMuch(NetworkFault):
    """An answer is longer than was asked for, or comes too slowly."""

    def __init__(self, fault: NetworkFault, *, late: bool) -> None:
        super().__init__(fault.code, **fault.values)
        self.late = late


class HttpReader(httpx.Client):
    """Sends GET and HEAD to one host, and reads each answer to its end.

    Proxies and certificates of the process environment apply, as for the application; but not to
    this machine itself, which proxies can't reach.

    Raises, from any request:
        TooMuch: the answer does not come to an end within `largest` bytes, or the time.
        NetworkFault: there is no answer.

    """

    def __init__(self, name: str, *, shown: str, seconds: float, encrypted: bool) -> None:
        """`name` is the host's; `shown` is what messages call it, mostly with its port."""
        super().__init__(
            verify=encrypted,  # reading the certificates takes its time
            timeout=httpx.Timeout(seconds),
            follow_redirects=False,
            mounts=dict.fromkeys(("all://", "http://", "https://"))
            if is_this_machine(name)
            else None,
            headers={"User-Agent": f"assay/{__version__}", "Accept-Encoding": "gzip"},
            limits=httpx.Limits(max_connections=1),
        )
        self.largest = LARGEST
        self._shown = shown
        self._seconds = seconds
        self._watch = Watch()
        self._over = False
        """Whether an answer may still come to a request that nobody waits for."""

    def send(self, request: httpx.Request, **_options: Any) -> httpx.Response:
        """The answer to a request, read to its end."""
        if request.method not in _METHODS:  # whatever calls this, nothing else leaves the process
            raise NetworkFault("failed", host=self._shown, state=request.method)
        request.extensions = {**request.extensions, "trace": self._watch.traced}
        content = bytearray()
        answer = self._in_time(request, content)
        if self._watch.late:
            late = self.timed_out()
            raise TooMuch(late, late=True) if len(content) > TRICKLE else late
        if isinstance(
            answer, NetworkFault
        ):  # raised here, so that no error of httpx is its context
            raise answer
        if len(content) > self.largest:
            most = self.largest // 2**20 * 2**20 or self.largest
            state = f"an answer of more than {in_bytes(most)}"
            raise TooMuch(NetworkFault("failed", host=self._shown, state=state), late=False)
        return self.judged(request, answer, bytes(content))

    def judged(
        self, request: httpx.Request, answer: httpx.Response, content: bytes
    ) -> httpx.Response:
        """The answer with its content, unpacked; subclasses refuse what they can't use."""
        kept = ("content-type", "content-range", "location")
        headers = {name: answer.headers[name] for name in kept if name in answer.headers}
        return httpx.Response(answer.status_code, headers=headers, content=content, request=request)

    def timed_out(self) -> NetworkFault:
        """No answer in time."""
        return NetworkFault("timed-out", host=self._shown, seconds=in_seconds(self._seconds))

    def _in_time(self, request: httpx.Request, content: bytearray) -> httpx.Response | NetworkFault:
        """See `_received`; what can't be cut off, such as looking up a name, is left alone."""
        if not self._over:
            try:
                with self._watch.within(self._seconds):
                    return in_time(lambda: self._received(request, content), self._seconds + _GRACE)
            except Late:
                self._over = True
        return self.timed_out()

    def _received(
        self, request: httpx.Request, content: bytearray
    ) -> httpx.Response | NetworkFault:
        """The answer, whose content is put into `content` until it is too long."""
        try:
            answer = super().send(request, stream=True, auth=None, follow_redirects=False)
            try:
                encoding = answer.headers.get("content-encoding", "")
                unpacked(answer.iter_raw(), encoding, content, self.largest)
            except PackedError:
                state = "an answer that can't be decompressed"
                return NetworkFault("failed", host=self._shown, state=state)
            finally:
                answer.close()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            return self._fault(error)
        return answer

    def _fault(self, error: Exception) -> NetworkFault:
        host = self._shown
        causes = list(_causes(error))
        for cause in causes:
            if (found := _of_network(cause, host)) is not None:
                return found
        if isinstance(error, httpx.TimeoutException):
            return self.timed_out()
        if isinstance(error, httpx.ReadError | httpx.CloseError | httpx.WriteError):
            return NetworkFault("connection-lost", host=host)
        if isinstance(error, httpx.RemoteProtocolError):
            if any(word in str(error) for word in ("disconnected", "closed connection")):
                return NetworkFault("connection-lost", host=host)
            return NetworkFault("failed", host=host, state="an answer that is not valid HTTP")
        return NetworkFault("failed", host=host, state=type(causes[-1]).__name__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _of_network(cause: BaseException, host: str) -> NetworkFault | None:
    if isinstance(cause, ssl.SSLError):
        return NetworkFault("tls-failed", host=host, reason=_tls_reason(cause))
    if isinstance(cause, socket.gaierror):
        return NetworkFault("name-not-resolved", host=host)
    if isinstance(cause, ConnectionRefusedError):
        return NetworkFault("connection-refused", host=host)
    if isinstance(cause, OSError) and cause.errno in UNREACHABLE:
        return NetworkFault("network-unreachable", host=host)
    return None


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, "its certificate is not valid")
    if error.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return "the server speaks plain HTTP there"
    return "the server breaks the handshake off"
