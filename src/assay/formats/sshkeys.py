"""Keys of SSH: lines of `authorized_keys`, and OpenSSH's private keys."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from msgspec import Meta

from assay.formats import asymmetric
from assay.formats.armor import PEM_RULES, armor, armored, wrap
from assay.formats.base import Format
from assay.formats.pems import (
    KEY_ALGORITHM,
    KEY_WEAK,
    PRIVATE_KEY_ENCRYPTED,
    Algorithms,
    MinBits,
    Storage,
    key_violations,
    private_violations,
)
from assay.model import Rule, Violation

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
    rules = (
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
        """The private half is."""
        return self.part == "private"

    def violations(self, value: str) -> Iterator[Violation]:
        """Which half it is, then the key."""
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
        """A fresh private key; None for public ones, which belong to a private one."""
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
