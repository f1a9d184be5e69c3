"""Paths of files, and patterns for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from assay.formats.base import Format, Permission, Presence
from assay.model import Rule, Violation

PATH_CHARACTERS = Rule(
    code="path-characters",
    message="{name} contains a character that paths must not contain here, such as a newline",
    remedy="Remove newlines, NUL and other control characters from {name}.",
    why="The operating system rejects the path, or opens a different file.",
)
PATH_RELATIVE = Rule(
    code="path-relative",
    message="{name} is a relative path: expected an absolute one",
    remedy="Write {name} as an absolute path, starting at the root.",
    why="A relative path is resolved against the directory that the program happens to start in.",
    bad="DATA_DIR=var/data",
    good="DATA_DIR=/var/data",
)
PATH_ABSOLUTE = Rule(
    code="path-absolute",
    message="{name} is an absolute path: expected a relative one",
    remedy="Remove the leading slash or drive from {name}; the application adds its own directory.",
    why="When an absolute path is joined to a directory, most libraries discard the directory.",
    bad="UPLOADS=/uploads",
    good="UPLOADS=uploads",
)
PATH_HOME = Rule(
    code="path-home",
    message="{name} begins with a tilde, which only shells expand",
    remedy="Write the home directory in {name} in full.",
    why="The program looks for a directory named `~`.",
    bad="KEY_FILE=~/key.pem",
    good="KEY_FILE=/home/app/key.pem",
)
PATH_TRAVERSAL = Rule(
    code="path-traversal",
    message="{name} contains '..': expected a path without it",
    remedy="Write {name} without '..'.",
    why="A path with '..' can leave the directory that the application is confined to.",
    bad="TEMPLATES=../../etc",
)
PATH_STYLE = Rule(
    code="path-style",
    message="{name} has backslashes or a drive letter: expected a path with slashes",
    remedy="Write {name} with slashes.",
    why="On Linux a backslash is part of the file name, so the file isn't found.",
    bad="DATA_DIR=C:\\data",
    good="DATA_DIR=/data",
)
PATH_EXTENSION = Rule(
    code="path-extension",
    message="{name} has the wrong extension: expected {extensions}",
    remedy="Set {name} to a file that ends with {extensions}.",
    why="The application chooses how to read the file by its extension.",
)
GLOB_MALFORMED = Rule(
    code="glob-malformed",
    message="{name} is not a file pattern: it has an unclosed {what}",
    remedy="Close the {what} in {name}, or escape it with a backslash.",
    why="The pattern matches nothing, or the library rejects it.",
    bad="INCLUDE=src/*.{ts,tsx",
    good="INCLUDE=src/*.{ts,tsx}",
)


class Path(Format, frozen=True, kw_only=True, tag="path"):
    """The path of a file or directory."""

    title = "a path"
    named_like = r"(?:^|_)(?:PATH|DIR|DIRECTORY|FOLDER|FILE|ROOT)$"
    begins_like = r"[./~]"
    rules: ClassVar[tuple[Rule, ...]] = (
        *(PATH_CHARACTERS, PATH_RELATIVE, PATH_ABSOLUTE, PATH_HOME, PATH_TRAVERSAL, PATH_STYLE),
        PATH_EXTENSION,
    )

    absolute: Annotated[
        Presence, Meta(description="Whether the path must be absolute or relative.")
    ] = "allowed"
    style: Annotated[
        Literal["posix", "any"],
        Meta(description="Whether only slashes are allowed, or Windows backslashes as well."),
    ] = "posix"
    traversal: Annotated[Permission, Meta(description="Whether `..` is allowed.")] = "allowed"
    extensions: Annotated[
        tuple[str, ...] | None,
        Meta(description="The extensions allowed.", examples=[[".pem", ".crt"]]),
    ] = None

    def problems(self) -> Iterator[tuple[str, str]]:
        for extension in self.extensions or ():
            if len(extension) < 2 or extension[0] != ".":
                yield "extensions", f"{extension!r} is not an extension: expected one such as .pem"

    def violations(self, value: str) -> Iterator[Violation]:
        if not value.isprintable():
            yield PATH_CHARACTERS.violated()
            return
        windows = "\\" in value or (value[1:2] == ":" and value[0].isalpha())
        if windows and self.style == "posix":
            yield PATH_STYLE.violated()
        if value == "~" or value.startswith("~/"):
            yield PATH_HOME.violated()
            return
        rooted = value.startswith(("/", "\\")) or value[1:3] in (":\\", ":/")
        if self.absolute == ("forbidden" if rooted else "required"):
            yield (PATH_ABSOLUTE if rooted else PATH_RELATIVE).violated()
        if self.traversal == "forbidden" and ".." in value.replace("\\", "/").split("/"):
            yield PATH_TRAVERSAL.violated()
        if self.extensions is not None and not value.endswith(self.extensions):
            yield PATH_EXTENSION.violated(extensions=" or ".join(self.extensions))

    def example(self) -> str:
        root = "" if self.absolute == "forbidden" else "/"
        return f"{root}var/data/app{self.extensions[0] if self.extensions else ''}"

    def screen(self) -> tuple[object, ...] | None:
        if self.extensions is not None:
            return None
        root = {"allowed": "/?", "required": "/", "forbidden": ""}[self.absolute]
        return ("match", root + "[A-Za-z0-9_-]{1,60}(?:[/.][A-Za-z0-9_-]{1,60}){0,8}/?")


class Glob(Format, frozen=True, kw_only=True, tag="glob"):
    """A pattern for paths: `*`, `**`, `?`, `[a-z]`, `{a,b}` (gitignore, fnmatch, minimatch)."""

    title = "a file pattern"
    screened: ClassVar[tuple[object, ...] | None] = ("match", "[A-Za-z0-9_./*?!-]{1,200}")
    sample = "src/**/*.ts"
    rules: ClassVar[tuple[Rule, ...]] = (GLOB_MALFORMED, PATH_CHARACTERS)

    def violations(self, value: str) -> Iterator[Violation]:
        if not value.isprintable():
            yield PATH_CHARACTERS.violated()
        elif what := _unclosed(value):
            yield GLOB_MALFORMED.violated(what=what)


def _unclosed(pattern: str) -> str:
    braces, at = 0, 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            if at + 1 == len(pattern):
                return "backslash"
            at += 1
        elif char == "[":
            # A bracket right after the opening, or after a negation, belongs to the class.
            start = at + 2 + (pattern[at + 1 : at + 2] in ("!", "^"))
            at = pattern.find("]", start)
            if at < 0:
                return "bracket"
        elif char == "{":
            braces += 1
        elif char == "}":
            braces -= 1
            if braces < 0:
                return "brace"
        at += 1
    return "brace" if braces else ""
