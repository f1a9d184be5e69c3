"""X.509 certificates in PEM (RFC 5280)."""

from __future__ import annotations

import ipaddress
import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from assay.formats import asymmetric, clock
from assay.formats.armor import PEM_RULES, armored, wrap
from assay.formats.hosts import host_allowed, hosts_problems
from assay.formats.pems import Armored
from assay.model import Rule, Severity, Violation

MALFORMED = Rule(
    code="certificate-malformed",
    message="{name} is not a readable certificate",
    remedy="Check the file with `openssl x509 -in FILE -noout -text`, and paste it again.",
    why="A server can't offer TLS without its certificate, and a client can't verify anyone.",
)
IS_KEY = Rule(
    code="certificate-is-key",
    message="{name} contains a key: expected a certificate",
    remedy="Paste the file whose first line is -----BEGIN CERTIFICATE----- into {name}.",
    why="Certificates are sent to everyone who connects, so a private key here would be exposed.",
)
EXPIRED = Rule(
    code="certificate-expired",
    message="{name} is a certificate that expired on {day}",
    remedy="Renew the certificate, and set {name} to the new one.",
    why="Clients refuse to connect to a server whose certificate has expired.",
)
EXPIRES_SOON = Rule(
    code="certificate-expires-soon",
    message="{name} is a certificate that expires on {day}: expected at least {days} more days",
    remedy="Renew the certificate now, and set {name} to the new one.",
    why="From that day on, clients refuse to connect.",
    severity=Severity.WARNING,
)
NOT_YET_VALID = Rule(
    code="certificate-not-yet-valid",
    message="{name} is a certificate that is not valid until {day}",
    remedy="Check this machine's clock, or set {name} to the current certificate.",
    why="Until that day, clients refuse to connect.",
)
HOST = Rule(
    code="certificate-host",
    message="{name} is a certificate that does not cover {host}",
    remedy="Have a certificate issued for {host}, and set {name} to it.",
    why="Clients compare the host with the names in the certificate (RFC 9525) and refuse to "
    "connect.",
)
MISMATCH = Rule(
    code="certificate-key-mismatch",
    message="{name} does not belong to the private key in {key}",
    remedy="Set {name} and {key} to a certificate and a key that were issued together.",
    why="The server refuses to start with 'key values mismatch'.",
)


class Certificate(Armored, frozen=True, kw_only=True, tag="certificate"):
    """A certificate, or a chain that begins with it."""

    title = "a certificate"
    public = True
    looks_like = "-----BEGIN CERTIFICATE"
    rules: ClassVar[tuple[Rule, ...]] = (
        *PEM_RULES,
        MALFORMED,
        IS_KEY,
        EXPIRED,
        EXPIRES_SOON,
        NOT_YET_VALID,
        HOST,
        MISMATCH,
    )

    hosts: Annotated[
        tuple[str, ...] | None,
        Meta(
            description="The hosts that the certificate must be valid for.",
            examples=[["api.example.com"]],
        ),
    ] = None
    min_validity: Annotated[
        int,
        Meta(description="How many more days the certificate must be valid.", examples=[21], ge=0),
    ] = 0
    key: Annotated[
        str | None,
        Meta(description="The variable that holds its private key.", examples=["TLS_PRIVATE_KEY"]),
    ] = None

    def problems(self) -> Iterator[tuple[str, str]]:
        yield from hosts_problems(self.hosts)

    def within(self, text: str, labels: list[str]) -> Iterator[Violation]:
        if any(label.endswith("KEY") for label in labels):
            yield IS_KEY.violated()
            return
        facts = _facts(text)
        if facts is None:
            yield MALFORMED.violated()
            return
        begin, end, names, _ = facts
        yield from self._time(begin, end)
        for host in self.hosts or ():
            if not _covers(names, host):
                yield HOST.violated(host=host)

    def _time(self, begin: datetime, end: datetime) -> Iterator[Violation]:
        now = clock.now()
        if now > end:
            yield EXPIRED.violated(day=end.date())
        elif now < begin:
            yield NOT_YET_VALID.violated(day=begin.date())
        elif end - now < timedelta(days=self.min_validity):
            yield EXPIRES_SOON.violated(day=end.date(), days=self.min_validity)

    def references(self) -> tuple[str, ...]:
        return () if self.key is None else (self.key,)

    def violations_with(self, value: str, others: Mapping[str, str]) -> Iterator[Violation]:
        found = armored(value, self.stored_as)
        facts = None if isinstance(found, Violation) else _facts(found[0])
        if facts is not None and asymmetric.mismatched(facts[3], others.get(self.key or "", "")):
            yield MISMATCH.violated(key=self.key)

    def example(self) -> str:
        """A certificate without an end, by a key that the whole world knows."""
        return wrap(_self_signed(self.hosts or ("api.example.com",)), self.stored_as)


Facts = tuple[datetime, datetime, tuple[str, ...], Any]


def _facts(text: str) -> Facts | None:
    """Begin, end, names and public key of the first certificate; None if unreadable."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # doubtful encodings are readable all the same
            first = x509.load_pem_x509_certificates(text.encode())[0]
            public = first.public_key()
            return first.not_valid_before_utc, first.not_valid_after_utc, _names(first), public
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension):
        return None


def _names(certificate: Any) -> tuple[str, ...]:
    from cryptography import x509

    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    hosts = extension.value.get_values_for_type(x509.DNSName)
    addresses = extension.value.get_values_for_type(x509.IPAddress)
    return (*hosts, *map(str, addresses))


def _covers(names: tuple[str, ...], host: str) -> bool:
    # A star stands for exactly one label (RFC 9525, section 6.3).
    parent = "*." + host.partition(".")[2]
    return host_allowed(host, tuple(n for n in names if not n.startswith("*."))) or (
        parent.lower() in map(str.lower, names)
    )


def _self_signed(hosts: tuple[str, ...]) -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.oid import NameOID

    key = asymmetric.known("ed25519")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))  # RFC 5280, 4.1.2.5
        .add_extension(x509.SubjectAlternativeName(list(map(_general, hosts))), critical=False)
        .sign(key, None)
    )
    return certificate.public_bytes(Encoding.PEM).decode()


def _general(host: str) -> Any:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
