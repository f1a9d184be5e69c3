"""Names that systems, shells, hosts and tools set by themselves: no spec need declare them."""

from __future__ import annotations

_NAMES = frozenset(
    (
        *("CI", "COLORTERM", "COLUMNS", "DISPLAY", "EDITOR", "FORCE_COLOR", "HOME", "HOSTNAME"),
        *("IFS", "LANG", "LINES", "LOGNAME", "MAIL", "MANPATH", "NO_COLOR", "OLDPWD", "OSTYPE"),
        *("PAGER", "PATH", "PPID", "PWD", "RANDOM", "SECONDS", "SHELL", "SHLVL", "TEMP", "TERM"),
        *("TMP", "TMPDIR", "UID", "EUID", "USER", "USERNAME", "VISUAL", "LINENO", "OPTARG"),
        *("OPTIND", "REPLY", "FUNCNAME", "PIPESTATUS", "HOSTTYPE", "MACHTYPE", "APPDATA"),
        *("COMSPEC", "LOCALAPPDATA", "OS", "PATHEXT", "PROGRAMDATA", "PROGRAMFILES", "SYSTEMROOT"),
        *("USERPROFILE", "WINDIR", "NODE_ENV", "NODE_OPTIONS", "NODE_PATH", "NODE_DEBUG"),
        *("RAILS_ENV", "RACK_ENV", "MIX_ENV", "BUNDLE_GEMFILE", "GEM_HOME", "VIRTUAL_ENV"),
        *("CONDA_PREFIX", "DJANGO_SETTINGS_MODULE", "JAVA_HOME", "GOPATH", "GOROOT", "GOOS"),
        *("GOARCH", "CGO_ENABLED", "OUT_DIR", "TARGET", "PROFILE", "RUSTFLAGS", "RUST_BACKTRACE"),
        *("VERCEL", "NETLIFY", "RENDER", "DYNO", "TRAVIS", "CIRCLECI", "GITLAB_CI", "JENKINS_URL"),
        *("BUILDKITE", "APPVEYOR", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "VITEST"),
        *("INIT_CWD", "NEXT_RUNTIME", "NEXT_PHASE", "WEBPACK_SERVE", "TURBOPACK", "ANALYZE"),
    )
)
_BEGINNINGS = (
    *("AWS_EXECUTION_", "AWS_LAMBDA_", "BASH_", "CARGO_", "CF_PAGES", "CI_", "CIRCLE_"),
    *("CODEBUILD_", "DEPLOYMENT_ID_", "FLY_", "GITHUB_", "HEROKU_", "JEST_", "KUBERNETES_"),
    *("LC_", "NEXT_PUBLIC_VERCEL_", "NETLIFY_", "PLAYWRIGHT_", "PYTEST_", "PYTHON", "RAILWAY_"),
    *("RENDER_", "RUNNER_", "SSH_", "TURBO_", "VERCEL_", "VITEST_", "WT_", "XDG_", "npm_", "__"),
)
_THEIRS = frozenset(("VERCEL_TOKEN", "NETLIFY_AUTH_TOKEN", "FLY_API_TOKEN", "RAILWAY_TOKEN"))
"""Names with such a beginning that a person sets nonetheless."""


def set_by_platform(name: str) -> bool:
    """Whether something other than the application's own configuration sets a name."""
    if name in _THEIRS:
        return False
    return name in _NAMES or name.startswith(_BEGINNINGS)
