"""What libpq knows of a connection that psycopg doesn't pass on.

libpq keeps no result of a connection that fails, only a text in the server's language. That text
begins with the SQLSTATE if libpq was asked for verbose errors before the server answered; psycopg
has no call for that, so it's made on the very libpq that psycopg is linked with. The same goes for
the reason why OpenSSL did not trust a certificate.
https://www.postgresql.org/docs/current/libpq-control.html#LIBPQ-PQSETERRORVERBOSITY
"""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from typing import Any

_DEFAULT, _VERBOSE = 1, 2
"""PQERRORS_DEFAULT and PQERRORS_VERBOSE of libpq-fe.h, the same since PostgreSQL 7.4."""


@cache
def _linked() -> Any:
    """The library that psycopg is linked with; nothing if it can't be reported.

    A symbol that's looked up in a loaded module is searched in what it was linked with, so that
    another libpq in the same process, such as psycopg2's, is never found.
    """
    from psycopg import pq

    path = getattr(sys.modules.get(pq.PGconn.__module__), "__file__", None)
    found: Any = getattr(sys.modules.get("psycopg.pq._pq_ctypes"), "pq", None)
    try:
        if pq.__impl__ != "python":
            found = ctypes.CDLL(path, mode=os.RTLD_NOLOAD | os.RTLD_LAZY)
        return found if found.PQlibVersion() == pq.version() else None
    except (AttributeError, OSError, TypeError):  # no such flag, linked statically, or another
        return None


def _function(name: str, result: Any, *arguments: Any) -> Any:
    """A function of the library, or nothing."""
    try:
        # a function of our own, so that psycopg's declarations of the same one stay as they are
        return ctypes.CFUNCTYPE(result, *arguments)((name, _linked()))
    except (AttributeError, TypeError):
        return None


@cache
def _functions() -> dict[str, Any]:
    """What is called, by its name; nothing of OpenSSL without all that it takes."""
    pointer = ctypes.c_void_p
    found = {
        "verbosity": _function("PQsetErrorVerbosity", ctypes.c_int, pointer, ctypes.c_int),
        "poll": _function("PQconnectPoll", ctypes.c_int, pointer),
    }
    openssl = {
        "tls": _function("PQsslStruct", pointer, pointer, ctypes.c_char_p),
        "keep": _function("SSL_up_ref", ctypes.c_int, pointer),
        "result": _function("SSL_get_verify_result", ctypes.c_long, pointer),
        "free": _function("SSL_free", None, pointer),
    }
    return found | (openssl if all(openssl.values()) else {})


class Listener:
    """Hears why libpq refuses, or is refused. Close it before the connection is finished."""

    def __init__(self, pgconn: Any) -> None:
        """Take what `PGconn.connect_start` returned, before libpq is polled."""
        self._pgconn = pgconn
        self._tls: int | None = None
        self._set(_VERBOSE)

    def poll(self) -> int:
        """Have libpq do its next step.

        psycopg's own `connect_poll` does it while no other thread may run, and a server can make it
        last: SCRAM hashes as often as the server says, two thousand million times if it likes.
        """
        function = _functions()["poll"]
        if function is None or not self._pgconn.pgconn_ptr:
            return int(self._pgconn.connect_poll())
        polled = int(function(self._pgconn.pgconn_ptr))
        self._listen()
        return polled

    def _listen(self) -> None:
        """Keep the state of TLS, which libpq frees as soon as the handshake fails."""
        functions = _functions()
        if "tls" not in functions:
            return
        found = functions["tls"](self._pgconn.pgconn_ptr, b"OpenSSL")
        if found and found != self._tls:
            self._free()
            functions["keep"](found)
            self._tls = found

    @property
    def hears_tls(self) -> bool:
        """Whether the state of TLS is kept."""
        return self._tls is not None

    @property
    def verify_code(self) -> int:
        """OpenSSL's X509_V_ERR code for the last certificate; 0 if there is none."""
        return int(_functions()["result"](self._tls)) if self._tls else 0

    def close(self) -> None:
        """Leave the connection as psycopg expects it."""
        self._free()
        self._set(_DEFAULT)

    def _set(self, verbosity: int) -> None:
        function = _functions()["verbosity"]
        if function is not None and self._pgconn.pgconn_ptr:
            function(self._pgconn.pgconn_ptr, verbosity)

    def _free(self) -> None:
        if self._tls:
            _functions()["free"](self._tls)
        self._tls = None
