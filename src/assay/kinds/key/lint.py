"""What is wrong with a key's declaration beyond its shape; found offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.ciphers import NEEDS, PAIRS, STRUCTURED, TEXTS
from assay.crypto.deriving import MEMORY, WORK
from assay.crypto.recipes import Derivation, SaltFrom, Scrypt
from assay.kinds.flaws import bad, unknown
from assay.kinds.key.spec import Key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.recipes import Recipe
    from assay.kind import Entry, Flaw
    from assay.kinds.key.spec import Sealed
    from assay.spec.document import Spec

Path = tuple[str | int, ...]


def lint(entry: Entry[Key], spec: Spec) -> Iterator[Flaw]:
    """Names that nothing declares, and fields that contradict each other."""
    key: Key = entry.declared
    yield from _variable(("variable",), key.variable, key, spec)
    for index, name in enumerate(key.previous):
        yield from _variable(("previous", index), name, key, spec)
        if name in key.variables[: index + 1]:
            same = name == key.variable
            reason = f"{name} holds the present key" if same else f"{name} is named twice"
            yield bad(("previous", index), "previous", reason, f"Remove {name} from `previous`.")
    if isinstance(key.check_value, dict):
        for name in key.check_value:
            path = ("check-value", name)
            yield from unknown(path, name, spec.environments, "an environment", on_key=True)
    for index, sealed in enumerate(key.sealed):
        for number, name in enumerate(sealed.only_in):
            at = ("sealed", index, "only-in", number)
            yield from unknown(at, name, spec.environments, "an environment")
        yield from _sealed(("sealed", index), sealed, key.cipher)
    if isinstance(key.derive, Derivation) and len(key.derive.given) != 1:
        functions = ", ".join(key.derive.__struct_encode_fields__)
        yield bad(
            ("derive",),
            "derive",
            f"expected one of {functions}, with its parameters",
            "Write one of them, such as `derive: {scrypt: {salt: salt}}`.",
        )
        return
    yield from contradictions(key)
    yield from _prefix(entry, spec)
    yield from _derivation(key, spec)


def _sealed(path: Path, sealed: Sealed, cipher: str) -> Iterator[Flaw]:
    """A known answer that can't be one of the key's."""
    from assay.crypto.sealing import understood

    envelope = sealed.envelope
    if envelope is not None:
        at = (*path, "envelope")
        wrong = [bad((*at, name), name, reason) for name, reason in envelope.problems()]
        if cipher not in envelope.ciphers or getattr(envelope, "cipher", cipher) != cipher:
            reason = f"{envelope.tag()} is not opened with a key for {cipher}"
            step = "Remove `envelope` to have it recognised, or change the key's `cipher`."
            wrong.append(bad(at, "envelope", reason, step))
        given = [name for name in ("layout", "encoding") if getattr(sealed, name)]
        reason = "the envelope says how it is written"
        wrong += [bad((*path, name), name, reason) for name in given]
        if wrong:
            yield from wrong
            return
    if not understood(cipher, sealed):
        misfit = envelope.misfit(sealed.ciphertext.encode(errors="replace")) if envelope else None
        reason = f"it is not a ciphertext of {cipher} in any known layout"
        reason = f"it {misfit.reason}" if misfit else reason
        step = "Paste the full text that the application wrote with this key."
        yield bad((*path, "ciphertext"), "ciphertext", reason, step)


def _variable(path: Path, name: str, key: Key, spec: Spec) -> Iterator[Flaw]:
    if name in spec.broken:
        return
    yield from unknown(path, name, spec.variables, "a variable that the spec declares")
    if name not in spec.variables:
        return
    declared = spec.variables[name].declared
    field = str(path[0])
    if not declared.secret:
        reason = f"{name} holds a key, and is not declared with `secret: true`"
        yield bad(path, field, reason, f"Write `secret: true` in the declaration of {name}.")
    encoding = declared.format.encoding
    if encoding and encoding != key.encoding and not key.prefix:
        reason = f"{name} is declared as {encoding}, and the key is read as {key.encoding}"
        step = f"Write `encoding: {encoding}`, or change the type of {name}."
        yield bad(path, field, reason, step)
    size = getattr(declared.format, "bytes", None)
    need = NEEDS.get(key.cipher)
    if encoding and size is not None and need and key.derive == "none" and not need.fits(size):
        reason = f"{name} is declared with {size} bytes, and {key.cipher} needs {need.words}"
        step = f"Write `bytes: {need.least}` in the declaration of {name}, or change the `cipher`."
        yield bad(path, field, reason, step)


def _prefix(entry: Entry[Key], spec: Spec) -> Iterator[Flaw]:
    """Another prefix than a key before expects of the same variable.

    One of the two is wrong; and keys that each ask for a prefix would spell the variable out.
    """
    key: Key = entry.declared
    for name, other in spec.entries(Key).items():
        if name == entry.name or not key.prefix:
            return
        shared = [v for v in key.variables if v in other.declared.variables]
        if shared and other.declared.prefix not in ("", key.prefix):
            yield bad(
                ("prefix",),
                "prefix",
                f"{name} expects a different one for {shared[0]}",
                "Give both keys the same `prefix`, or a variable each.",
            )
            return


def contradictions(key: Recipe) -> Iterator[Flaw]:
    """Ciphers, encodings and derivations that don't go together."""
    need = NEEDS.get(key.cipher)
    if key.cipher in PAIRS and key.encoding not in STRUCTURED:
        yield bad(
            ("encoding",),
            "encoding",
            f"a key for {key.cipher} is written as pem or jwk",
            "Write `encoding: pem` or `encoding: jwk`.",
        )
    elif key.cipher == "age" and key.encoding != "utf8":
        yield bad(
            ("encoding",),
            "encoding",
            "an identity or a passphrase of age is read as utf8",
            "Write `encoding: utf8`.",
        )
    elif key.cipher in TEXTS and key.encoding in STRUCTURED:
        yield bad(
            ("encoding",),
            "encoding",
            f"a {key.cipher} has no form in {key.encoding}",
            "Write `encoding: utf8`.",
        )
    elif key.cipher in TEXTS and key.derive != "none":
        reason = "the text opens as it is; what is made of it, each ciphertext says"
        yield bad(("derive",), "derive", reason)
    elif key.encoding == "pem" and key.cipher != "ed25519" and key.cipher not in PAIRS:
        yield bad(
            ("encoding",),
            "encoding",
            f"a key for {key.cipher} has no form in PEM",
            "Write `encoding: base64`, or as the application reads the text.",
        )
    elif key.encoding in STRUCTURED and key.derive != "none":
        yield bad(("derive",), "derive", f"nothing is derived from a key in {key.encoding}")
    elif need and (gives := _GIVES.get(str(key.derive), need.least)) < need.least:
        reason = f"it gives {gives} bytes, and {key.cipher} needs {need.words}"
        step = "Name the derivation and the cipher that the application uses, which fit each other."
        yield bad(("derive",), "derive", reason, step)


