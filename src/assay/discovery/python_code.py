"""The names that Python code reads, found in its syntax tree."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

from assay.discovery.reference import Need, Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

_CASTS = {
    "bool": "boolean",
    "int": "integer",
    "float": "number",
    "PositiveInt": "integer",
    "NonNegativeInt": "integer",
    "url": "url",
}
_READERS = {"env": ("environs", "environ"), "config": ("decouple", "starlette.config")}
"""What a reader is called by custom, and the packages of which one must be imported."""


def python_references(text: str) -> list[Reference] | None:
    """Every reading of a variable; None if the text is not Python of this version."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in the code of others
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    reader = _Reader()
    try:
        return list(reader.read(tree))
    except RecursionError:
        return None


class _Reader:
    """Walks a module, knowing what it imports under which name."""

    def __init__(self) -> None:
        self._environs = {"environ"}
        self._getters = {"getenv"}
        self._readers: set[str] = set()

    def read(self, tree: ast.Module) -> Iterator[Reference]:
        nodes = list(ast.walk(tree))
        for node in nodes:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._learn(node)
        casts = {id(arg): cast for node in nodes for arg, cast in _cast(node)}
        for node in nodes:
            cast = casts.get(id(node), "")
            for found in self._at(node):
                yield found._replace(hint=found.hint or cast)

    def _at(self, node: ast.AST) -> Iterator[Reference]:
        match node:
            case ast.Subscript(slice=ast.Constant(value=str(name)), ctx=ast.Load()):
                if self._is_environ(node.value):
                    yield Reference(name, node.lineno, Need.DEMANDED)
            case ast.Compare(left=ast.Constant(value=str(name)), comparators=[right]):
                if self._is_environ(right):
                    yield Reference(name, node.lineno, Need.OPTIONAL)
            case ast.Call():
                yield from self._called(node)
            case ast.ClassDef():
                yield from _settings(node)
            case _:
                pass

    def _learn(self, node: ast.Import | ast.ImportFrom) -> None:
        modules = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
            known = {"environ": self._environs, "getenv": self._getters}
            for alias in node.names:
                if node.module == "os" and alias.name in known:
                    known[alias.name].add(alias.asname or alias.name)
        for reader, packages in _READERS.items():
            if any(m in packages or m.partition(".")[0] in packages for m in modules):
                self._readers.add(reader)

    def _is_environ(self, node: ast.expr) -> bool:
        match node:
            case ast.Attribute(attr="environ", value=ast.Name()):
                return True
            case ast.Name(id=called):
                return called in self._environs
            case _:
                return False

    def _called(self, call: ast.Call) -> Iterator[Reference]:
        match call.args:
            case [ast.Constant(value=str(name)), *rest]:
                pass
            case _:
                return
        match call.func:
            case ast.Attribute(attr="get" | "setdefault" | "pop", value=owner):
                if self._is_environ(owner):
                    yield _got(name, call, rest, Need.UNKNOWN)
            case ast.Attribute(attr="getenv", value=ast.Name()):
                yield _got(name, call, rest, Need.UNKNOWN)
            case ast.Name(id=called) if called in self._getters | self._readers:
                need = Need.UNKNOWN if called in self._getters else Need.DEMANDED
                yield _got(name, call, rest, need)
            case ast.Attribute(attr=kind, value=ast.Name(id="env")) if "env" in self._readers:
                if kind not in ("prefixed", "read_env", "read_envfile"):
                    hint = _CASTS.get(kind, "")
                    yield _got(name, call, rest, Need.DEMANDED)._replace(hint=hint)
            case _:
                pass


def _cast(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """What `int(...)` or `float(...)` is made of, and the type that it then has."""
    match node:
        case ast.Call(func=ast.Name(id="int" | "float" as cast), args=[made, *_]):
            yield made, _CASTS[cast]
        case _:
            pass


def _got(name: str, call: ast.Call, rest: list[ast.expr], otherwise: Need) -> Reference:
    given = [k.value for k in call.keywords if k.arg == "default"]
    cast = [k.value for k in call.keywords if k.arg == "cast"]
    hint = _CASTS.get(cast[0].id, "") if cast and isinstance(cast[0], ast.Name) else ""
    if default := given or rest:
        return Reference(name, call.lineno, Need.OPTIONAL, _written(default[0]), hint)
    return Reference(name, call.lineno, otherwise, hint=hint)


def _written(node: ast.expr) -> str | None:
    """A literal as it would stand in an environment."""
    match node:
        case ast.Constant(value=bool(value)):
            return "true" if value else "false"
        case ast.Constant(value=int() | float() | str() as value):
            return str(value)
        case _:
            return None


def _settings(node: ast.ClassDef) -> Iterator[Reference]:
    """The fields of a pydantic settings class: each is read by its name, in any case."""
    bases = {
        base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in node.bases
    }
    if "BaseSettings" not in bases:
        return
    prefix = _prefix(node)
    for item in node.body:
        if not isinstance(item, ast.AnnAssign) or not isinstance(item.target, ast.Name):
            continue
        field = item.target.id
        annotation = ast.unparse(item.annotation)
        if field in ("model_config", "Config") or field[:1] == "_" or "ClassVar" in annotation:
            continue
        yield _field(item, f"{prefix}{field}".upper(), annotation)


def _field(item: ast.AnnAssign, name: str, annotation: str) -> Reference:
    hint = _CASTS.get(annotation.removesuffix(" | None"), "")
    value = item.value
    if isinstance(value, ast.Call):
        given = {k.arg: k.value for k in value.keywords}
        for alias in ("validation_alias", "alias", "env"):
            if isinstance(found := given.get(alias), ast.Constant) and isinstance(found.value, str):
                name = found.value
        value = given.get("default", value.args[0] if value.args else None)
        if value is None and "default_factory" in given:
            return Reference(name, item.lineno, Need.OPTIONAL, hint=hint)
    if value is None or (isinstance(value, ast.Constant) and value.value is Ellipsis):
        return Reference(name, item.lineno, Need.DEMANDED, hint=hint)
    return Reference(name, item.lineno, Need.OPTIONAL, _written(value), hint)


def _prefix(node: ast.ClassDef) -> str:
    for item in ast.walk(node):
        match item:
            case (
                ast.keyword(arg="env_prefix", value=ast.Constant(value=str(prefix)))
                | ast.Assign(
                    targets=[ast.Name(id="env_prefix")], value=ast.Constant(value=str(prefix))
                )
            ):
                return prefix
            case _:
                pass
    return ""
