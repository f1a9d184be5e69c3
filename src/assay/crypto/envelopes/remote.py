"""Formats that are only recognised: what opens them is not in any variable.

Each says what is needed. Sources stand in the docstrings.
"""

from __future__ import annotations

import re
from typing import ClassVar

from assay.crypto.envelopes.base import Envelope, Material, Misfit, Opener
from assay.crypto.envelopes.opening import from_base64


class Remote(Envelope, frozen=True, kw_only=True):
    """A format that can't be opened with a key in hand."""

    pattern: ClassVar[re.Pattern[bytes]]
    """What all of it looks like."""
    prefix: ClassVar[re.Pattern[bytes]]
    """How it begins."""
    marked = True

    def recognizes(self, data: bytes) -> bool:
        """Whether it begins as one."""
        return self.prefix.match(data) is not None

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its form."""
        if self.prefix.match(data) is None:
            return Misfit("malformed", f"does not begin like {self.title}")
        if self.pattern.fullmatch(data.strip()) is None:
            return Misfit("malformed", f"begins like {self.title}, but does not continue like it")
        return None

    def opener(self, material: Material, cipher: str) -> Opener:
        """Nothing opens it here."""
        del material, cipher
        raise Misfit("unsupported", f"can't be decrypted here: it needs {self.remote}")


class Tink(Remote, frozen=True, kw_only=True, tag="tink"):
    """Tink's AEAD: a byte 01, the key's id of 4 bytes, and what the key's type writes.

    Source: https://developers.google.com/tink/wire-format.
    """

    title = "a ciphertext of Tink"
    shape = "bytes: 01, the id of the key (4), then nonce, ciphertext and tag"
    remote = "the Tink keyset, and the key management service that encrypts it"
    marked = False
    prefix: ClassVar[re.Pattern[bytes]] = re.compile(rb"\x01[^\x80]")
    pattern: ClassVar[re.Pattern[bytes]] = re.compile(rb"\x01.{32,}", re.DOTALL)


class Sops(Remote, frozen=True, kw_only=True, tag="sops"):
    """A value of a file of SOPS, whose data key stands in the file's `sops` section.

    Source: https://getsops.io/docs, "Encryption protocol".
    """

    title = "a value of SOPS"
    shape = "ENC[AES256_GCM,data:...,iv:...,tag:...,type:str]"
    remote = "the whole file, and an age, PGP or KMS key that its `sops` section names: `sops -d`"
    prefix: ClassVar[re.Pattern[bytes]] = re.compile(rb"ENC\[[A-Z0-9_]+,")
    pattern: ClassVar[re.Pattern[bytes]] = re.compile(
        rb"ENC\[AES256_GCM,data:[A-Za-z0-9+/=]*,iv:[A-Za-z0-9+/=]+,tag:[A-Za-z0-9+/=]+,type:[a-z]+\]"
    )


class AwsEncryptionSdk(Remote, frozen=True, kw_only=True, tag="aws-encryption-sdk"):
    """A message of the AWS Encryption SDK, raw or in base64.

    Source: AWS Encryption SDK developer guide, "Message format reference".
    """

    title = "a message of the AWS Encryption SDK"
    shape = "bytes that begin 01 80, or 02 and an algorithm; in base64 AYAD, AgR4 or AgV4"
    remote = "`kms:Decrypt` of the KMS key that the message names, or its raw keyring"
    prefix: ClassVar[re.Pattern[bytes]] = re.compile(
        rb"\x01\x80[\x00-\x05]|\x02[\x04\x05]\x78|AYA[A-D]|Ag[RV]4"
    )
    pattern: ClassVar[re.Pattern[bytes]] = re.compile(rb".{60,}", re.DOTALL)


class AwsKms(Remote, frozen=True, kw_only=True, tag="aws-kms"):
    """A ciphertext blob of AWS KMS, raw or in base64.

    Its form is not documented; that those of symmetric keys begin so is well known.
    """

    title = "a ciphertext blob of AWS KMS"
    shape = "bytes that begin 01 02 02 00 78; in base64 AQICAH"
    remote = "`kms:Decrypt` of the KMS key that made it: `aws kms decrypt`"
    prefix: ClassVar[re.Pattern[bytes]] = re.compile(rb"\x01\x02\x02\x00\x78|AQICAH")
    pattern: ClassVar[re.Pattern[bytes]] = re.compile(rb".{100,}", re.DOTALL)


class VaultTransit(Remote, frozen=True, kw_only=True, tag="vault-transit"):
    """What the transit engine of HashiCorp Vault or OpenBao encrypts.

    Source: Vault's documentation, "Transit secrets engine (API)", "Encrypt data".
    """

    title = "a ciphertext of Vault's transit engine"
    shape = "vault:v1:BASE64"
    remote = (
        "the transit key in Vault, and a token that may use it: `vault write transit/decrypt/KEY`"
    )
    prefix: ClassVar[re.Pattern[bytes]] = re.compile(rb"vault:v[0-9]+:")
    pattern: ClassVar[re.Pattern[bytes]] = re.compile(rb"vault:v[1-9][0-9]*:[A-Za-z0-9+/]+={0,2}")


class SupabaseVault(Remote, frozen=True, kw_only=True, tag="supabase-vault"):
    """The column `secret` of `vault.secrets`, whose nonce stands in a column beside it.

    Source: https://supabase.com/docs/guides/database/vault.
    """

    title = "a secret of Supabase Vault"
    shape = "base64, in the column secret of vault.secrets"
    remote = (
        "the root key, which Supabase keeps outside of the database: read the view "
        "`vault.decrypted_secrets`"
    )
    marked = False

    def recognizes(self, data: bytes) -> bool:
        """It can't be told from any other base64."""
        del data
        return False

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its form."""
        try:
            raw = from_base64(data)
        except ValueError:
            return Misfit("malformed", "is not base64")
        return Misfit("truncated", "ends before its tag does") if len(raw) < 16 else None


class HashedPassword(Remote, frozen=True, kw_only=True, tag="password-hash"):
    """A hash of a password, such as bcrypt or Argon2; it is verified, and never opened.

    Sources: crypt(5); the PHC string format; the documentation of Django's password hashers.
    """

    title = "a password hash"
    shape = "$2b$..., $argon2id$..., $6$..., pbkdf2_sha256$..."
    remote = "nothing: it is a hash, not a ciphertext, and can't be decrypted"
    prefix: ClassVar[re.Pattern[bytes]] = re.compile(
        rb"\$(2[abxy]?|1|5|6|7|y|gy|argon2(id|i|d)|scrypt|pbkdf2[a-z0-9-]*|apr1|sha1|md5)\$"
        rb"|(pbkdf2_sha(1|256)|bcrypt_sha256|bcrypt|argon2|scrypt)\$|\{(SSHA|SHA|CRYPT)[0-9]*\}"
    )
    pattern: ClassVar[re.Pattern[bytes]] = re.compile(rb"[!-~]{20,}")

    def opener(self, material: Material, cipher: str) -> Opener:
        """Nothing opens it anywhere."""
        del material, cipher
        raise Misfit("unsupported", "is a hash, not a ciphertext: nothing decrypts it")
