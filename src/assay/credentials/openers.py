"""What an application calls: `open`, `aopen` and `opener`, by a spec or by all that is given.

`open` keeps openers by what was asked for, without keeping the specs and environments alive.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, overload
from weakref import ref

import msgspec

from assay.credentials.opening import BUDGET, Hidden, Opener
from assay.credentials.preparing import hide, prepared
from assay.spec.document import Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from os import PathLike

    from assay.credentials.opening import Ciphertext, Explain
    from assay.crypto.envelopes.base import Envelope
    from assay.crypto.recipes import Recipe
    from assay.facts import Secret

_SALT = os.urandom(32)


class Kept:
    """The openers that were used last, by what makes them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._openers: OrderedDict[Hashable, Opener] = OrderedDict()

    def get(self, key: Hashable | None) -> Opener | None:
        """The opener of a key. Each step is atomic, so threads need no lock."""
        found = self._openers.get(key)
        with suppress(KeyError):  # there is none, or another thread has just dropped it
            self._openers.move_to_end(key)
        return found

    def put(self, key: Hashable | None, made: Opener) -> Opener:
        """Keep an opener, and drop what was not used for long."""
        made.forget_process()
        if key is None:
            return made
        self._openers[key] = made
        while len(self._openers) > self._most:
            with suppress(KeyError):
                self._openers.popitem(last=False)
        return made


class _Same:
    """A spec, by its identity and as long as it lives."""

    __slots__ = ("_hash", "_ref")

    def __init__(self, spec: Spec) -> None:
        self._ref = ref(spec)
        self._hash = id(spec)

    def __eq__(self, other: object) -> bool:
        spec = self._ref()
        return spec is not None and isinstance(other, _Same) and other._ref() is spec

    def __hash__(self) -> int:
        return self._hash


def asked_for(how: Mapping[str, Any]) -> Hashable | None:
    """What two calls have in common if one opener serves both; None if arguments are wrong."""
    try:
        own = _outright(how) if "key" in how else _by_spec(how)
        key = tuple(how), *own
        hash(key)
    except (AttributeError, LookupError, OSError, TypeError, ValueError):
        return None  # whoever checks the arguments says why
    return key


def _outright(how: Mapping[str, Any]) -> tuple[Hashable, ...]:
    envelope = how["envelope"]
    if not isinstance(envelope, str):
        given = dict(envelope) if isinstance(envelope, Mapping) else envelope
        envelope = msgspec.json.encode(given)
    return how["key"], how["text"], envelope, how.get("variable"), how.get("previous")


def _by_spec(how: Mapping[str, Any]) -> tuple[Hashable, ...]:
    spec, process = how.get("spec"), how.get("process")
    if isinstance(spec, Spec):
        spec = _Same(spec)
    else:
        spec = None if spec is None else os.fspath(spec)
        if spec is None or not os.path.isabs(spec):
            spec = os.getcwd(), spec
    seen = None if process is None or process.value is os.environ else _digest(process.value)
    return spec, how["environment"], how["credential"], how["column"], seen


def _digest(process: Mapping[str, str]) -> bytes:
    """Stands for the variables of a process, and can't be turned back into them."""
    text = "\0".join(f"{name}={value}" for name, value in sorted(process.items()))
    return blake2b(text.encode("utf-8", "surrogatepass"), key=_SALT).digest()


KEPT = 256
"""Openers that `open` keeps."""
_kept = Kept(KEPT)


@overload
def open(  # noqa: A001 - as in `gzip.open`
    ciphertext: Ciphertext,
    *,
    spec: Spec | str | PathLike[str] | None = None,
    environment: str,
    credential: str,
    column: str,
    row: object = None,
    aad: bytes | None = None,
    process: Mapping[str, str] | None = None,
) -> bytes: ...


@overload
def open(  # noqa: A001
    ciphertext: Ciphertext,
    *,
    key: Recipe,
    text: str | Secret,
    envelope: Envelope | str | Mapping[str, Any],
    row: object = None,
    aad: bytes | None = None,
    variable: str = "the key",
    previous: Mapping[str, str | Secret] = ...,
) -> bytes: ...