_GIVES = {"sha256": 32, "md5-hex": 32}
"""Bytes that a derivation gives at most."""


def _derivation(key: Key, spec: Spec) -> Iterator[Flaw]:
    for name in key.references:
        if name not in spec.broken:
            known = spec.variables
            yield from unknown(("derive",), name, known, "a variable that the spec declares")
    if not isinstance(key.derive, Derivation):
        return
    chosen = key.derive.chosen
    if isinstance(chosen, Scrypt):
        if chosen.cost & (chosen.cost - 1):
            yield bad(
                ("derive", "scrypt", "cost"),
                "cost",
                "it is not a power of two",
                "Write a power of two, such as 16384.",
            )
        elif 128 * chosen.cost * chosen.block_size > MEMORY:
            reason = "together with block-size it takes more than 1 GiB of memory"
            yield bad(("derive", "scrypt", "cost"), "cost", reason, "Lower `cost` or `block-size`.")
        elif chosen.cost * chosen.block_size * chosen.parallelization > WORK:
            reason = "together with cost and block-size it takes minutes"
            path = ("derive", "scrypt", "parallelization")
            yield bad(path, "parallelization", reason, "Lower `parallelization` or `cost`.")
    salt = getattr(chosen, "salt", None)
    if salt is not None and not isinstance(salt, SaltFrom):
        from assay.crypto.deriving import read

        encoding = chosen.salt_encoding  # type: ignore[union-attr]  # what has a salt has both
        if read(salt, encoding, lenient=False) is None:
            yield bad(
                ("derive",),
                "salt",
                f"it is not {encoding}",
                f"Write the salt in {encoding}, or change `salt-encoding`.",
            )
