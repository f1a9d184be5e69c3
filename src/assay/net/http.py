"""An HTTP client that only reads: without redirects, in limits of time and size.

httpx limits each read alone, so that a trickle never ends; and it unpacks a piece as a whole, so
that 64 KiB of zeros in gzip come as 64 MiB.
"""

from __future__ import annotations

import socket
import ssl
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx

from assay.net.faults import NetworkFault, fault_of
from assay.net.hosts import is_this_machine
from assay.net.patience import Late, in_time
from assay.version import __version__
from assay.words import in_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LARGEST = 16 * 2**20
"""Bytes of an answer, unpacked."""
TRICKLE = 65536
"""Bytes of an answer that came too late, below which less of it would come too late as well."""
_GRACE = 0.5
"""Seconds for a connection that was cut off to notice."""
_METHODS = ("GET", "HEAD")
_GZIP = 31
"""Window bits of zlib for gzip: https://www.zlib.net/manual.html#Advanced."""
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
        self._late = False
        """Whether the time of the last answer was over."""
        self._socket: socket.socket | None = None
        self._over = False
        """Whether an answer may still come to a request that nobody waits for."""

    def send(self, request: httpx.Request, **_options: Any) -> httpx.Response:
        """The answer to a request, read to its end."""
        if request.method not in _METHODS:  # whatever calls this, nothing else leaves the process
            raise NetworkFault("failed", host=self._shown, state=request.method)
        request.extensions = {**request.extensions, "trace": self._traced}
        content = bytearray()
        answer = self._in_time(request, content)
        if self._late:
            late = NetworkFault.timed_out(self._shown, self._seconds)
            raise TooMuch(late, late=True) if len(content) > TRICKLE else late
        if isinstance(answer, NetworkFault):
            raise answer  # here, so that no error of httpx is its context
        if len(content) > self.largest:
            most = self.largest // 2**20 * 2**20 or self.largest
            raise TooMuch(self._failed(f"an answer of more than {in_bytes(most)}"), late=False)
        kept = ("content-type", "content-range", "location")
        headers = {name: answer.headers[name] for name in kept if name in answer.headers}
        whole = bytes(content)
        return httpx.Response(answer.status_code, headers=headers, content=whole, request=request)

    def _failed(self, state: str) -> NetworkFault:
        return NetworkFault("failed", host=self._shown, state=state)

    def _traced(self, event: str, info: Mapping[str, Any]) -> None:
        """What httpx shows of its connections: https://www.python-httpx.org/advanced/extensions/."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")

    def _cut(self) -> None:
        self._late = True
        if self._socket is not None:
            with suppress(OSError):
                # that of SSLSocket forgets its TLS, which the reading thread still uses
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _in_time(self, request: httpx.Request, content: bytearray) -> httpx.Response | NetworkFault:
        """See `_received`; what can't be cut off, such as looking up a name, is left alone."""
        self._late = False
        if not self._over:
            try:
                return in_time(
                    lambda: self._received(request, content),
                    self._seconds,
                    cut=self._cut,
                    grace=_GRACE,
                )
            except Late:
                self._over = True
        return NetworkFault.timed_out(self._shown, self._seconds)

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
                return self._failed("an answer that can't be decompressed")
            finally:
                answer.close()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            return self._fault(error)
        return answer

    def _fault(self, error: Exception) -> NetworkFault:
        host = self._shown
        causes = list(_causes(error))
        for cause in causes:
            if isinstance(cause, ssl.SSLError):
                return NetworkFault("tls-failed", host=host, reason=_tls_reason(cause))
            if (found := fault_of(cause, host)) is not None:
                return found
        if isinstance(error, httpx.TimeoutException):
            return NetworkFault.timed_out(host, self._seconds)
        lost = isinstance(error, httpx.ReadError | httpx.CloseError | httpx.WriteError)
        if isinstance(error, httpx.RemoteProtocolError):
            lost = any(word in str(error) for word in ("disconnected", "closed connection"))
            if not lost:
                return self._failed("an answer that is not valid HTTP")
        if lost:
            return NetworkFault("connection-lost", host=host)
        return self._failed(type(causes[-1]).__name__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, "its certificate is not valid")
    if error.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
        return "the server speaks plain HTTP there"
    return "the server breaks the handshake off"


class PackedError(Exception):
    """A body is in no form that was asked for."""


def unpacked(pieces: Iterable[bytes], encoding: str, content: bytearray, most: int) -> None:
    """Put a body into `content` until it is longer than `most`, or what it is packed in is.

    Raises:
        PackedError: it can't be unpacked.

    """
    form = encoding.strip().lower()
    if form not in ("", "identity", "gzip", "x-gzip"):
        raise PackedError
    packed = zlib.decompressobj(_GZIP) if form.endswith("gzip") else None
    received = 0
    for piece in pieces:
        received += len(piece)
        try:
            room = most + 1 - len(content)
            content += piece[:room] if packed is None else packed.decompress(piece, room)
        except zlib.error:
            raise PackedError from None
        if received > most or len(content) > most:
            content.extend(b" " * (most + 1 - len(content)))  # too long, whatever it unpacks to
            return
