"""Where a database's credentials would be sent, judged before anything is sent there.

A secret of the process may not follow an address that a file of the project gives: whoever can
change the file would get the secret. So the spec has to pin the host, or nothing is contacted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.databases.model import DatabaseRefusal
from assay.facts import Setting, Unobservable
from assay.net.hosts import is_listed, is_this_machine
from assay.words import either

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.databases.base import Backend

NOT_LISTED = "database-host-not-listed"
IN_CLEAR = "database-key-unencrypted"
_UNKNOWN_HOST = "another host"
"""What a host is called that holds what a file took from the process, which may be a secret."""


class Destination(NamedTuple):
    """What a backend would contact with the credentials of its variables."""

    hosts: tuple[str, ...]
    """Names, addresses, and folders of sockets, as the driver gets them."""
    encrypted: bool = True
    """Whether nobody on the way can read the credentials; true if the driver decides that."""
    ambient: str = ""
    """What else of this machine is sent as a password, in words; empty if there is nothing."""


def barrier(
    name: str,
    backend: Backend,
    destination: Destination,
    hosts: Sequence[str],
    settings: Mapping[str, Setting],
) -> DatabaseRefusal | Unobservable | None:
    """Why a database must not be contacted; None if it may be.

    `name` is that of the database, `hosts` are those that the spec pins, and `settings` those of
    the backend's variables, all of which are readable.
    """
    away = [host for host in destination.hosts if not is_this_machine(host)]
    if not away:
        return None
    address, *_ = backend.variables
    where = settings[address]
    shown = _UNKNOWN_HOST if where.borrowed else away[0]
    if not destination.encrypted:
        return DatabaseRefusal(code=IN_CLEAR, values={"host": shown})
    if hosts:
        others = [host for host in away if not is_listed(host, hosts)]
        if not others:
            return None
        host = _UNKNOWN_HOST if where.borrowed else others[0]
        return DatabaseRefusal(code=NOT_LISTED, values={"host": host, "listed": either(hosts)})
    if not where.in_project:
        return None
    secret = _secret_of_the_process(backend, destination, settings)
    if not secret:
        return None
    right = "HOST" if where.borrowed else away[0]
    return Unobservable(
        reason=f"its address is {address} in {where.source}, but {secret}: whoever can change that "
        "file could have the secret sent anywhere",
        remedy=f"If {right} is the right host, add `hosts: [{', '.join(dict.fromkeys(away))}]` to "
        f"{name} under `databases` in the spec."
        if right != "HOST"
        else f"Add `hosts: [HOST]` to {name} under `databases` in the spec, with the host that the "
        f"secret may be sent to.",
    )


def _secret_of_the_process(
    backend: Backend, destination: Destination, settings: Mapping[str, Setting]
) -> str:
    """What of the process, or of this machine, would be sent there, in words."""
    for variable in backend.variables:
        setting = settings[variable]
        if not setting.in_project:
            return f"{variable} comes from {setting.source or 'elsewhere'}"
        if setting.borrowed:
            return f"{variable} takes the value of {setting.borrowed[0]} from the process"
    return f"the password comes from {destination.ambient}" if destination.ambient else ""
