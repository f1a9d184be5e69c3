"""The languages whose code is searched: what they look like, and how they read a variable.

A pattern's groups are `name` or `names`, `default` where the code may write one out, and `cast` for
what it makes of the text; `demanded` and `optional` tell by taking part.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from assay.discovery.lexing import Lexis, Quote


class Language(NamedTuple):
    """A language, or any file format that names variables."""

    name: str
    hints: tuple[str, ...]
    """Texts of which a file that reads any variable has one; all others are left unread."""
    lexis: Lexis
    patterns: tuple[re.Pattern[str], ...]
    application: bool = True
    """Whether what it reads is the application's own configuration, as in its code."""
    assigned: re.Pattern[str] | None = None
    """What sets a name in the file itself, so that reading it is no matter of the environment."""


_N = r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
_Q = rf"""["'`]{_N}["'`]"""
_LITERAL = r"""(?P<default>"[^"\\\n]*"|'[^'\\\n]*'|`[^`\\$]*`|-?\d+(?:\.\d+)?\b|true\b|false\b)"""
_DOLLAR, _NUMBER = r"\$\{", r"#\{"
"""What opens code within a string."""
_HASH = (r"(?:(?<=\s)|(?<![\s\S]))#",)
"""A `#` at the beginning of a line or after white space."""


def _language(
    name: str,
    hints: tuple[str, ...],
    lexis: Lexis,
    *patterns: str,
    application: bool = True,
    assigned: str | None = None,
) -> Language:
    compiled = tuple(re.compile(pattern, re.MULTILINE) for pattern in patterns)
    setting = None if assigned is None else re.compile(assigned, re.MULTILINE)
    return Language(name, hints, lexis, compiled, application, setting)


