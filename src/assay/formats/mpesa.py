"""Credentials of M-Pesa's Daraja API.

Safaricom documents no shapes. The lengths below are those of keys seen in the field, so all but
the shortcode's are warnings.
"""

from __future__ import annotations

from collections.abc import Iterator

from assay.formats.decoding import decode_base64
from assay.formats.tokens import Token, malformed
from assay.model import Severity, Violation

_PORTAL = "developer.safaricom.co.ke (My Apps)"
CONSUMER_KEY = malformed(
    "mpesa-consumer-key",
    "a consumer key as Daraja issues them",
    "32 or 48 letters and digits",
    obtain=_PORTAL,
    why="Daraja answers 400 'Invalid Authentication passed' to the request for an access token, so "
    "nobody can pay.",
    severity=Severity.WARNING,
)
CONSUMER_SECRET = malformed(
    "mpesa-consumer-secret",
    "a consumer secret as Daraja issues them",
    "16 or 64 letters and digits",
    obtain=_PORTAL,
    why="Daraja rejects the request for an access token, so nobody can pay.",
    severity=Severity.WARNING,
)
PASSKEY = malformed(
    "mpesa-passkey",
    "a passkey as Daraja issues them",
    "64 hex digits",
    obtain="Safaricom's go-live email (in the sandbox: Simulate)",
    why="Daraja computes a different password for the STK push and rejects it with 'Wrong "
    "credentials'.",
    severity=Severity.WARNING,
)
SHORTCODE = malformed(
    "mpesa-shortcode",
    "a shortcode",
    "5 to 7 digits",
    obtain="the M-Pesa organisation portal (the paybill or till number)",
    why="Daraja rejects the transaction because it can't find the merchant of the shortcode.",
)
SECURITY_CREDENTIAL = malformed(
    "mpesa-security-credential",
    "a security credential",
    "base64 of 256 or 512 bytes, the initiator's password encrypted with M-Pesa's certificate",
    obtain="the output of `openssl pkeyutl -encrypt` with M-Pesa's certificate, or the portal",
    why="B2C payments, reversals and status queries fail because M-Pesa can't decrypt the "
    "initiator's password.",
    severity=Severity.WARNING,
)


class MpesaConsumerKey(Token, frozen=True, kw_only=True, tag="mpesa-consumer-key"):
    """The consumer key of a Daraja app."""

    title = "an M-Pesa consumer key"
    sample = ("example" * 5)[:32]
    rules = (CONSUMER_KEY,)
    shape = "[A-Za-z0-9]{32}|[A-Za-z0-9]{48}"


class MpesaConsumerSecret(Token, frozen=True, kw_only=True, tag="mpesa-consumer-secret"):
    """The consumer secret of a Daraja app."""

    title = "an M-Pesa consumer secret"
    sample = ("example" * 3)[:16]
    rules = (CONSUMER_SECRET,)
    shape = "[A-Za-z0-9]{16}|[A-Za-z0-9]{64}"


class MpesaPasskey(Token, frozen=True, kw_only=True, tag="mpesa-passkey"):
    """The passkey with which STK push requests are signed."""

    title = "an M-Pesa passkey"
    screened = ("chars", "0123456789abcdefABCDEF", 64, 64)
    """The digits and their number."""
    sample = "0" * 64
    """Zeros."""
    rules = (PASSKEY,)
    shape = "[0-9a-fA-F]{64}"


class MpesaShortcode(Token, frozen=True, kw_only=True, tag="mpesa-shortcode"):
    """The number of a paybill or a till."""

    title = "an M-Pesa shortcode"
    secret_by_type = False
    """Customers read it on the wall."""
    screened = ("chars", "0123456789", 5, 7)
    """The digits and their number."""
    sample = "174379"
    """The sandbox's, which Safaricom publishes."""
    rules = (SHORTCODE,)
    shape = "[0-9]{5,7}"


class MpesaSecurityCredential(Token, frozen=True, kw_only=True, tag="mpesa-security-credential"):
    """The initiator's password under M-Pesa's public key."""

    title = "an M-Pesa security credential"
    screened = ("base64", 256)
    """Canonical base64 of 256 bytes."""
    sample = "A" * 342 + "=="
    """256 zero bytes."""
    rules = (SECURITY_CREDENTIAL,)

    def violations(self, value: str) -> Iterator[Violation]:
        """As long as the modulus of the certificate's key, 2048 or 4096 bits."""
        decoded = decode_base64(value)
        if decoded is None or len(decoded) not in (256, 512):
            yield SECURITY_CREDENTIAL.violated()
