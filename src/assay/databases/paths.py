"""The files that a database's URL names: they lie inside of the repository, or were allowed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assay.databases.trouble import DatabaseTrouble
from assay.files import trouble_of
from assay.gate import Refused, inside_of, resolved

if TYPE_CHECKING:
    from assay.databases.base import Reach

PUBLIC = ("/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/usr/share", "/usr/local/share")
"""Where systems keep the certificates of authorities, which aren't secret."""
_OF_AUTHORITIES = ("sslcrl", "sslrootcert", "ssl_ca")


def certificate_path(name: str, path: str, reach: Reach) -> str:
    """The real path of a file that a parameter of a URL names.

    Raises:
        DatabaseTrouble: it lies outside of the repository, and nobody allowed it.

    """
    inside = inside_of(reach.root, reach.allowed)
    if name in _OF_AUTHORITIES:
        inside = (*inside, *map(os.path.realpath, PUBLIC))
    whole = os.path.abspath(os.path.join(reach.root, path))
    try:
        return resolved(whole, inside)
    except Refused as refused:
        trouble = trouble_of(refused)
        step = trouble.remedy[:1].lower() + trouble.remedy[1:].rstrip(".")
        reason = f"the file that its `{name}` names can't be used: {trouble.reason}; {step}"
        raise DatabaseTrouble("database-url-invalid", reason=reason) from None
    except OSError:
        return whole