# What follows a reading: a default, or a mark that it must be there.
_JS_REST = (
    rf"(?:(?P<demanded>!)(?![=])|\s*(?:,\s*\d+\s*)?\)*\s*(?:\|\|=?|\?\?=?)(?P<optional>)\s*(?:{_LITERAL})?"
    r"|\s*(?:&&|\?(?![.?]))(?P<optional2>))?"
    r"(?!\s*=(?![=>]))"
)
_JS_OWNER = r"(?:process\.env|import\.meta\.env|Bun\.env)"
_JS_BEFORE = r"(?<![\w$.])(?:(?P<cast>Number|parseInt|parseFloat|new URL)\(\s*)?"
_JS_HELPER = r"(?:env|(?:get)?(?:must|require|required|assert)\w*Env\w*|\w*[eE]nvOrThrow)"
"""What projects call the function of theirs that throws where a name is unset."""
_JAVASCRIPT = _language(
    "javascript",
    ("process.env", "import.meta.env", "Deno.env", "Bun.env", "$env/static", "env(", "Env"),
    Lexis(
        # not the apostrophe of a text between tags
        (Quote(r"(?<![A-Za-z0-9])'", "'"), Quote('"'), Quote("`", lines=True, code=_DOLLAR)),
        (r"(?<!:)//",),
        (("/*", "*/"), ("<!--", "-->")),
        regexes=True,
    ),
    rf"{_JS_BEFORE}(?<!delete ){_JS_OWNER}(?:\?\.|\.){_N}(?![\w$(]){_JS_REST}",
    rf"{_JS_BEFORE}(?<!delete ){_JS_OWNER}(?:\?\.)?\[\s*{_Q}\s*\]{_JS_REST}",
    rf"\bif\s*\(\s*(?:!!)?{_JS_OWNER}\.{_N}\s*\)(?P<optional>)",
    rf"\bif\s*\(\s*!{_JS_OWNER}\.{_N}\s*\)\s*\{{?\s*(?:throw\b|process\.exit\()(?P<demanded>)",
    # a helper that Strapi, AdonisJS and others pass to files of configuration
    rf"{_JS_BEFORE}env\.(?:int|float|bool|array|json|get)\(\s*[\"'](?P<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+|HOST|PORT)[\"']"
    rf"(?:\s*,(?P<optional>)\s*(?:{_LITERAL})?)?",
    rf"{_JS_BEFORE}Deno\.env\.get\(\s*{_Q}\s*\){_JS_REST}",
    rf"\{{(?P<names>[^{{}}]*)\}}(?:\s*:\s*[\w.<>]+)?\s*=\s*{_JS_OWNER}(?![\w.\[])",
    rf"{_JS_BEFORE}(?<!function ){_JS_HELPER}\(\s*[\"'`](?P<name>[A-Z][A-Z0-9_]+)[\"'`]\s*"
    rf"(?:,(?P<optional>)\s*(?:{_LITERAL})?|\)(?:\s*(?:\?\?|\|\|)(?P<optional2>)|(?P<demanded>)))",
    r"import\s*\{(?P<names>[^{}]*)\}\s*from\s*[\"']\$env/static/(?:private|public)[\"']",
)
_RUBY = _language(
    "ruby",
    ("ENV",),
    Lexis(
        (Quote("'", lines=True), Quote('"', lines=True, code=_NUMBER), Quote("`", code=_NUMBER)),
        (r"#(?!\{)",),
        (("\n=begin", "\n=end"),),
    ),
    rf"\bENV\[\s*{_Q}\s*\](?:\s*\|\|=?(?P<optional>)\s*(?:{_LITERAL})?)?(?!\s*=(?![=~]))",
    rf"\bENV\.fetch\(\s*{_Q}\s*(?:,(?P<optional>)\s*(?:{_LITERAL})?[^)]*\)|\)\s*(?:\{{|do\b)(?P<optional2>)|\)(?P<demanded>))",
    rf"\bENV\.(?:key\?|has_key\?|include\?|dig)\(?\s*{_Q}(?P<optional>)",
)
_PHP = _language(
    "php",
    ("env(", "$_ENV"),
    Lexis((Quote("'", lines=True), Quote('"', lines=True)), (r"//", r"#(?!\[)")),
    rf"(?<![\w>:$])env\(\s*{_Q}\s*(?:,(?P<optional>)\s*(?:{_LITERAL})?)?",
    rf"(?<![\w>:$])getenv\(\s*{_Q}\s*[,)](?:\s*(?:\?:|\?\?)(?P<optional>)\s*(?:{_LITERAL})?)?",
    rf"\$_ENV\[\s*{_Q}\s*\](?:\s*\?\?(?P<optional>)\s*(?:{_LITERAL})?)?(?!\s*=(?!=))",
)
_GO_CALL = r"(?:(?P<cast>time\.ParseDuration|strconv\.(?:Atoi|ParseBool))\(\s*)?"
_GO_FIELD = r"(?:(?P<cast>[\w.*]+)[ \t]+`[^`\n]*)?"
_GO = _language(
    "go",
    ("os.", 'env:"', 'envconfig:"'),
    Lexis((Quote('"'), Quote("'(?=.'|\\\\)", "'"))),
    rf'{_GO_CALL}\bos\.(?:Getenv|LookupEnv(?P<optional>))\(\s*["`]{_N}["`]\s*\)',
    rf'{_GO_FIELD}\benv:"{_N}(?![^"]*\bdefault=)(?P<demanded>,\s*(?:\w+,)*(?:required|notEmpty))?[^"]*"(?:[^`\n]*\b(?:envDefault|env-default):"(?P<default>[^"]*)"|[^`\n]*\benv-required:"true"(?P<demanded2>))?',
    rf'{_GO_FIELD}\benv:"{_N},[^"]*\bdefault=(?P<default>[^",]*)',
    rf'{_GO_FIELD}\benvconfig:"{_N}"(?:[^`\n]*\bdefault:"(?P<default>[^"]*)")?(?:[^`\n]*\brequired:"(?P<demanded>true)")?',
)
_RUST = _language(
    "rust",
    ("env::", "env!", "dotenvy::"),
    Lexis(
        (
            Quote(r'r#+"', '"#+', escapes=False, lines=True),
            Quote('"', lines=True),
            Quote(r"'(?=\\?.')", "'"),
        )
    ),
    rf'\b(?:env|dotenvy)::var(?:_os)?\(\s*"{_N}"\s*\)(?:\s*(?P<demanded>\?|\.expect\(|\.unwrap\(\))|\s*\.(?P<optional>unwrap_or\w*\(|ok\(\)|map\w*\(|is_ok\(\))(?:\s*\|_\|)?\s*(?:{_LITERAL})?)?',
    rf'\benv!\(\s*"{_N}"(?P<demanded>)',
    rf'\boption_env!\(\s*"{_N}"(?P<optional>)',
)
_JAVA = _language(
    "java",
    ("getenv", "sys.env"),
    Lexis((Quote('"""', lines=True, code=_DOLLAR), Quote('"', code=_DOLLAR), Quote("'"))),
    rf'\bSystem\.getenv\(\s*"{_N}"\s*\)(?:\s*(?P<demanded>!!)|\s*\?:(?P<optional>)\s*(?:{_LITERAL})?)?',
    rf'\bSystem\.getenv\(\)(?:\.get\(|\[)\s*"{_N}"',
    rf'\bSystem\.getenv\(\)\.getOrDefault\(\s*"{_N}"\s*,(?P<optional>)\s*(?:{_LITERAL})?',
    rf'\bsys\.env(?:\.get(?P<optional>))?\(\s*"{_N}"',
    rf'\bsys\.env\.getOrElse\(\s*"{_N}"\s*,(?P<optional>)\s*(?:{_LITERAL})?',
)
_CSHARP = _language(
    "csharp",
    ("GetEnvironmentVariable",),
    Lexis(
        (
            Quote(r'@"', '"(?!")', escapes=False, lines=True),
            Quote(r'\$"', '"', code=r"(?<!\{)\{(?!\{)"),
            Quote('"'),
            Quote("'"),
        )
    ),
    rf'\bGetEnvironmentVariable\(\s*"{_N}"[^)]*\)(?:\s*(?P<demanded>!)(?!=)|\s*\?\?(?P<optional>)\s*(?:{_LITERAL})?)?',
)
_ELIXIR = _language(
    "elixir",
    ("System.",),
    Lexis(
        (Quote('"""', lines=True, code=_NUMBER), Quote('"', lines=True, code=_NUMBER)),
        (r"#(?!\{)",),
        (),
    ),
    rf'\bSystem\.get_env\(\s*"{_N}"\s*(?:,(?P<optional>)\s*(?:{_LITERAL})?|\)\s*\|\|(?P<optional2>))?',
    rf'\bSystem\.fetch_env!\(\s*"{_N}"(?P<demanded>)',
    rf'\bSystem\.fetch_env\(\s*"{_N}"',
)
_EXPANSION = (
    rf"(?<![$\\])\$\{{{_N}(?:(?P<demanded>:?\?)"
    r"|:?[-=](?P<optional>)(?P<default>[^{}\n]*)\}"
    r"|:?\+(?P<optional2>)|[}:%#/^,@\[])"
)
_PRISMA = _language(
    "javascript",  # which its client is generated in
    ("env(",),
    Lexis((Quote('"'),), (r"//",), ()),
    rf'\b(?:url|directUrl)\s*=\s*env\(\s*"{_N}"\s*\)(?P<demanded>)',
    rf'\bshadowDatabaseUrl\s*=\s*env\(\s*"{_N}"\s*\)(?P<optional>)',
)
_SHELL = _language(
    "shell",
    ("$",),
    Lexis((Quote("'", escapes=False), Quote('"', lines=True, live=True)), _HASH, ()),
    _EXPANSION,
    rf"(?<![$\\\w])\${_N}",
    application=False,
    assigned=r"(?:^|[;&|({])[ \t]*(?:(?:export|local|readonly|declare|typeset)\s+(?:-\w+\s+)*)?"
    r"([A-Za-z_]\w*)\+?=(?!=)"
    r"|\bfor\s+([A-Za-z_]\w*)\s+in\b|\bread\s+(?:-\w+\s+)*([A-Za-z_]\w*)",
)
_COMPOSE = _language(
    "compose",
    ("$",),
    Lexis((), _HASH, ()),
    _EXPANSION,
    rf"(?<![$\\\w])\${_N}",
)
_DOCKERFILE = _language(
    "dockerfile",
    ("ARG",),
    Lexis((), (r"(?<![^\n])[ \t]*#",), ()),
    rf"^\s*ARG\s+{_N}(?:=(?P<optional>)(?P<default>[^\s\"'$]+)?)?",
    application=False,
)
_WORKFLOW = _language(
    "workflow",
    ("secrets.", "vars."),
    Lexis((), _HASH, ()),
    rf"(?<![\w.])(?:secrets|vars)\.{_N}(?:\s*\|\|(?P<optional>))?",
    application=False,
)
_SPRING = _language(
    "spring",
    ("${",),
    Lexis((), _HASH, ()),
    r"(?<![$\\#])\$\{(?P<name>[A-Z][A-Z0-9_]*)(?::(?P<optional>)(?P<default>[^{}\n]*))?\}",
)
PYTHON = _language(
    "python",
    ("environ", "getenv", "env(", "env.", "config(", "BaseSettings"),
    Lexis(
        (Quote('"""', lines=True), Quote("'''", lines=True), Quote('"'), Quote("'")), (r"#",), ()
    ),
    rf"\benviron\[\s*{_Q}\s*\](?!\s*=(?!=))(?P<demanded>)",
    rf"\b(?:environ\.get|getenv)\(\s*{_Q}\s*(?:,(?P<optional>)\s*(?:{_LITERAL})?)?",
)
"""If Python can parse a file, `python_code` reads it; the patterns are for all others."""

