"""Credentials of M-Pesa's Daraja API.

Safaricom documents no shapes. The lengths below are those of keys seen in the field, so all but
the shortcode's are warnings.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from assay.formats.decoding import decode_base64
from assay.formats.tokens import Token, issued
from assay.model import Severity

_issued = partial(issued, severity=Severity.WARNING)
_PORTAL = "developer.safaricom.co.ke (My Apps)"


@_issued(
    by=_PORTAL,
    what="a consumer key as Daraja issues them",
    form="32 or 48 letters and digits",
    why="Daraja answers 400 'Invalid Authentication passed' to the request for an access token, so "
    "nobody can pay.",
)
class MpesaConsumerKey(Token, frozen=True, kw_only=True, tag="mpesa-consumer-key"):
    """The consumer key of a Daraja app."""

    title = "an M-Pesa consumer key"
    sample = ("example" * 5)[:32]
    shape = "[A-Za-z0-9]{32}|[A-Za-z0-9]{48}"


@_issued(
    by=_PORTAL,
    what="a consumer secret as Daraja issues them",
    form="16 or 64 letters and digits",
    why="Daraja rejects the request for an access token, so nobody can pay.",
)
class MpesaConsumerSecret(Token, frozen=True, kw_only=True, tag="mpesa-consumer-secret"):
    """The consumer secret of a Daraja app."""

    title = "an M-Pesa consumer secret"
    sample = ("example" * 3)[:16]
    shape = "[A-Za-z0-9]{16}|[A-Za-z0-9]{64}"


@_issued(
    by="Safaricom's go-live email (in the sandbox: Simulate)",
    what="a passkey as Daraja issues them",
    form="64 hex digits",
    why="Daraja computes a different password for the STK push and rejects it with 'Wrong "
    "credentials'.",
)
class MpesaPasskey(Token, frozen=True, kw_only=True, tag="mpesa-passkey"):
    """The passkey with which STK push requests are signed."""

    title = "an M-Pesa passkey"
    screened: ClassVar[tuple[object, ...] | None] = ("chars", "0123456789abcdefABCDEF", 64, 64)
    sample = "0" * 64
    shape = "[0-9a-fA-F]{64}"


@issued(
    by="the M-Pesa organisation portal (the paybill or till number)",
    what="a shortcode",
    form="5 to 7 digits",
    why="Daraja rejects the transaction because it can't find the merchant of the shortcode.",
)
class MpesaShortcode(Token, frozen=True, kw_only=True, tag="mpesa-shortcode"):
    """The number of a paybill or a till."""

    title = "an M-Pesa shortcode"
    secret_by_type = False
    """Customers read it on the wall."""
    screened: ClassVar[tuple[object, ...] | None] = ("chars", "0123456789", 5, 7)
    sample = "174379"
    """The sandbox's, which Safaricom publishes."""
    shape = "[0-9]{5,7}"


@_issued(
    by="the output of `openssl pkeyutl -encrypt` with M-Pesa's certificate, or the portal",
    what="a security credential",
    form="base64 of 256 or 512 bytes, the initiator's password encrypted with M-Pesa's certificate",
    why="B2C payments, reversals and status queries fail because M-Pesa can't decrypt the "
    "initiator's password.",
)
class MpesaSecurityCredential(Token, frozen=True, kw_only=True, tag="mpesa-security-credential"):
    """The initiator's password under M-Pesa's public key."""

    title = "an M-Pesa security credential"
    screened: ClassVar[tuple[object, ...] | None] = ("base64", 256)
    sample = "A" * 342 + "=="

    def has_form(self, value: str) -> bool:
        """As long as the modulus of the certificate's key, 2048 or 4096 bits."""
        return len(decode_base64(value) or b"") in (256, 512)
