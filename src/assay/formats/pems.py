"""PEM blocks, private keys and public keys, and keys of SSH."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from assay.formats import asymmetric
from assay.formats.armor import PEM_RULES, StoredAs, armor, armored, wrap
from assay.formats.asymmetric import Algorithm
from assay.formats.base import Format, Several
from assay.model import Rule, Violation

PEM_LABEL = Rule(
    code="pem-label",
    message="{name} contains the wrong kind of PEM block: expected {labels}",
    remedy="Paste the file whose first line is -----BEGIN {labels}----- into {name}.",
    why="The library looks for a block with the expected label and finds none.",
)
PRIVATE_KEY_OTHER = Rule(
    code="private-key-wrong-block",
    message="{name} contains {found}: expected a private key",
    remedy="Paste the private key's file into {name}; its first line ends in PRIVATE KEY-----.",
    why="Signing and TLS need the private half of the key pair, so the library raises an error.",
    formerly=("private-key-is-other",),
)
PRIVATE_KEY_MALFORMED = Rule(
    code="private-key-malformed",
    message="{name} is not a readable private key",
    remedy="Check the file with `openssl pkey -in FILE -noout`, and paste it again.",
    why="The library raises an error when the key is first used.",
)
PRIVATE_KEY_ENCRYPTED = Rule(
    code="private-key-encrypted",
    message="{name} is encrypted with a passphrase: expected an unencrypted key",
    remedy="Decrypt it with `openssl pkey -in FILE -out PLAIN`, and set {name} to that.",
    why="A server that starts unattended can't enter a passphrase.",
)
KEY_ALGORITHM = Rule(
    code="key-algorithm",
    message="{name} is a key of the wrong algorithm: expected {algorithms}",
    remedy="Generate a key with `openssl genpkey -algorithm {command}`, and set {name} to it.",
    why="Each signature algorithm needs its own kind of key, such as RSA for RS256, so signing "
    "fails.",
)
KEY_WEAK = Rule(
    code="key-too-small",
    message="{name} is too small an RSA key: expected at least {bits} bits",
    remedy="Generate a new key with `openssl genpkey -algorithm RSA -pkeyopt "
    "rsa_keygen_bits:{bits}`, and set {name} to it.",
    why="Small RSA keys can be factored, and libraries refuse them (NIST SP 800-131A).",
)
PUBLIC_KEY_PRIVATE = Rule(
    code="public-key-is-private",
    message="{name} contains a private key: expected the public key",
    remedy="Replace the exposed key pair, and set {name} to the public key: `openssl pkey -in FILE "
    "-pubout`.",
    why="Public keys are handed out, so anyone could read this private key and sign with it.",
)
PUBLIC_KEY_MALFORMED = Rule(
    code="public-key-malformed",
    message="{name} is not a readable public key",
    remedy="Check the file with `openssl pkey -pubin -in FILE -noout`, and paste it again.",
    why="The application can't verify any signature with it.",
)
PUBLIC_KEY_MISMATCH = Rule(
    code="public-key-mismatch",
    message="{name} does not belong to the private key in {key}",
    remedy="Set {name} to the public key that `openssl pkey -in FILE -pubout` prints for the key "
    "in {key}.",
    why="Signatures made with the private key fail verification with this public key.",
)

Storage = Annotated[
    StoredAs,
    Meta(
        description="How the variable stores the PEM text: as it is, as base64 of the file, or "
        "with \\n that the application replaces with newlines, where real ones are good too."
    ),
]
Algorithms = Annotated[
    Annotated[tuple[Algorithm, ...], Meta(min_length=1)] | None,
    Meta(description="The algorithms allowed; by default all except dsa."),
]
MinBits = Annotated[int, Meta(description="The smallest RSA key allowed, in bits.", ge=1024)]

Good = tuple[tuple[Algorithm, ...] | None, int]
"""The algorithms of good keys, and the fewest bits of RSA's."""

LEAST_BITS = 2048
_COMMANDS = {"rsa": "RSA", "ec": "EC -pkeyopt ec_paramgen_curve:P-256"}
_KINDS = {
    "PUBLIC KEY": "a public key",
    "RSA PUBLIC KEY": "a public key",
    "CERTIFICATE": "a certificate",
    "CERTIFICATE REQUEST": "a certificate request",
}


class Armored(Format, frozen=True, kw_only=True):
    """What types in PEM share."""

    keeps_space = True

    stored_as: Storage = "pem"

    def violations(self, value: str) -> Iterator[Violation]:
        found = armored(value, self.stored_as)
        if isinstance(found, Violation):
            yield found
        else:
            yield from self.within(*found)

    def within(self, text: str, labels: list[str]) -> Iterator[Violation]:
        """What is wrong with a text and its blocks."""
        raise NotImplementedError  # pragma: no cover


