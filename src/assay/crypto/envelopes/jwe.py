"""JWE: compact, or flattened or general JSON (RFC 7516), opened by joserfc.

The header says which algorithms were used (RFC 7518, sections 4 and 5) and shows without any key
which sizes they demand; what the library refuses, it is refused for.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

from msgspec import Meta

from assay.crypto import pairs
from assay.crypto.ciphers import PAIRS, STRUCTURED
from assay.crypto.deriving import DerivingProblem, derived
from assay.crypto.envelopes.base import AES_GCM, Closed, Material, Misfit, Opener, Parts
from assay.crypto.envelopes.opening import BLOCK, EXTRA, Parted, from_base64, needed
from assay.formats.documents import load_json
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.crypto.recipes import Recipe

ENCRYPTIONS = {
    "A128CBC-HS256": (32, 16, 16),
    "A192CBC-HS384": (48, 16, 24),
    "A256CBC-HS512": (64, 16, 32),
    "A128GCM": (16, 12, 16),
    "A192GCM": (24, 12, 16),
    "A256GCM": (32, 12, 16),
}
"""Content encryption to the bytes of its key, its nonce and its tag."""
KEYS = {
    "dir": ("key", 0),
    "A128KW": ("key", 16),
    "A192KW": ("key", 24),
    "A256KW": ("key", 32),
    "A128GCMKW": ("key", 16),
    "A192GCMKW": ("key", 24),
    "A256GCMKW": ("key", 32),
    "PBES2-HS256+A128KW": ("passphrase", 0),
    "PBES2-HS384+A192KW": ("passphrase", 0),
    "PBES2-HS512+A256KW": ("passphrase", 0),
    "RSA1_5": ("rsa", 0),
    "RSA-OAEP": ("rsa", 0),
    "RSA-OAEP-256": ("rsa", 0),
    "ECDH-ES": ("ec", 0),
    "ECDH-ES+A128KW": ("ec", 0),
    "ECDH-ES+A192KW": ("ec", 0),
    "ECDH-ES+A256KW": ("ec", 0),
}
"""Key management to the kind of its key, and to its bytes where the algorithm alone says them."""
_SIGNED = 3
_COMPACT = 5


@redacted("alg", "enc")
class Header(NamedTuple):
    """What a JWE says of itself."""

    alg: str
    enc: str
    kid: str
    rounds: int
    """Of PBES2; 0 if there are none."""
    parts: Parts


def header_of(data: bytes) -> Header:
    """The header and the parts of a JWE; raises `Misfit` if something is wrong with its form."""
    text = data.strip()
    try:
        return _json(text) if text[:1] == b"{" else _compact(text)
    except (ValueError, RecursionError):
        raise Misfit("malformed", "has a part that is not base64url, or not JSON") from None


def _compact(text: bytes) -> Header:
    pieces = text.split(b".")
    if len(pieces) == _SIGNED and text.startswith(b"eyJ"):
        raise Misfit("malformed", "is signed and not encrypted: it is a JWT that anyone can read")
    if len(pieces) != _COMPACT:
        reason = f"does not have {_COMPACT} parts with dots between them"
        begins = text.startswith(b"eyJ") and len(pieces) < _COMPACT
        raise Misfit("truncated" if begins else "malformed", reason)
    members = load_json(from_base64(pieces[0]).decode())
    return _header(members, [from_base64(piece) for piece in pieces[2:]])


def _json(text: bytes) -> Header:
    whole = load_json(text.decode())
    names = ("iv", "ciphertext", "tag")
    if not isinstance(whole, dict) or not all(isinstance(whole.get(n), str) for n in names):
        raise Misfit("malformed", "is JSON without the members of a JWE")
    members: dict[str, Any] = {}
    if isinstance(whole.get("protected"), str):
        members |= _mapping(load_json(from_base64(whole["protected"].encode()).decode()))
    members |= _mapping(whole.get("unprotected")) | _mapping(whole.get("header"))
    recipients = whole.get("recipients")
    if isinstance(recipients, list) and recipients and isinstance(recipients[0], dict):
        members |= _mapping(recipients[0].get("header"))
    return _header(members, [from_base64(whole[name].encode()) for name in names])


def _mapping(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _header(members: Any, parts: list[bytes]) -> Header:
    found = [_mapping(members).get(name) for name in ("alg", "enc")]
    if not all(isinstance(one, str) for one in found):
        raise Misfit("malformed", "has a header without alg and enc")
    kid = members.get("kid")
    alg, enc = map(str, found)
    rounds = members.get("p2c", 0)
    if type(rounds) is not int or rounds < 0:
        raise Misfit("malformed", "has a p2c that is not a number of rounds")
    nonce, body, tag = parts
    taken = Parts(nonce=nonce, body=body, tag=tag)
    return Header(alg, enc, kid if isinstance(kid, str) else "", rounds, taken)


_LARGEST = 2**26
"""Bytes of a ciphertext; the library's own limit is lower than what databases hold."""
_MOST_ROUNDS = 300_000
"""Of PBES2; the library refuses more, which only wears out whoever obeys."""
_WRAPS = frozenset(("aes-128-kw", "aes-192-kw", "aes-256-kw"))
_CBC_HMAC = frozenset(("a128cbc-hs256", "a192cbc-hs384", "a256cbc-hs512"))


