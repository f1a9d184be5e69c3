"""Who may do what with a table: row level security, its policies, and grants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.databases.model import PRIVILEGES
from assay.facts import Unobservable
from assay.kinds.sql_words import quoted
from assay.kinds.table import rules
from assay.kinds.table.sight import Sight, known, severity_of
from assay.model import Severity
from assay.suggest import closest
from assay.words import either, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from assay.databases.model import FoundPolicy
    from assay.kinds.table.spec import Policy
    from assay.model import Violation


def rights(sight: Sight) -> Iterator[Violation]:
    """What is wrong with who may do what. SQLite has nothing of the sort but its own rights."""
    if not sight.is_sqlite:
        yield from _row_security(sight)
        yield from _policies(sight)
        yield from _grants(sight)
    yield from _may(sight)


def _row_security(sight: Sight) -> Iterator[Violation]:
    wanted = sight.declared.row_level_security
    if wanted is None:
        return
    found = sight.seen("row level security", sight.found.row_security)
    if found is not None and found != wanted:
        verb = "enable" if wanted else "disable"
        yield sight.broken(
            rules.ROW_SECURITY_OFF if wanted else rules.ROW_SECURITY_ON,
            ("row-level-security",),
            change=f"{verb} row level security",
        )


def _policies(sight: Sight) -> Iterator[Violation]:
    wanted = sight.declared.wanted_policies
    if not wanted and sight.declared.on_extra_policies == "allow":
        return
    found = sight.seen("policies", sight.found.policies)
    if found is None:
        return
    there = {policy.name: policy for policy in found}
    by_name = isinstance(sight.declared.policies, dict)
    for number, (name, policy) in enumerate(wanted.items()):
        path = ("policies", name if by_name else number)
        about = f"policies.{name}"
        if name in there:
            for field, is_, expected in _differences(policy, there[name]):
                yield sight.broken(
                    rules.POLICY_DIFFERS,
                    (*path, field),
                    about=about,
                    policy=name,
                    found=is_,
                    expected=expected,
                    dropped=f"drop policy {quoted(name)} on {sight.sql};",
                    sql=_created(sight, name, policy),
                )
            continue
        similar = closest(name, [other for other in there if other not in wanted]) or ""
        yield sight.broken(
            rules.POLICY_MISSING,
            path,
            about=about,
            on_key=by_name,
            policy=name,
            case="similar" if similar else "",
            similar=similar,
            sql=_created(sight, name, policy),
        )
    if sight.declared.on_extra_policies != "allow":
        yield from _undeclared_policies(sight, [p for p in found if p.name not in wanted])


def _undeclared_policies(sight: Sight, policies: Iterable[FoundPolicy]) -> Iterator[Violation]:
    """Policies that let more rows through; what restricts lets fewer."""
    for policy in policies:
        if policy.permissive:
            yield sight.broken(
                rules.POLICY_UNDECLARED,
                ("extra-policies",) if sight.declared.extra_policies else ("policies",),
                about=f"policies.{policy.name}",
                on_key=True,
                severity=severity_of(sight.declared.on_extra_policies),
                policy=policy.name,
                found=f"for {policy.command}, to {_roles(policy.roles)}",
                sql=f"drop policy {quoted(policy.name)} on {sight.sql};",
            )


def _differences(wanted: Policy, found: FoundPolicy) -> Iterator[tuple[str, str, str]]:
    """Each field that is not as declared: its name, what it is, and what it should be."""
    if wanted.command is not None and wanted.command != found.command:
        yield "command", f"for {found.command}", f"for {wanted.command}"
    if wanted.roles is not None and set(wanted.roles) != set(found.roles):
        yield "roles", f"for {_roles(found.roles)}", f"for {_roles(wanted.roles)}"
    if wanted.permissive is not None and wanted.permissive != found.permissive:
        words = {True: "permissive", False: "restrictive"}
        yield "permissive", words[found.permissive], words[wanted.permissive]


def _roles(names: Iterable[str]) -> str:
    return listed(sorted(names)) or "nobody"


def _created(sight: Sight, name: str, policy: Policy) -> str:
    words = [f"create policy {quoted(name)} on {sight.sql}"]
    if policy.permissive is False:
        words.append("as restrictive")
    if policy.command is not None:
        words.append(f"for {policy.command}")
    if policy.roles:
        words.append(f"to {', '.join(map(quoted, policy.roles))}")
    condition = "with check" if policy.command == "insert" else "using"
    return f"{' '.join(words)} {condition} (...);"


def _grants(sight: Sight) -> Iterator[Violation]:
    if not sight.declared.grants and sight.declared.on_extra_grants == "allow":
        return
    found = sight.seen("grants", sight.found.grants)
    if found is None:
        return
    roles = sight.structure.roles
    for role, wanted in sight.declared.grants.items():
        has = found.get(role, frozenset())
        partly = known(sight.found.column_grants, {}).get(role, {})
        if not isinstance(roles, Unobservable) and role not in (*roles, "public") and not has:
            if wanted:
                yield _no_role(sight, role, roles)
            continue
        yield from _judged(sight, role, wanted, has, partly)
    if sight.declared.on_extra_grants != "allow":
        yield from _undeclared_grants(sight, found)


def _undeclared_grants(sight: Sight, found: Mapping[str, frozenset[str]]) -> Iterator[Violation]:
    """Roles that nobody named, with what they may; the owner may do everything anyway."""
    columns = known(sight.found.column_grants, {})
    for role in dict.fromkeys((*found, *columns)):
        if role in sight.declared.grants or role == sight.found.owner:
            continue
        has, partly = found.get(role, frozenset()), columns.get(role, {})
        privileges = [p for p in PRIVILEGES if p in has or p in partly]
        if privileges:
            yield sight.broken(
                rules.GRANT_UNDECLARED,
                ("extra-grants",) if sight.declared.extra_grants else ("grants",),
                about=f"grants.{role}",
                on_key=True,
                severity=severity_of(sight.declared.on_extra_grants),
                role=role,
                privileges=either(_where(p, has, partly) for p in privileges),
                sql=f"revoke all on {sight.sql} from {quoted(role)};",
            )


def _where(privilege: str, has: frozenset[str], partly: Mapping[str, Sequence[str]]) -> str:
    """A privilege, with the columns of it where it is not on all."""
    return privilege if privilege in has else f"{privilege} {', '.join(partly[privilege])} of"


def _judged(
    sight: Sight,
    role: str,
    wanted: Sequence[str],
    has: frozenset[str],
    partly: Mapping[str, Sequence[str]],
) -> Iterator[Violation]:
    """Privileges that a role lacks, or has on some columns only; and those that it has beyond."""
    missing = [privilege for privilege in wanted if privilege not in has]
    if missing:
        some = [f"{p} {', '.join(partly[p])} of it" for p in missing if p in partly]
        yield sight.broken(
            rules.GRANT_MISSING,
            ("grants", role),
            role=role,
            privileges=either(missing),
            case="partly" if some else "",
            partly=listed(some),
            sql=f"grant {', '.join(missing)} on {sight.sql} to {quoted(role)};",
        )
    extra = [p for p in PRIVILEGES if (p in has or p in partly) and p not in wanted]
    # references and trigger come along with `grant all`, and nobody lists them
    if extra and not (wanted and set(extra) <= {"references", "trigger"}):
        yield sight.broken(
            rules.GRANT_EXCESS,
            ("grants", role),
            severity=Severity.WARNING if wanted else Severity.ERROR,
            role=role,
            privileges=either(_where(p, has, partly) for p in extra),
            case="" if wanted else "any",
            expected=listed(wanted),
            sql=f"revoke {', '.join(extra)} on {sight.sql} from {quoted(role)};",
        )


def _no_role(sight: Sight, role: str, roles: tuple[str, ...]) -> Violation:
    similar = closest(role, roles) or ""
    return sight.broken(
        rules.ROLE_MISSING,
        ("grants", role),
        case="similar" if similar else "",
        on_key=True,
        role=role,
        similar=similar,
        sql=f"create role {quoted(role)};",
    )


def _may(sight: Sight) -> Iterator[Violation]:
    refused: dict[str, int] = {}
    unknown = Unobservable(reason="only trying would show it, and that would change data")
    for number, privilege in enumerate(sight.declared.may):
        allowed = sight.found.may.get(privilege, unknown)
        if sight.seen(f"privilege to {privilege}", allowed) is False:
            refused[privilege] = number
    if not refused:
        return
    role = quoted(sight.role or "ROLE")
    first, *_ = refused
    yield sight.broken(
        rules.MAY_NOT,
        ("may", refused[first]),
        about=f"may.{first}",
        case="role" if sight.role else "",
        # whatever is granted on tables, nothing in the schema can be named
        advice="" if sight.structure.usable or sight.is_sqlite else "schema",
        role=sight.role,
        privileges=either(refused),
        usage=f"grant usage on schema {quoted(sight.structure.schema)} to {role};",
        sql=f"grant {', '.join(refused)} on {sight.sql} to {role};",
    )