class Pem(Armored, frozen=True, kw_only=True, tag="pem"):
    """One or more PEM blocks (RFC 7468)."""

    title = "a PEM block"
    looks_like = "-----BEGIN "
    rules: ClassVar[tuple[Rule, ...]] = (*PEM_RULES, PEM_LABEL)

    labels: Annotated[
        Several | None, Meta(description="The labels allowed.", examples=[["CERTIFICATE"]])
    ] = None

    @property
    def sensitive(self) -> bool:
        """It may hold a private key, unless the labels exclude that."""
        return self.labels is None or any("PRIVATE" in label for label in self.labels)

    def within(self, text: str, labels: list[str]) -> Iterator[Violation]:
        del text
        if self.labels is not None and not set(labels) <= set(self.labels):
            yield PEM_LABEL.violated(labels=" or ".join(self.labels))

    def example(self) -> str:
        return wrap(armor((self.labels or ("EXAMPLE",))[0], bytes(32)), self.stored_as)


class PrivateKey(Armored, frozen=True, kw_only=True, tag="private-key"):
    """A private key in PEM (PKCS #8, PKCS #1, SEC 1 or OpenSSH)."""

    title = "a private key"
    secret_by_type = True
    looks_like = r"-----BEGIN (?:\w+ )*PRIVATE KEY"
    rules: ClassVar[tuple[Rule, ...]] = (
        *PEM_RULES,
        *(PRIVATE_KEY_OTHER, PRIVATE_KEY_MALFORMED, PRIVATE_KEY_ENCRYPTED, KEY_ALGORITHM, KEY_WEAK),
    )

    algorithms: Algorithms = None
    min_bits: MinBits = LEAST_BITS
    encrypted: Annotated[
        bool, Meta(description="Whether a key that is encrypted with a passphrase is allowed.")
    ] = False

    def within(self, text: str, labels: list[str]) -> Iterator[Violation]:
        if any(label.endswith("PRIVATE KEY") for label in labels):
            good, malformed = (self.algorithms, self.min_bits), PRIVATE_KEY_MALFORMED.violated()
            yield from private_violations(text, good, malformed, encrypted=self.encrypted)
        else:
            kind = _KINDS.get(labels[0], "the wrong kind of PEM block")
            yield PRIVATE_KEY_OTHER.violated(found=kind)

    def example(self) -> str:
        """A key that the whole world knows, of the first algorithm."""
        key = asymmetric.known((self.algorithms or ("ed25519",))[0], self.min_bits)
        return wrap(asymmetric.private_pem(key), self.stored_as)

    def generate(self) -> str:
        key = asymmetric.make((self.algorithms or ("ed25519",))[0], self.min_bits)
        return wrap(asymmetric.private_pem(key), self.stored_as)


class PublicKey(Armored, frozen=True, kw_only=True, tag="public-key"):
    """A public key in PEM (RFC 5280, SubjectPublicKeyInfo, or PKCS #1)."""

    title = "a public key"
    public = True
    looks_like = r"-----BEGIN (?:\w+ )*PUBLIC KEY"
    rules: ClassVar[tuple[Rule, ...]] = (
        *PEM_RULES,
        *(PUBLIC_KEY_PRIVATE, PUBLIC_KEY_MALFORMED, PUBLIC_KEY_MISMATCH, KEY_ALGORITHM, KEY_WEAK),
    )

    algorithms: Algorithms = None
    min_bits: MinBits = LEAST_BITS
    key: Annotated[
        str | None,
        Meta(description="The variable that holds the private key.", examples=["JWT_PRIVATE_KEY"]),
    ] = None

    def within(self, text: str, labels: list[str]) -> Iterator[Violation]:
        if any(label.endswith("PRIVATE KEY") for label in labels):
            yield PUBLIC_KEY_PRIVATE.violated()
        else:
            good, malformed = (self.algorithms, self.min_bits), PUBLIC_KEY_MALFORMED.violated()
            yield from key_violations(asymmetric.read_public(text), good, malformed)

    def references(self) -> tuple[str, ...]:
        return () if self.key is None else (self.key,)

    def violations_with(self, value: str, others: Mapping[str, str]) -> Iterator[Violation]:
        found = armored(value, self.stored_as)
        public = None if isinstance(found, Violation) else asymmetric.read_public(found[0])
        if asymmetric.mismatched(public, others.get(self.key or "", "")):
            yield PUBLIC_KEY_MISMATCH.violated(key=self.key)

    def example(self) -> str:
        key = asymmetric.known((self.algorithms or ("ed25519",))[0], self.min_bits)
        return wrap(asymmetric.public_pem(key.public_key()), self.stored_as)


def private_violations(
    text: str, good: Good, malformed: Violation, *, encrypted: bool = False
) -> Iterator[Violation]:
    """What is wrong with a private key in PEM; `encrypted` if it may be."""
    try:
        yield from key_violations(asymmetric.read_private(text), good, malformed)
    except asymmetric.EncryptedKeyError:
        if not encrypted:
            yield PRIVATE_KEY_ENCRYPTED.violated()


