"""Envelopes: the formats in which applications store ciphertext, one class for each. Pure.

The registry is explicit. It maps each envelope's name in specs to the module and class that define
it, and a module is imported only when its envelope is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.registry import StructRegistry

if TYPE_CHECKING:
    from assay.crypto.envelopes.base import Envelope

DECLARED = "layout"
"""The envelope of a mapping that names no format."""
ENVELOPES: StructRegistry[Envelope] = StructRegistry(
    __name__,
    {
        "active-record": "active_record:ActiveRecord",
        "age": "age:Age",
        "aws-encryption-sdk": "remote:AwsEncryptionSdk",
        "aws-kms": "remote:AwsKms",
        "cloak": "cloak:Cloak",
        "cryptojs": "openssl:CryptoJs",
        "cryptr": "cryptr:Cryptr",
        "elixir-cloak": "elixir_cloak:ElixirCloak",
        "fernet": "fernet:Fernet",
        "iron-session": "iron:IronSession",
        "jwe": "jwe:Jwe",
        "laravel": "laravel:Laravel",
        "layout": "layout:Layout",
        "node-cbc": "node:NodeCbc",
        "node-cbc-base64": "node:NodeCbcBase64",
        "node-cbc-hex": "node:NodeCbcHex",
        "node-cbc-json": "node:NodeCbcJson",
        "node-gcm": "node:NodeGcm",
        "node-gcm-base64": "node:NodeGcmBase64",
        "node-gcm-base64url": "node:NodeGcmBase64url",
        "node-gcm-hex": "node:NodeGcmHex",
        "node-gcm-json": "node:NodeGcmJson",
        "openssl": "openssl:OpenSsl",
        "password-hash": "remote:HashedPassword",
        "pgcrypto": "pgcrypto:Pgcrypto",
        "rails": "rails:Rails",
        "secretbox": "sodium:SecretBox",
        "sops": "remote:Sops",
        "supabase-vault": "remote:SupabaseVault",
        "tink": "remote:Tink",
        "vault-transit": "remote:VaultTransit",
        "xchacha20-poly1305": "sodium:XChaCha",
    },
    group="envelopes",
    base="assay.crypto.envelopes.base:Envelope",
    tag="format",
    default=DECLARED,
)
"""Envelope name to `module:Class` below `assay.crypto.envelopes`, in alphabetical order."""