def open(  # noqa: A001
    ciphertext: Ciphertext, *, row: object = None, aad: bytes | None = None, **how: Any
) -> bytes:
    """The plaintext of a stored credential, as bytes.

    Either the spec says how it is encrypted, or all of it is given.

    Args:
        ciphertext: what the column holds, as the database's driver gives it.
        row: the row: a mapping by column, or what a driver or a model makes of one. It makes the
            additional data if the spec says so, and names the row in messages.
        aad: the additional authenticated data, instead of what the spec or the envelope says.
        how: what `opener` takes, but for what it does about other keys and explanations.

    Raises:
        CredentialError: it can't be decrypted; one of `KeyFault`, `FormatFault`, `DatabaseFault`
            and `AlgorithmFault`.
        UsageError: the spec has no such environment, credential or column, or an argument is of
            the wrong type.
        SpecError: the spec is invalid.

    """
    given = Hidden((ciphertext, row, aad))
    del ciphertext, row, aad
    hide(how)
    key = asked_for(how)
    kept = _kept.get(key) or _kept.put(key, prepared("open", how)())
    return kept._open(given, how.get("process"))  # noqa: SLF001 - one package


@overload
async def aopen(
    ciphertext: Ciphertext,
    *,
    spec: Spec | str | PathLike[str] | None = None,
    environment: str,
    credential: str,
    column: str,
    row: object = None,
    aad: bytes | None = None,
    process: Mapping[str, str] | None = None,
) -> bytes: ...


@overload
async def aopen(
    ciphertext: Ciphertext,
    *,
    key: Recipe,
    text: str | Secret,
    envelope: Envelope | str | Mapping[str, Any],
    row: object = None,
    aad: bytes | None = None,
    variable: str = "the key",
    previous: Mapping[str, str | Secret] = ...,
) -> bytes: ...


async def aopen(
    ciphertext: Ciphertext, *, row: object = None, aad: bytes | None = None, **how: Any
) -> bytes:
    """`open` for a coroutine: what may take long runs in a thread, beside the event loop.

    Arguments and errors are those of `open`.
    """
    from asyncio import to_thread

    given = Hidden((ciphertext, row, aad))
    del ciphertext, row, aad
    hide(how)
    key = asked_for(how)
    kept = _kept.get(key) or _kept.put(key, await to_thread(prepared("aopen", how)))
    return await kept._aopen(given, how.get("process"))  # noqa: SLF001 - one package


@overload
def opener(
    *,
    spec: Spec | str | PathLike[str] | None = None,
    environment: str,
    credential: str,
    column: str,
    process: Mapping[str, str] | None = None,
    explain: Explain = "full",
    budget: float = BUDGET,
    accept_previous: bool = False,
    on_previous: Callable[[Mapping[str, object]], object] | None = None,
) -> Opener: ...


@overload
def opener(
    *,
    key: Recipe,
    text: str | Secret,
    envelope: Envelope | str | Mapping[str, Any],
    variable: str = "the key",
    previous: Mapping[str, str | Secret] = ...,
    explain: Explain = "full",
    budget: float = BUDGET,
    accept_previous: bool = False,
    on_previous: Callable[[Mapping[str, object]], object] | None = None,
) -> Opener: ...


def opener(**how: Any) -> Opener:  # noqa: D417 - as overloaded
    """What opens the ciphertexts of one column; threads and coroutines may share it.

    Either the spec says how they are encrypted:

    Args:
        spec: what `assay.load` returned, or the path of a spec; the nearest one by default.
        environment: the environment of the spec whose key is used.
        credential: the name of the credential in the spec.
        column: the column that the ciphertexts are from.
        process: the variables that a `process` source sees; this process's by default.

    Or all of it is given:

    Args:
        key: how the key is made.
        text: the value of the variable with the key.
        envelope: how the ciphertext is written: a name, a mapping as in a spec, or an `Envelope`.
        variable: what messages call the variable.
        previous: the values of earlier keys, by what messages call them.

    In either case:

    Args:
        explain: how thoroughly a ciphertext that can't be decrypted is examined. `full` takes up
            to half a second, `brief` some milliseconds; with `none` the error names no cause.
        budget: seconds of full examinations in any minute; once they are used up, examinations
            are brief.
        accept_previous: whether what an earlier key opens is opened with it. Earlier keys are
            those of `previous`, in the spec or here.
        on_previous: called with the identity of each row that an earlier key opened: its columns
            by name, as far as `row` has them.

    Raises:
        CredentialError: there is no key.
        UsageError: the spec has no such environment, credential or column, or an argument is of
            the wrong type.
        SpecError: the spec is invalid.

    """
    hide(how)
    return prepared("opener", how)()
