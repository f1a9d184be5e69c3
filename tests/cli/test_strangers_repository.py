"""A stranger's repository: whatever its specs and links name, nothing outside of it is shown."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

import assay
from assay import gate

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project, Ran

CANARY = "7d41f0canaryb3c9"
SPEC = """
environments:
  dev: {{values: [{{dotenv: {path}}}]}}
variables:
  PORT: {{type: port}}
  AWS_KEY: {{required: false}}
"""
COMMANDS = (
    ("lint",),
    ("lint", "--all"),
    ("lint", "--format", "json"),
    ("check",),
    ("check", "--all"),
    ("check", "-v", "--format", "sarif"),
    ("hook", ".env"),
    ("hook", "--env", "dev", ".env"),
    ("docs",),
    ("docs", "--stdout"),
    ("docs", "--check"),
    ("docs", "--as", "env-example"),
    ("test",),
    ("diff", "dev", "other"),
    ("init", "--stdout"),
    ("snapshot", "dev"),
    ("key", "show"),
)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of the machine with files that are nobody's business."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "credentials").write_text(f"AWS_KEY={CANARY}\nPORT=not-{CANARY}\n")
    (folder / "odd.yaml").write_text(f"{CANARY}: {CANARY}\n")
    (folder / "broken.yaml").write_text(f"assay: 1\nvariables:\n  A: [{CANARY}\n")
    (folder / "spec.yaml").write_text(f"assay: 1\nvariables: {{A: {{typ: {CANARY}}}}}\n")
    (folder / "page.j2").write_text(f"{CANARY} {{{{ nobody.knows }}}}\n")
    return folder


def attacked(project: Project, *argv: str) -> Ran:
    ran = project.run(*argv)
    assert CANARY not in ran.said, argv
    assert ran.code in (0, 1, 2, 3), argv
    return ran


def every_command(project: Project) -> None:
    for argv in COMMANDS:
        attacked(project, *argv)
    for file in project.folder.rglob("*"):
        if file.is_file() and not file.is_symlink() and file.parent.name.lower() != ".git":
            assert CANARY not in file.read_text(errors="replace"), file


@pytest.mark.parametrize("repository", [True, False])
@pytest.mark.parametrize("name", ["credentials", "odd.yaml", "broken.yaml", "spec.yaml"])
def test_a_spec_that_is_a_link_out_is_refused(project, outside, name, repository):
    if repository:
        (project.folder / ".git").mkdir()
    project.spec(SPEC.format(path=".env"))
    project.env("PORT=80\n")
    (project.folder / "specs/linked.yaml").symlink_to(outside / name)
    every_command(project)
    ran = attacked(project, "lint")
    assert ran.code == 2
    assert f"--allow-path {outside / name}" in ran.said
    assert "specs/linked.yaml can't be read: it is outside the repository" in ran.said


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("../home/credentials", "it is outside the repository"),
        ("{outside}/credentials", "it is outside the repository"),
        ("specs/../../home/credentials", "it is outside the repository"),
        ("link", "it is outside the repository"),
        ("chain", "it is outside the repository"),
        ("folder/credentials", "it is outside the repository"),
        ("inner/up/home/credentials", "it is outside the repository"),
        ("/proc/self/environ", "nothing below /proc"),
        ("/proc/self/fd/0", "nothing below /proc"),
        ("/proc/self/cwd/.env", "nothing below /proc"),
        ("/proc/self/root/{outside}/credentials", "nothing below /proc"),
        ("/dev/stdin", "nothing below /proc"),
        ("cwd/.env", "nothing below /proc"),
        (".git/config", "nothing below /proc"),
        (".GIT/config", "nothing below /proc"),
        ("config", "nothing below /proc"),
        ("pipe", "it is a pipe or a device"),
        ("piped", "it is a pipe or a device"),
    ],
)
@pytest.mark.parametrize("optional", [True, False])
def test_values_come_from_the_repository_alone(project, outside, path, said, optional):
    folder = project.folder
    for git in (".git", ".GIT"):
        project.write(f"{git}/config", f"AWS_KEY={CANARY}\nPORT={CANARY}\n")
    (folder / "inner").mkdir()
    (folder / "inner/up").symlink_to("../..")
    (folder / "link").symlink_to(outside / "credentials")
    (folder / "chain").symlink_to("link")
    (folder / "folder").symlink_to("../home")
    (folder / "cwd").symlink_to("/proc/self/cwd")
    (folder / "config").symlink_to(".git/config")
    os.mkfifo(folder / "pipe")
    (folder / "piped").symlink_to("pipe")
    path = path.format(outside=outside)
    given = f"{{path: {path}, optional: {str(optional).lower()}}}"
    project.spec(SPEC.format(path=given))
    project.env("PORT=80\n")
    every_command(project)
    ran = attacked(project, "check")
    assert ran.code == 1
    assert said in " ".join(ran.out.split())


def test_a_file_outside_is_the_same_whether_or_not_it_exists(project, outside):
    def said(name: str) -> str:
        path = outside / name
        links = {"specs/l.yaml": path, ".env": path, "specs/templates/t.j2": path}
        for link, target in links.items():
            place = project.folder / link
            place.parent.mkdir(exist_ok=True, parents=True)
            place.unlink(missing_ok=True)
            place.symlink_to(target)
        project.spec(
            SPEC.format(path=f"{{path: ../home/{name}, optional: true}}")
            + f"imports: [../../home/{name}]\ndocuments: {{a.md: {{runbook: {{template: t.j2}}}}}}"
        )
        ran = [project.run(*argv) for argv in COMMANDS]
        (project.folder / "specs/l.yaml").unlink()
        project.spec(
            SPEC.format(path=f"{{path: ../home/{name}, optional: true}}")
            + "documents: {a.md: {runbook: {template: t.j2}}}"
        )
        ran += [project.run(*argv) for argv in COMMANDS]
        return "\n".join(f"{one.code} {one.said}" for one in ran).replace(name, "NAME")

    assert said("credentials") == said("credential0")


def test_going_up_outside_does_not_tell_what_is_there(project, outside):
    (outside / "there").mkdir()
    project.spec(SPEC.format(path="link"))
    answers = set()
    for name in ("there", "not-there"):
        link = project.folder / "link"
        link.unlink(missing_ok=True)
        link.symlink_to(f"{outside}/{name}/../../project/real")
        project.env("PORT=80\n", "real")
        answers.add(project.run("check").said.replace(name, "NAME"))
    assert len(answers) == 1


def test_imports_stay_inside(project, outside):
    for name in ("../../home/spec.yaml", "/etc/passwd", "../../home/credentials", "builtin:../x"):
        project.spec(SPEC.format(path=".env") + f"imports: ['{name}']\n")
        every_command(project)
        assert attacked(project, "lint").code == 2
    assert "`--allow-path /etc/passwd`" not in attacked(project, "lint").said


@pytest.mark.parametrize("target", ["/", "../../home", "/proc/self/cwd"])
def test_a_folder_of_specs_is_not_walked_outside(project, outside, target):
    project.spec(SPEC.format(path=".env"))
    (project.folder / "specs/linked").symlink_to(target)
    every_command(project)
    ran = attacked(project, "lint")
    assert ran.code == 2
    assert "specs/linked can't be read" in ran.said
    (project.folder / "specs/linked").unlink()
    (project.folder / "specs/tests").symlink_to(target)
    every_command(project)
    assert attacked(project, "test").code == 2


@pytest.mark.parametrize("target", ["/", "../home", "/proc/self/environ"])
def test_specs_may_not_be_a_link_out_itself(project, outside, target):
    (project.folder / "specs").symlink_to(target)
    every_command(project)
    for given in ([], ["--spec", "specs"], ["--spec", "specs/spec.yaml"]):
        assert attacked(project, "lint", *given).code == 2


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("{% include 'x.j2' %}", "/home/page.j2"),
        ("{% import 'x.j2' as x %}{{ x }}", "/home/page.j2"),
        ("{% extends 'x.j2' %}", "/home/credentials"),
        ("{% include '../../../home/credentials' %}", ""),
        ("{% include '/etc/passwd' %}", ""),
        ("{% include 'sub/credentials' %}", "/home"),
        ("{% include 'x.j2' %}", "/project/.env"),
        ("{% include 'x.j2' %}", "/project/.git/config"),
    ],
)
def test_templates_stay_inside(project, outside, text, link):
    project.write(".git/config", CANARY)
    project.env(f"PORT={CANARY}\nAWS_KEY={CANARY}\n")
    project.spec(
        SPEC.format(path=".env")
        + "documents: {a.md: {runbook: {template: own.j2}}, b.md: {runbook: {template: x.j2}}}"
    )
    project.write("specs/templates/own.j2", text)
    name = "sub" if "sub/" in text else "x.j2"
    if link:
        (project.folder / "specs/templates" / name).symlink_to(f"{outside.parent}{link}")
    for override in ("report.html.j2", "documents/runbook.md.j2"):
        project.write(f"specs/templates/{override}", text)
    for argv in (
        ("docs",),
        ("docs", "--stdout", "a.md"),
        ("docs", "--stdout", "b.md"),
        ("docs", "--as", "runbook"),
        ("lint", "--format", "html"),
    ):
        assert CANARY not in project.run(*argv).said
        assert project.run(*argv).code == 2, argv
    assert not (project.folder / "a.md").exists()


@pytest.mark.parametrize("kind", ["spec", "link", "builtin"])
def test_fixture_tests_stay_inside(project, outside, kind):
    project.spec(SPEC.format(path=".env"))
    named = {"spec": "../../../home/spec.yaml", "link": "../linked.yaml", "builtin": "builtin:../x"}
    project.write("specs/tests/a.yaml", f"assay: 1\nspec: {named[kind]}\ntests: []\n")
    (project.folder / "linked.yaml").symlink_to(outside / "spec.yaml")
    project.write("specs/tests/b.yaml", f"assay: 1\nspec: {named[kind]}\ntests: [{{name: a}}]\n")
    assert attacked(project, "test").code == 2
    (project.folder / "specs/tests/c.yaml").symlink_to(outside / "spec.yaml")
    assert "it is outside the repository" in attacked(project, "test").said


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize("target", ["credentials", "nothing"])
def test_what_stands_beside_a_database_is_no_link(project, outside, ending, target):
    """SQLite would follow it, and say whether something is there."""
    project.database("app.db", "create table t(a)")
    (project.folder / f"app.db{ending}").symlink_to(outside / target)
    project.spec(
        "environments: {dev: {values: [{dotenv: .env}]}}\nvariables: {A: {required: false}}\n"
        "databases: {d: {sqlite: {path: app.db}}}\ntables: {t: {database: d}}\n"
    )
    project.env("")
    ran = attacked(project, "check")
    assert "a file beside it, which SQLite would read, is a link" in " ".join(ran.said.split())


def test_a_database_stays_inside(project, outside):
    database = project.database("../home/app.db", f"create table {'t' + CANARY}(a)")
    for declared, url in (
        ("sqlite: {path: ../home/app.db}", ""),
        ("sqlite: {path: link.db}", ""),
        ("sql: {url: URL}", f"sqlite:///{database}"),
        ("sql: {url: URL}", "sqlite:///../home/app.db"),
        ("sql: {url: URL}", f"postgres://u@localhost:1/d?sslkey={outside}/credentials"),
    ):
        if not (project.folder / "link.db").is_symlink():
            (project.folder / "link.db").symlink_to(database)
        project.spec(
            "environments: {dev: {values: [{dotenv: .env}]}}\nvariables: {URL: {required: false}}\n"
            f"databases: {{d: {{{declared}}}}}\ntables: {{t{CANARY}: {{database: d}}}}\n"
        )
        project.env(f"URL={url}\n")
        ran = project.run("check")
        assert "--allow-path" in ran.said, ran.said
        assert ran.code == 1


def test_a_file_of_the_command_line_is_the_persons_word(project, outside):
    project.spec(SPEC.format(path=".env"))
    named = outside / "good.env"
    named.write_text("PORT=80\n")
    assert project.run("hook", str(named)) == (0, "", "")
    assert project.run("hook", "../home/good.env") == (0, "", "")
    assert project.run("hook", "--env", "dev", "../home/good.env") == (0, "", "")
    (project.folder / "link.env").symlink_to(named)
    for argv in (("link.env",), ("--env", "dev", "link.env"), (str(project.folder / "link.env"),)):
        ran = project.run("hook", *argv)
        assert ran.code == 1
        assert f"--allow-path {named}" in ran.said
        assert project.run("hook", "--allow-path", "../home", *argv).code == 0
    logical = outside / "here"
    logical.symlink_to(project.folder)
    assert project.run("hook", str(logical / "link.env")).code == 1


def test_a_spec_of_the_command_line_is_the_persons_word(project, outside):
    other = outside / "other"
    (other / "specs").mkdir(parents=True)
    (other / "specs/app.yaml").write_text("assay: 1\nvariables: {A: {}}\n")
    (other / ".env").write_text("A=1\n")
    (project.folder / "link").symlink_to(other)
    for given in ("../home/other/specs", str(other / "specs"), "../home/other/specs/app.yaml"):
        assert project.run("check", "--spec", given).code == 0
    for given in ("link/specs", "link/specs/app.yaml"):
        ran = project.run("check", "--spec", given)
        assert ran.code == 2
        assert "it is outside the repository" in ran.said
        assert project.run("check", "--spec", given, "--allow-path", str(other)).code == 0


def test_what_is_allowed_may_be_named_and_no_more(project, outside):
    project.spec(SPEC.format(path="../home/credentials"))
    ran = project.run("check", "--allow-path", "../home/credentials")
    assert "port-not-a-number" in ran.said or "not a port" in ran.said
    assert project.run("check", "--allow-path", "../home").code == 1
    assert "outside the repository" in project.run("check", "--allow-path", "../home/odd.yaml").said
    spec = assay.load(working=str(project.folder))
    (problem,) = (f for f in assay.run(spec, process={}).failures() if f.kind == "source")
    assert problem.rule == "source-unreadable"
    report = assay.run(spec, process={}, allow_paths=[str(outside)])
    assert all(f.rule != "source-unreadable" for f in report.findings)
    spec = assay.load(working=str(project.folder), allow_paths=[str(outside)])
    assert assay.run(spec, process={}) == report
    for path in ("/proc/self/environ", "/proc/self/cwd/.env"):
        project.spec(SPEC.format(path=path))
        for allowed in ("/", "/proc", path):
            ran = project.run("check", "--allow-path", allowed)
            assert "nothing below /proc" in ran.said


def test_a_monorepo_shares_what_stands_in_its_repository(project):
    (project.folder / ".git").mkdir()
    project.write("shared/base.yaml", "assay: 1\nvariables: {A: {}}\n")
    project.env("A=1\n", "shared/.env")
    (project.folder / "app/specs").mkdir(parents=True)
    project.spec(
        "imports: [../../shared/base.yaml]\n"
        "environments: {dev: {values: [{dotenv: ../shared/.env}, {dotenv: linked.env}]}}\n",
        "app/specs/app.yaml",
    )
    (project.folder / "app/linked.env").symlink_to("../shared/.env")
    (project.folder / "app/specs/linked.yaml").symlink_to("../../shared/more.yaml")
    project.write("shared/more.yaml", "assay: 1\nvariables: {B: {required: false}}\n")
    (project.folder / "app/specs/templates").symlink_to("../../shared/templates")
    project.write("shared/templates/report.html.j2", "mine\n")
    assert project.run("check", "--spec", "app/specs").code == 0
    assert project.run("hook", "--spec", "app/specs", "shared/.env").code == 0
    assert project.run("check", "--spec", "app/specs", "--format", "html").out == "mine\n"


def test_a_link_to_a_file_that_is_no_spec_is_not_shown(project):
    project.spec(SPEC.format(path=".env"))
    project.env(f"PORT={CANARY}\n: [\n")
    (project.folder / "specs/linked.yaml").symlink_to("../.env")
    ran = attacked(project, "lint")
    assert "it links to a file with the wrong extension" in " ".join(ran.said.split())


def test_a_yaml_file_that_is_no_spec_is_never_quoted(project):
    project.spec(SPEC.format(path=".env") + "imports: [../deploy.yaml]\n")
    for text in (f"password: {CANARY}\npassword: {CANARY}\n", f"- {CANARY}\n", f"{CANARY}: ]\n"):
        project.write("deploy.yaml", text)
        assert attacked(project, "lint").code == 2


def test_a_folder_that_becomes_a_link_during_the_run_is_noticed(tmp_path, monkeypatch):
    inside, secret = tmp_path / "repository", tmp_path / "secret"
    (inside / "sub").mkdir(parents=True)
    secret.mkdir()
    (inside / "sub/.env").write_text("A=1\n")
    (secret / ".env").write_text(f"A={CANARY}\n")
    allowed = gate.inside_of(str(inside))
    real_open = os.open

    def swapped(path: str, *rest: int) -> int:
        (inside / "sub").rename(inside / "was")
        (inside / "sub").symlink_to(secret)
        return real_open(path, *rest)

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(gate.Refused):
        gate.opened(str(inside / "sub/.env"), allowed)


def test_without_proc_the_descriptor_is_compared_with_what_the_path_means_now(
    tmp_path, monkeypatch
):
    (tmp_path / "a").write_text("a")
    (tmp_path / "b").write_text("b")
    allowed = gate.inside_of(str(tmp_path))
    real = os.readlink

    def without_proc(path: str) -> str:
        if path.startswith("/proc/"):
            raise FileNotFoundError(2, "no /proc")
        return real(path)

    monkeypatch.setattr(os, "readlink", without_proc)
    os.close(gate.opened(str(tmp_path / "a"), allowed))
    real_open = os.open
    monkeypatch.setattr(os, "open", lambda _, *rest: real_open(tmp_path / "b", *rest))
    with pytest.raises(gate.Refused):
        gate.opened(str(tmp_path / "a"), allowed)


def test_links_in_a_circle_are_named(project):
    (project.folder / "a").symlink_to("b")
    (project.folder / "b").symlink_to("a")
    (project.folder / "c").symlink_to("nowhere/../.env")
    for path, said in (("a", "form a circle"), ("c", "a broken link")):
        project.spec(SPEC.format(path=path))
        assert said in project.run("check").said


def test_a_remembered_spec_is_read_through_the_gate_too(project, outside):
    project.spec(SPEC.format(path=".env"))
    project.env("PORT=80\n")
    assert project.run("hook", ".env").code == 0
    spec = project.folder / "specs/app.yaml"
    (outside / "copy.yaml").write_bytes(spec.read_bytes())
    spec.unlink()
    spec.symlink_to(outside / "copy.yaml")
    assert project.run("hook", ".env").code == 2
    spec.unlink()
    os.mkfifo(spec)
    done = threading.Timer(30, os._exit, (1,))
    done.start()
    assert project.run("hook", ".env").code == 2
    done.cancel()