class Jwe(Parted, frozen=True, kw_only=True, tag="jwe"):
    """A JSON Web Encryption, compact or JSON, with whatever algorithms its header names."""

    title = "a JWE"
    shape = "five parts of base64url with dots between them, the first eyJ...; or JSON"
    ciphers: ClassVar[frozenset[str]] = AES_GCM | _CBC_HMAC | _WRAPS | PAIRS | {"passphrase"}
    separable = True
    marked = True
    extra = EXTRA

    kid: Annotated[
        str,
        Meta(
            description="The key's id; a text whose header names another id needs another key. By "
            "default that of the JWK.",
            examples=["billing-2026"],
        ),
    ] = ""

    @property
    def milliseconds(self) -> float:
        """More under a passphrase than under a key."""
        return 0.2

    def recognizes(self, data: bytes) -> bool:
        """Whether its header is one of a JWE."""
        return self.parts(data) is not None

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its form."""
        wrong = super().misfit(data)
        if wrong is not None:
            return wrong
        header = header_of(data)
        parts = header.parts
        if header.alg not in KEYS or header.enc not in ENCRYPTIONS:
            return Misfit("unsupported", "is encrypted with unknown algorithms")
        if header.rounds > _MOST_ROUNDS:
            return Misfit("unsupported", "asks for more key derivation than assay does")
        _, nonce, tag = ENCRYPTIONS[header.enc]
        if len(parts.nonce) != nonce:
            return Misfit("malformed", f"has no nonce of {nonce} bytes, as {header.enc} requires")
        if "CBC" in header.enc and (not parts.body or len(parts.body) % BLOCK):
            return Misfit("truncated", f"is not a multiple of {BLOCK} bytes long")
        if len(parts.tag) != tag:
            return Misfit("truncated", f"has no tag of {tag} bytes, as {header.enc} requires")
        return None

    def _taken(self, data: bytes) -> Parts:
        return header_of(data).parts

    def material_of(
        self, recipe: Recipe, text: str, salts: Mapping[str, str | None] | None = None
    ) -> Material | DerivingProblem:
        """A key, or the text of a private key."""
        if recipe.encoding not in STRUCTURED:
            return super().material_of(recipe, text, salts)
        made = derived(recipe, text, salts)
        if isinstance(made, DerivingProblem):
            return made
        whole = text.removeprefix(recipe.prefix).encode(errors="surrogateescape")
        return Material(key=b"" if recipe.cipher in PAIRS else made, text=whole)

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key."""
        jwe: Any = needed("joserfc.jwe", "joserfc")
        told: type[Warning] = needed("joserfc.errors", "joserfc").SecurityWarning
        warnings.filterwarnings("ignore", category=told)  # what was sealed weakly is opened too
        key = _key(material, cipher)
        registry = _registry(jwe.JWERegistry)
        members = pairs.jwk_members(material.text.decode(errors="replace"))
        kid = self.kid or str(members.get("kid", ""))

        def opened(data: bytes, _aad: bytes) -> bytes:
            try:
                made = _extracted(jwe, data, registry)
                for recipient in made.recipients:
                    recipient.recipient_key = key
                jwe.perform_decrypt(made, registry)
                return bytes(made.plaintext)
            except Exception:  # noqa: BLE001, S110 - a hostile header makes the library raise anything
                pass
            wrong = self.misfit(data)
            if wrong is not None:
                raise wrong
            raise _refusal(jwe, data, material, key, registry, kid)

        return opened


