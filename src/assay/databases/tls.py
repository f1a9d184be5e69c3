"""TLS as libpq understands it, and why a certificate is not trusted."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERIFYING = ("verify-ca", "verify-full")
_REASONS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is signed by itself, and not trusted",
    19: "its certificate comes from an authority that is not trusted",
    20: "its certificate comes from an authority that is not trusted",
    21: "its certificate comes from an authority that is not trusted",
    62: "its certificate is for another host",
    64: "its certificate is for another address",
}
"""X509_V_ERR codes: https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/."""


def missing_certificate(parameters: Mapping[str, str]) -> str:
    """Which file with a certificate is needed and not there; empty where all is well."""
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


def context_for(parameters: Mapping[str, str]) -> ssl.SSLContext:
    """What libpq would check of a server's certificate.

    https://www.postgresql.org/docs/current/libpq-ssl.html
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    mode, named = parameters["sslmode"], parameters.get("sslrootcert", "")
    usual = os.path.expanduser("~/.postgresql/root.crt")
    context.check_hostname = mode == "verify-full"
    # libpq checks the chain whenever there is a root certificate, unless it only prefers TLS
    asked = mode in _VERIFYING or (mode == "require" and os.path.exists(named))
    context.verify_mode = ssl.CERT_REQUIRED if asked else ssl.CERT_NONE
    if asked and named == "system":
        context.load_default_certs()
    elif asked:
        context.load_verify_locations(named or usual)
    if parameters.get("sslcert") and parameters.get("sslkey"):
        # an empty password, because without one Python would ask for it on the terminal
        password = parameters.get("sslpassword", "")
        context.load_cert_chain(parameters["sslcert"], parameters["sslkey"], password)
    return context


def why_untrusted(error: ssl.SSLError) -> str:
    """What a failed handshake means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _REASONS.get(error.verify_code, "its certificate is not trusted")
    return "the server broke off, or speaks another version of TLS"
