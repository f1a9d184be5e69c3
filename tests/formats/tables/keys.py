"""Keys, certificates, JWT and JWK: made when the tests start, or known to the whole world."""

import base64
import json
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from tests.formats.tables.case import case

from assay.formats.armor import armor
from assay.formats.asymmetric import known, private_pem, public_pem
from assay.formats.jose import write_jwt

LATER, LONG_AGO = 4102444800, 1000000000
KEY, OTHER = known("ed25519"), ed25519.Ed25519PrivateKey.generate()
PRIVATE, PUBLIC = private_pem(KEY), public_pem(KEY.public_key())
EC_PRIVATE = private_pem(ec.generate_private_key(ec.SECP256R1()))
SMALL = rsa.generate_private_key(65537, 1024)
DSA = dsa.generate_private_key(1024)  # what is longer takes a second
LOCKED = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
SSH_POINT = b"\0\0\0\x0bssh-ed25519\0\0\0 " + KEY.public_key().public_bytes_raw()
# PROTOCOL.key of OpenSSH: the cipher, the key derivation with its salt and rounds, one key
SSH_LOCKED = armor(
    "OPENSSH PRIVATE KEY",
    b"openssh-key-v1\0\0\0\0\x0aaes256-ctr\0\0\0\x06bcrypt\0\0\0\x18\0\0\0\x10"
    + bytes(16)
    + b"\0\0\0\x10\0\0\0\1\0\0\0\x33"
    + SSH_POINT
    + b"\0\0\0\x90"
    + bytes(144),
)
OLD_LOCKED = SMALL.private_bytes(
    Encoding.PEM, PrivateFormat.TraditionalOpenSSL, BestAvailableEncryption(b"x")
).decode()
SSH_PUBLIC = "ssh-ed25519 " + base64.b64encode(SSH_POINT).decode()


def wrapped(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def escaped(text: str) -> str:
    return text.replace("\n", "\\n")


def certificate(
    begin: datetime = datetime(2020, 1, 1, tzinfo=UTC),
    end: datetime = datetime(2099, 1, 1, tzinfo=UTC),
    *,
    named: bool = True,
) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(end)
    )
    if named:
        names = [x509.DNSName("a.example.com"), x509.DNSName("*.b.example.com")]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return armor("CERTIFICATE", builder.sign(KEY, None).public_bytes(Encoding.DER))


def token(alg: object = "HS256", **claims: object) -> str:
    return write_jwt({"alg": alg}, claims)


def changed(jwk: dict[str, object], **members: object) -> str:
    return json.dumps({k: v for k, v in {**jwk, **members}.items() if v is not None})


NOW = datetime.now(UTC)
GOOD = certificate()
EXPIRED = certificate(end=datetime(2021, 1, 1, tzinfo=UTC))
FUTURE = certificate(begin=datetime(2098, 1, 1, tzinfo=UTC))
SOON = certificate(end=NOW + timedelta(days=5))
OKP: dict[str, object] = {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43, "d": "A" * 43}
OCT: dict[str, object] = {"kty": "oct", "k": "A" * 43}