BY_EXTENSION: dict[str, Language] = {
    **dict.fromkeys(
        ("js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte", "astro"),
        _JAVASCRIPT,
    ),
    **dict.fromkeys(("py", "pyi", "pyw"), PYTHON),
    **dict.fromkeys(("rb", "rake", "ru", "erb", "gemspec"), _RUBY),
    **dict.fromkeys(("java", "kt", "kts", "groovy", "scala"), _JAVA),
    **dict.fromkeys(("sh", "bash", "zsh", "ksh"), _SHELL),
    **dict.fromkeys(("ex", "exs"), _ELIXIR),
    "cs": _CSHARP,
    "go": _GO,
    "php": _PHP,
    "prisma": _PRISMA,
    "rs": _RUST,
}


def language_of(path: str) -> Language | None:
    """The language of a file by its path, with `/`; None if it isn't one of ours."""
    folder, _, base = path.rpartition("/")
    lower = base.lower()
    stem, _, extension = lower.rpartition(".")
    yaml = extension in ("yml", "yaml")
    if yaml and folder.endswith(".github/workflows"):
        return _WORKFLOW
    if yaml and re.match(r"(docker-)?compose\b|stack$", stem):
        return _COMPOSE
    if yaml or extension == "properties":
        return _SPRING if re.match(r"(application|bootstrap)\b", stem) else None
    if lower in ("rakefile", "gemfile", "vagrantfile"):
        return _RUBY
    if lower.startswith(("dockerfile", "containerfile")) or extension == "dockerfile":
        return _DOCKERFILE
    if extension in ("js", "css") and stem.endswith((".min", ".bundle", "-min")):
        return None
    return BY_EXTENSION.get(extension) if stem else None
