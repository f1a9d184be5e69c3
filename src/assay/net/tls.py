"""TLS as libpq understands it, and why a certificate is not trusted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERIFYING = ("verify-ca", "verify-full")
REASONS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is self-signed and not trusted",
    19: "its certificate comes from an authority that is not trusted",
    20: "its certificate comes from an authority that is not trusted",
    21: "its certificate comes from an authority that is not trusted",
    23: "its certificate was revoked",
    62: "its certificate is for another host",
    64: "its certificate is for another address",
}
"""X509_V_ERR codes: https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/."""


def missing_certificate(parameters: Mapping[str, str]) -> str:
    """Which file with a certificate is needed and not there; empty if none is."""
    named = parameters.get("sslrootcert", "")
    if named in ("", "system"):
        usual = os.path.expanduser("~/.postgresql/root.crt")
        if not named and parameters["sslmode"] in _VERIFYING and not os.path.exists(usual):
            return (
                "the URL demands a trusted certificate, and its `sslrootcert` does not say"
                " whose: expected a file, or `system`"
            )
    elif parameters["sslmode"] in _VERIFYING and not os.path.exists(named):
        return "the file that its `sslrootcert` names does not exist"
    files = (("sslcert", parameters.get("sslcert")), ("sslkey", parameters.get("sslkey")))
    for name, path in files:
        if path and not os.path.exists(path):
            return f"the file that its `{name}` names does not exist"
    return ""