CASES = (
    # RFC 7468
    case(
        "pem",
        PUBLIC,
        GOOD + GOOD,
        "Subject: explanatory text\n" + PUBLIC,
        OLD_LOCKED,
        bad={
            "x": "pem-malformed",
            "x-----BEGIN \n x-----END ": "pem-malformed",
            "-----BEGIN A-----\nYQ==\n-----END B-----": "pem-malformed",
            "-----END A-----\n-----BEGIN A-----": "pem-malformed",
            "-----BEGIN A-----": "pem-truncated",
            "-----BEGIN A-----\n-----BEGIN A-----\nYQ==\n-----END A-----": "pem-truncated",
            PUBLIC + "-----BEGIN A-----\n": "pem-truncated",
            PUBLIC.replace("\n", " "): "pem-one-line",
            escaped(PUBLIC): "pem-newlines",
            wrapped(PUBLIC): "pem-storage",
            PUBLIC.replace("-----END", "  -----END"): "pem-indented",
            "-----BEGIN A-----\n!\n-----END A-----": "pem-body",
            "-----BEGIN A-----\n\n-----END A-----": "pem-body",
            "-----BEGIN A-----\n\ud800\n-----END A-----": "pem-body",
        },
    ),
    case("pem", GOOD, labels=["CERTIFICATE"], bad={PUBLIC: "pem-label"}),
    case(
        "pem",
        wrapped(PUBLIC),
        stored_as="base64",
        bad={PUBLIC: "pem-storage", wrapped(escaped(PUBLIC)): "pem-newlines"},
    ),
    case(
        "pem",
        escaped(PUBLIC),
        PUBLIC,
        stored_as="escaped",
        bad={
            wrapped(PUBLIC): "pem-storage",
            "-----BEGIN A----- YQ== -----END A-----": "pem-one-line",
        },
    ),
    # RFC 5958, RFC 8410
    case(
        "private-key",
        PRIVATE,
        EC_PRIVATE,
        bad={
            PUBLIC: "private-key-wrong-block",
            GOOD: "private-key-wrong-block",
            armor("THING", b"x"): "private-key-wrong-block",
            armor("PRIVATE KEY", b"x"): "private-key-malformed",
            armor("PRIVATE KEY", b"x" * 40_000): "private-key-malformed",
            armor("OPENSSH PRIVATE KEY", b"x"): "private-key-malformed",
            "-----BEGIN PRIVATE KEY-----": "pem-truncated",
            escaped(PRIVATE): "pem-newlines",
            LOCKED.decode(): "private-key-encrypted",
            OLD_LOCKED: "private-key-encrypted",
            private_pem(SMALL): "key-too-small",
            private_pem(DSA): "key-algorithm",
        },
    ),
    case("private-key", LOCKED.decode(), encrypted=True),
    case("private-key", EC_PRIVATE, algorithms=["ec"], bad={PRIVATE: "key-algorithm"}),
    *(
        case("private-key", algorithms=[kind])
        for kind in ("rsa", "ed25519", "ed448", "x25519", "x448")
    ),
    case("private-key", escaped(PRIVATE), stored_as="escaped"),
    # RFC 5280, section 4.1
    case(
        "public-key",
        PUBLIC,
        bad={
            PRIVATE: "public-key-is-private",
            armor("PUBLIC KEY", b"x"): "public-key-malformed",
            "-----BEGIN PUBLIC KEY-----": "pem-truncated",
            public_pem(SMALL.public_key()): "key-too-small",
            armor("PUBLIC KEY", b"x" * 60_000): "pem-malformed",
        },
    ),
    case("public-key", algorithms=["rsa"], bad={PUBLIC: "key-algorithm"}),
    case(
        "certificate",
        GOOD,
        GOOD + EXPIRED,
        bad={
            EXPIRED: "certificate-expired",
            FUTURE: "certificate-not-yet-valid",
            PRIVATE: "certificate-is-key",
            armor("CERTIFICATE", b"x"): "certificate-malformed",
            "-----BEGIN CERTIFICATE-----": "pem-truncated",
            escaped(GOOD): "pem-newlines",
        },
    ),
    case("certificate", GOOD, min_validity=21, bad={SOON: "certificate-expires-soon"}),
    case(
        "certificate",
        GOOD,
        hosts=["a.example.com", "x.b.example.com"],
        bad={
            certificate(named=False): "certificate-host certificate-host",
        },
    ),
    case("certificate", hosts=["x.y.b.example.com"], bad={GOOD: "certificate-host"}),
    case("certificate", hosts=["192.0.2.1", "*.example.com"]),
    # RFC 7515, RFC 7519, RFC 8725
    case(
        "jwt",
        token(sub="x", exp=LATER),
        token(exp=True),
        token(exp=10**200),
        bad={
            "x": "jwt-malformed",
            "a.b.c": "jwt-malformed",
            "e30.e30.": "jwt-malformed",
            "e30.e30.e30": "jwt-malformed",
            "W10.W10.W10": "jwt-malformed",
            token().rpartition(".")[0] + ".": "jwt-malformed",
            token()[:-2]: "jwt-malformed",
            token(alg=5): "jwt-malformed",
            token(exp=LONG_AGO): "jwt-expired",
            token(nbf=LATER): "jwt-not-yet-valid",
            token("none"): "jwt-unsigned",
            token("none").rpartition(".")[0] + ".": "jwt-unsigned",
        },
    ),
    case(
        "jwt",
        token("RS256", sub="x", iat=1, exp=LATER, iss="me", aud=["you"]),
        algorithms=["RS256"],
        claims=["sub", "exp", "iat"],
        issuer="me",
        audience="you",
        min_validity=7,
        bad={
            token("RS256", sub="x", iat=1, iss="me", aud="you"): "jwt-claim-missing",
            token("HS256", sub="x", iat=1, exp=LATER, iss="me", aud="you"): "jwt-algorithm",
            token("RS256", sub="x", iat=1, exp=LATER, iss="them", aud="you"): "jwt-issuer",
            token("RS256", sub="x", iat=1, exp=LATER, iss="me", aud="them"): "jwt-audience",
            token(
                "RS256", sub="x", iat=1, exp=NOW.timestamp() + 9000, iss="me", aud="you"
            ): "jwt-expires-soon",
        },
    ),
    # RFC 7517, RFC 7518 section 6, RFC 8037
    case(
        "jwk",
        changed(OKP),
        changed(OCT),
        changed({}, kty="EC", crv="P-521", x="A" * 88, y="A" * 88),
        bad={
            "x": "jwk-malformed",
            "[]": "jwk-malformed",
            '{"kty": ["OKP"]}': "jwk-malformed",
            '{"kty": "AES"}': "jwk-malformed",
            "[" * 100_000: "jwk-malformed",
            changed(OKP, x=None): "jwk-member",
            changed(OKP, x="!"): "jwk-member",
            changed(OKP, x="A" * 42): "jwk-member",
            changed(OKP, kty="EC", crv="P-384", y="A" * 60, d=None): "jwk-member jwk-member",
            changed(OKP, d="="): "jwk-member",
            changed(OKP, crv=None): "jwk-member",
        },
    ),
    case("jwk", changed(OKP, d=None), part="public", bad={changed(OKP): "jwk-is-private"}),
    case("jwk", changed(OKP), part="private", bad={changed(OKP, d=None): "jwk-is-public"}),
    case("jwk", changed(OCT), kinds=["oct"], bad={changed(OKP): "jwk-kind"}),
    *(case("jwk", kinds=[kind], part="private") for kind in ("RSA", "EC", "OKP", "oct")),
    *(case("jwk", kinds=[kind], part="public") for kind in ("RSA", "EC")),
    # sshd(8), "AUTHORIZED_KEYS FILE FORMAT"; PROTOCOL.key of OpenSSH
    case(
        "ssh-key",
        SSH_PUBLIC,
        SSH_PUBLIC + " deploy@example.com",
        bad={
            "ssh-ed25519 AAAA": "ssh-key-malformed",
            SSH_PUBLIC + "\n" + SSH_PUBLIC: "ssh-key-malformed",
            "x" * 100_000: "ssh-key-malformed",
            PRIVATE: "ssh-key-is-private",
        },
    ),
    case("ssh-key", algorithms=["rsa"], bad={SSH_PUBLIC: "key-algorithm"}),
    case(
        "ssh-key",
        PRIVATE,
        part="private",
        bad={
            SSH_PUBLIC: "ssh-key-is-public",
            SSH_LOCKED: "private-key-encrypted",
            armor("OPENSSH PRIVATE KEY", b"x"): "ssh-key-malformed",
            "-----BEGIN OPENSSH PRIVATE KEY-----": "pem-truncated",
            escaped(PRIVATE): "pem-newlines",
            private_pem(SMALL): "key-too-small",
        },
    ),
    case("ssh-key", part="private", algorithms=["ec"]),
    case("ssh-key", part="private", stored_as="base64"),
)
