"""PEM blocks, private keys and public keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from msgspec import Meta

from assay.formats import asymmetric
from assay.formats.armor import PEM_RULES, Block, StoredAs, armor, blocks, unwrap, wrap
from assay.formats.asymmetric import Algorithm
from assay.formats.base import Format
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
        "with \\n instead of newlines."
    ),
]
Algorithms = Annotated[
    Annotated[tuple[Algorithm, ...], Meta(min_length=1)] | None,
    Meta(description="The algorithms allowed; by default all except dsa."),
]
MinBits = Annotated[int, Meta(description="The smallest RSA key allowed, in bits.", ge=1024)]

LEAST_BITS = 2048
_COMMANDS = {"rsa": "RSA", "ec": "EC -pkeyopt ec_paramgen_curve:P-256"}
_KINDS = {
    "PUBLIC KEY": "a public key",
    "RSA PUBLIC KEY": "a public key",
    "CERTIFICATE": "a certificate",
    "CERTIFICATE REQUEST": "a certificate request",
}


class _Armored(Format, frozen=True, kw_only=True):
    """What all types in PEM share."""

    stored_as: Storage = "pem"

    def _blocks(self, value: str) -> tuple[str, list[Block]] | Violation:
        text = unwrap(value, self.stored_as)
        if isinstance(text, Violation):
            return text
        found = blocks(text)
        return (text, found) if isinstance(found, list) else found.violated()


class Pem(_Armored, frozen=True, kw_only=True, tag="pem"):
    """One or more PEM blocks (RFC 7468)."""

    title = "a PEM block"
    keeps_space = True
    looks_like = "-----BEGIN "
    rules = (*PEM_RULES, PEM_LABEL)

    labels: Annotated[
        Annotated[tuple[str, ...], Meta(min_length=1)] | None,
        Meta(description="The labels allowed.", examples=[["CERTIFICATE"]]),
    ] = None

    @property
    def sensitive(self) -> bool:
        """It may hold a private key, unless the labels exclude that."""
        return self.labels is None or any("PRIVATE" in label for label in self.labels)

    def violations(self, value: str) -> Iterator[Violation]:
        """The armour, then the labels."""
        found = self._blocks(value)
        if isinstance(found, Violation):
            yield found
        elif self.labels is not None and any(b.label not in self.labels for b in found[1]):
            yield PEM_LABEL.violated(labels=" or ".join(self.labels))

    def example(self) -> str:
        """A block that holds 32 zero bytes."""
        return wrap(armor((self.labels or ("EXAMPLE",))[0], bytes(32)), self.stored_as)


class PrivateKey(_Armored, frozen=True, kw_only=True, tag="private-key"):
    """A private key in PEM (PKCS #8, PKCS #1, SEC 1 or OpenSSH)."""

    title = "a private key"
    secret_by_type = True
    """Always."""
    keeps_space = True
    looks_like = r"-----BEGIN (?:\w+ )*PRIVATE KEY"
    rules = (
        *PEM_RULES,
        PRIVATE_KEY_OTHER,
        PRIVATE_KEY_MALFORMED,
        PRIVATE_KEY_ENCRYPTED,
        KEY_ALGORITHM,
        KEY_WEAK,
    )

    algorithms: Algorithms = None
    min_bits: MinBits = LEAST_BITS
    encrypted: Annotated[
        bool, Meta(description="Whether a key that is encrypted with a passphrase is allowed.")
    ] = False

    def violations(self, value: str) -> Iterator[Violation]:
        """The armour, then the key."""
        found = self._blocks(value)
        if isinstance(found, Violation):
            yield found
            return
        text, parts = found
        labels = [part.label for part in parts]
        if not any(label.endswith("PRIVATE KEY") for label in labels):
            yield PRIVATE_KEY_OTHER.violated(
                found=_KINDS.get(labels[0], "the wrong kind of PEM block")
            )
            return
        try:
            key = asymmetric.read_private(text)
        except asymmetric.EncryptedKeyError:
            if not self.encrypted:
                yield PRIVATE_KEY_ENCRYPTED.violated()
            return
        if key is None:
            yield PRIVATE_KEY_MALFORMED.violated()
        else:
            yield from key_violations(key, self.algorithms, self.min_bits)

    def example(self) -> str:
        """A key that the whole world knows, of the first algorithm."""
        key = asymmetric.known((self.algorithms or ("ed25519",))[0], self.min_bits)
        return wrap(asymmetric.private_pem(key), self.stored_as)

    def generate(self) -> str:
        """A fresh key of the first algorithm, Ed25519 unless the spec says otherwise."""
        key = asymmetric.make((self.algorithms or ("ed25519",))[0], self.min_bits)
        return wrap(asymmetric.private_pem(key), self.stored_as)


class PublicKey(_Armored, frozen=True, kw_only=True, tag="public-key"):
    """A public key in PEM (RFC 5280, SubjectPublicKeyInfo, or PKCS #1)."""

    title = "a public key"
    public = True
    keeps_space = True
    looks_like = r"-----BEGIN (?:\w+ )*PUBLIC KEY"
    rules = (
        *PEM_RULES,
        PUBLIC_KEY_PRIVATE,
        PUBLIC_KEY_MALFORMED,
        PUBLIC_KEY_MISMATCH,
        KEY_ALGORITHM,
        KEY_WEAK,
    )

    algorithms: Algorithms = None
    min_bits: MinBits = LEAST_BITS
    key: Annotated[
        str | None,
        Meta(description="The variable that holds the private key.", examples=["JWT_PRIVATE_KEY"]),
    ] = None

    def violations(self, value: str) -> Iterator[Violation]:
        """The armour, then the key."""
        found = self._blocks(value)
        if isinstance(found, Violation):
            yield found
            return
        text, parts = found
        if any(part.label.endswith("PRIVATE KEY") for part in parts):
            yield PUBLIC_KEY_PRIVATE.violated()
            return
        key = asymmetric.read_public(text)
        if key is None:
            yield PUBLIC_KEY_MALFORMED.violated()
        else:
            yield from key_violations(key, self.algorithms, self.min_bits)

    def references(self) -> tuple[str, ...]:
        """The private key."""
        return () if self.key is None else (self.key,)

    def violations_with(self, value: str, others: Mapping[str, str]) -> Iterator[Violation]:
        """Whether the two are a pair."""
        found = self._blocks(value)
        public = None if isinstance(found, Violation) else asymmetric.read_public(found[0])
        private = asymmetric.private_of(others.get(self.key or "", ""))
        if public is not None and private is not None and not asymmetric.same_key(public, private):
            yield PUBLIC_KEY_MISMATCH.violated(key=self.key)

    def example(self) -> str:
        """The public half of a key that the whole world knows."""
        key = asymmetric.known((self.algorithms or ("ed25519",))[0], self.min_bits)
        return wrap(asymmetric.public_pem(key.public_key()), self.stored_as)


def key_violations(
    key: Any, algorithms: tuple[Algorithm, ...] | None, min_bits: int
) -> Iterator[Violation]:
    """What is wrong with the algorithm and the size of a key."""
    kind = asymmetric.algorithm(key)
    if kind not in (algorithms or ("rsa", "ec", "ed25519", "ed448", "x25519", "x448")):
        expected = algorithms or ("rsa", "ec", "ed25519")
        command = _COMMANDS.get(expected[0], expected[0])
        yield KEY_ALGORITHM.violated(algorithms=" or ".join(expected), command=command)
    elif kind == "rsa" and key.key_size < min_bits:
        yield KEY_WEAK.violated(bits=min_bits)
