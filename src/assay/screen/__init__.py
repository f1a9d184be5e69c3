"""The screen: says quickly that .env files are clean, or that it does not know.

It is all of `assay hook` if nothing is wrong, so start-up is its cost. Nothing here, nor in
`judge`, `store` and `fast_dotenv`, may import what the bare interpreter has not loaded already,
except inside a function on a rarer path. It never reports a fault: whatever is not plainly clean
goes to the engine, which explains. A property test holds that the engine passes whatever the screen
calls clean.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class SimpleArguments:
    """The arguments of a hook as pre-commit mostly gives them: files, and hardly an option."""

    __slots__ = ("environment", "files", "quiet", "spec")

    def __init__(self) -> None:
        self.files: list[str] = []
        self.spec: str | None = None
        self.environment: str | None = None
        self.quiet: bool = False

    def projects(self, working: str) -> "dict[str, list[str]]":
        """The files by the folder to look for their spec from."""
        if self.spec is not None or self.environment is not None:
            return {working: self.files}
        from assay.spec.discovery import by_project

        return by_project(self.files, working)


def simple_arguments(arguments: "Sequence[str]") -> "SimpleArguments | None":
    """Arguments that need no parser, or None if there is any other option or no file."""
    found = SimpleArguments()
    rest = iter(arguments)
    for word in rest:
        if word in ("--spec", "--env"):
            value = next(rest, "-")
            if value[:1] == "-":
                return None
            if word == "--spec":
                found.spec = value
            else:
                found.environment = value
        elif word in ("-q", "--quiet"):
            found.quiet = True
        elif word[:1] == "-" or not word:
            return None
        else:
            found.files.append(word)
    return found if found.files else None


def screened(arguments: "Sequence[str]") -> bool:
    """Whether `assay hook` with these arguments is certain to find nothing.

    False also if an argument is not understood, or no plan of the spec is remembered.
    """
    simple = simple_arguments(arguments)
    if simple is None:
        return False
    from assay.screen.store import PLAN, recall

    try:
        working = os.getcwd()
    except OSError:  # it has been removed
        return False
    for folder, files in simple.projects(working).items():
        known = recall(simple.spec, folder, PLAN)
        if known is None:
            return False
        from assay.gate import named_inside
        from assay.screen.judge import clean

        root, plan = known
        paths = [os.path.join(working, file) for file in files]
        inside = named_inside(root, paths, working)
        if not clean(plan, root, paths, simple.environment, inside):
            return False
    return True