def _key(material: Material, cipher: str) -> Any:
    """The key as the library takes it."""
    jwk: Any = needed("joserfc.jwk", "joserfc")
    if cipher not in PAIRS:
        if not material.key:
            raise Misfit("key", "is empty")
        return jwk.OctKey(material.key, material.key)
    text = material.text.decode(errors="replace")
    encoding = "jwk" if text.lstrip().startswith("{") else "pem"
    private = pairs.read_pair(text, encoding)
    if private is None:
        raise Misfit("key", f"is not a private key for {cipher}")
    kind = jwk.RSAKey if cipher == "rsa" else jwk.ECKey
    try:
        return kind.import_key(private)
    except (TypeError, ValueError, AttributeError):
        raise Misfit("key", f"is not a private key for {cipher}") from None


def _registry(base: Any) -> Any:
    """What the library takes: every algorithm that it knows, and texts as large as rows hold."""

    class Registry(base):  # type: ignore[misc]  # it is imported where it is used
        max_ciphertext_length = _LARGEST
        max_encrypted_key_length = 4096
        max_protected_header_length = 2**16

    return Registry(
        algorithms=[*KEYS, *ENCRYPTIONS, "DEF"],
        strict_check_header=False,
        verify_all_recipients=False,
    )


def _extracted(jwe: Any, data: bytes, registry: Any) -> Any:
    import json

    value = data.strip()
    if value[:1] != b"{":
        return jwe.extract_compact(value, registry)
    members = json.loads(value)
    if "recipients" in members:
        return jwe.extract_general_json(members, registry)
    return jwe.extract_flattened_json(members, registry)


def _refusal(  # noqa: PLR0913, PLR0917 - a text, and all that is known of its key
    jwe: Any, data: bytes, material: Material, key: Any, registry: Any, kid: str
) -> Closed | Misfit:
    """Why a text of the right form did not open."""
    header = header_of(data)
    wrong = _unsuited(header, material)
    if wrong:
        return Misfit("key", wrong)
    try:
        made = _extracted(jwe, data, registry)
        recipient = made.recipients[0]
        recipient.recipient_key = key
        registry.check_header(recipient.headers(), True)
        way = registry.get_alg(header.alg)
        if not way.direct_mode and header.alg != "RSA1_5":  # which gives random bytes for an error
            if hasattr(way, "decrypt_cek"):
                way.decrypt_cek(recipient)
            else:
                agreed = way.decrypt_agreed_upon_key(registry.get_enc(header.enc), recipient)
                way.unwrap_cek_with_auk(recipient.encrypted_key, agreed)
            return Misfit(
                "damaged", "can't be decrypted, although the key decrypts its content key"
            )
    except Exception:  # noqa: BLE001, S110 - as above
        pass
    if kid and header.kid and kid != header.kid:
        return Closed("names a different key by its kid")
    return Closed()


def _unsuited(header: Header, material: Material) -> str:
    """Why the key can't be one for the algorithms, to follow "it"; empty if it may."""
    family, size = KEYS[header.alg]
    pair = not material.key
    if family in PAIRS:
        return (
            ""
            if pair
            else f"is encrypted to a public key ({header.alg}), but the key isn't private"
        )
    if pair:
        return f"is encrypted with {header.alg}, but the key is a private key"
    if family == "passphrase":
        return ""
    need = size or ENCRYPTIONS[header.enc][0]
    if len(material.key) == need:
        return ""
    name = header.enc if header.alg == "dir" else header.alg
    return f"is encrypted with {name}, which needs a key of {need} bytes"
