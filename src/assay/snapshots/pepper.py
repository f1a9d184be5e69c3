"""The pepper of snapshots: a secret of the team, without which their digests tell nothing.

It is the variable ASSAY_PEPPER, else a file of the user's own, which is made when first needed.
"""

from __future__ import annotations

import errno
import hmac
import os
import stat
from typing import TYPE_CHECKING

from assay.comparison import Pepper
from assay.errors import OutputError, UsageError
from assay.files import FileTrouble, read_bytes, trouble_of
from assay.formats.decoding import HEX, decode_base64, decode_base64url, decode_hex

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "ASSAY_PEPPER"
BYTES = 32
DISTINCT = 16
"""Different bytes that 32 random ones have at least, but for once in 10^13 times."""
LABEL = b"assay pepper id 1"
MAKE = "Generate one with `openssl rand -hex 32`, and store it with your other secrets."


def given_pepper(environ: Mapping[str, str]) -> Pepper | None:
    """The pepper that the process was given, else the one in the user's file; None without either.

    Raises:
        UsageError: there is one, but it is too weak, or others may read it.

    """
    text = environ.get(VARIABLE)
    if text is not None:
        return _pepper(text.strip(), VARIABLE)
    path = pepper_file(environ)
    return _kept(path) if os.path.lexists(path) else None


def needed_pepper(environ: Mapping[str, str]) -> tuple[Pepper, str]:
    """The pepper to make a snapshot with, and the file that was made for it now, if one was.

    Raises:
        UsageError: there is one, but it is too weak, or others may read it.
        OutputError: there is none, and none could be kept.

    """
    found = given_pepper(environ)
    if found is not None:
        return found, ""
    path = pepper_file(environ)
    made = _make(path)
    return _kept(path), path if made else ""


def pepper_file(environ: Mapping[str, str]) -> str:
    """The user's own file, by the XDG Base Directory Specification."""
    state = environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(state):
        state = os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(state, "assay", "pepper")


def _kept(path: str) -> Pepper:
    content = read_bytes(path, limit=4096, inside=None)
    if isinstance(content, FileTrouble):
        raise UsageError(f"the pepper in {path} can't be used: {content.reason}", content.remedy)
    found = os.stat(path)
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o077):
        raise UsageError(
            f"the pepper in {path} can't be used: other users can read or change it",
            f"Run `chmod 600 {path}`, or remove it if somebody may have read it.",
        )
    return _pepper(content.decode("ascii", "replace").strip(), f"the pepper in {path}")


def _make(path: str) -> bool:
    """Keep a new pepper, unless another process was faster."""
    folder = os.path.dirname(path)
    beside = os.path.join(folder, f".pepper.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        os.makedirs(folder, mode=stat.S_IRWXU, exist_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(descriptor, "wb") as file:
                file.write(os.urandom(BYTES).hex().encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(beside, path)  # unlike a rename it never replaces what another one made
        finally:
            os.unlink(beside)
    except OSError as error:
        if error.errno == errno.EEXIST and os.path.isfile(path):
            return False
        trouble = trouble_of(error)
        known = {"missing": "its folder can't be created", "denied": "permission denied"}
        raise OutputError(
            f"the pepper could not be stored in {path}: {known.get(trouble.code, trouble.reason)}",
            f"Set {VARIABLE} to 64 random hex digits, or fix the folder's permissions.",
        ) from None
    return True


def _pepper(text: str, owner: str) -> Pepper:
    secret = _decoded(text)
    if secret is None or len(secret) < BYTES:
        raise UsageError(
            f"{owner} must be at least 64 hex digits, or base64 of at least 32 bytes", MAKE
        )
    if len(set(secret)) < DISTINCT or all(32 <= byte < 127 for byte in secret):
        raise UsageError(f"{owner} is not random, so it could be guessed", MAKE)
    return Pepper(secret, hmac.digest(secret, LABEL, "sha256").hex()[:16])


def _decoded(text: str) -> bytes | None:
    if HEX.issuperset(text):  # cut short it would pass for base64, and for another pepper
        return decode_hex(text)
    return decode_base64(text) or decode_base64url(text)