def key_violations(key: Any, good: Good, malformed: Violation) -> Iterator[Violation]:
    """What is wrong with the algorithm and the size of a key, or that there is none."""
    algorithms, min_bits = good
    kind = None if key is None else asymmetric.algorithm(key)
    if kind is None:
        yield malformed
    elif kind not in (algorithms or ("rsa", "ec", "ed25519", "ed448", "x25519", "x448")):
        expected = algorithms or ("rsa", "ec", "ed25519")
        command = _COMMANDS.get(expected[0], expected[0])
        yield KEY_ALGORITHM.violated(algorithms=" or ".join(expected), command=command)
    elif kind == "rsa" and key.key_size < min_bits:
        yield KEY_WEAK.violated(bits=min_bits)


SSH_MALFORMED = Rule(
    code="ssh-key-malformed",
    message="{name} is not {title}, or can't be read",
    remedy="Check the file with `ssh-keygen -l -f FILE`, and paste its full contents into {name} "
    "again.",
    why="SSH fails with 'Permission denied' or 'invalid format'.",
)
SSH_IS_PRIVATE = Rule(
    code="ssh-key-is-private",
    message="{name} contains a private key: expected the public key",
    remedy="Replace the exposed key pair, and set {name} to the line in its new .pub file.",
    why="Public keys are handed out, so anyone could read this private key and log in with it.",
)
SSH_IS_PUBLIC = Rule(
    code="ssh-key-is-public",
    message="{name} contains a public key: expected the private key",
    remedy="Paste the file without .pub, from its BEGIN line to its END line, into {name}.",
    why="SSH can't log in with the public half of a key pair.",
)


class SshKey(Format, frozen=True, kw_only=True, tag="ssh-key"):
    """A public key as in `authorized_keys` (sshd(8)), or a private one."""

    title = "an SSH key"
    keeps_space = True
    looks_like = "ssh-(?:rsa|ed25519) "
    rules: ClassVar[tuple[Rule, ...]] = (
        *(SSH_MALFORMED, SSH_IS_PRIVATE, SSH_IS_PUBLIC, PRIVATE_KEY_ENCRYPTED, KEY_ALGORITHM),
        KEY_WEAK,
        *PEM_RULES,
    )

    part: Annotated[
        Literal["public", "private"], Meta(description="Which half of the key pair it is.")
    ] = "public"
    algorithms: Algorithms = None
    min_bits: MinBits = 2048
    stored_as: Storage = "pem"

    @property
    def sensitive(self) -> bool:
        return self.part == "private"

    def violations(self, value: str) -> Iterator[Violation]:
        good = (self.algorithms, self.min_bits)
        malformed = SSH_MALFORMED.violated(title=f"a {self.part} SSH key")
        if self.part == "public":
            if "PRIVATE KEY-----" in value:
                yield SSH_IS_PRIVATE.violated()
                return
            one_line = not any(end in value.strip() for end in ("\n", "\r"))
            key = asymmetric.read_ssh_public(value) if one_line else None
            yield from key_violations(key, good, malformed)
        elif value.startswith(("ssh-", "ecdsa-", "sk-")):
            yield SSH_IS_PUBLIC.violated()
        else:
            found = armored(value, self.stored_as)
            if isinstance(found, Violation):
                yield found
            else:
                yield from private_violations(found[0], good, malformed)

    def example(self) -> str:
        """A key that the whole world knows, of the first algorithm."""
        key = asymmetric.known(self._kind(), self.min_bits)
        if self.part == "public":
            return f"{_line(key)} deploy@example.com"
        if self._kind() == "ed25519":
            return wrap(armor("OPENSSH PRIVATE KEY", _known_openssh(_line(key))), self.stored_as)
        return wrap(asymmetric.private_pem(key), self.stored_as)

    def generate(self) -> str | None:
        if self.part == "public":
            return None
        key = asymmetric.make(self._kind(), self.min_bits)
        return wrap(asymmetric.private_pem(key, "OpenSSH"), self.stored_as)

    def _kind(self) -> str:
        usable = [a for a in self.algorithms or () if a in ("rsa", "ec", "ed25519")]
        return usable[0] if usable else "ed25519"


def _line(key: Any) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    line: bytes = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return line.decode()


def _known_openssh(line: str) -> bytes:
    """OpenSSH's container (PROTOCOL.key) around the Ed25519 key of seed zero.

    Written out here since libraries put random check numbers into it.
    """
    public = base64.b64decode(line.split()[1])
    point = public[-32:]
    secret = bytes(8) + public + _string(bytes(32) + point) + _string(b"example")
    secret += bytes(range(1, 1 + -len(secret) % 8))
    head = _string(b"none") + _string(b"none") + _string(b"") + (1).to_bytes(4, "big")
    return b"openssh-key-v1\0" + head + _string(public) + _string(secret)


def _string(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content
