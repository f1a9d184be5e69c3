"""Several .env files of one application, read together as its loader does it."""

import pytest
from tests.project import Project

from assay import dotenv

MERGED = ["dotenv-expand", "vite", "nuxt"]
IN_TURN = ["dotenvx", "next", "react-scripts", "bun"]
ALONE = [name for name in dotenv.DIALECTS if not dotenv.together(name)]


def values(dialect, *texts, environ=None):
    """What the application sees of these files, of which the last is the strongest."""
    seen: dict[str, str | None] = {}
    for document in dotenv.parse_layers(texts, dialect, environ=environ):
        assert not document.errors
        seen |= document.values
    return seen


@pytest.mark.parametrize("dialect", MERGED + IN_TURN)
def test_a_reference_sees_what_a_stronger_file_sets(dialect):
    assert values(dialect, "HOST=a\nAPI=$HOST/x\n", "HOST=b\n")["API"] == "b/x"


@pytest.mark.parametrize("dialect", MERGED)
def test_a_reference_sees_what_a_weaker_file_sets_if_all_are_merged(dialect):
    assert values(dialect, "HOST=a\n", "API=$HOST/x\n") == {"HOST": "a", "API": "a/x"}


@pytest.mark.parametrize("dialect", IN_TURN)
def test_the_strongest_file_is_read_first(dialect):
    assert values(dialect, "HOST=a\n", "API=$HOST/x\n") == {"HOST": "a", "API": "/x"}


@pytest.mark.parametrize("dialect", ALONE)
def test_most_loaders_read_each_file_alone(dialect):
    texts = ["HOST=a\n", "API=${HOST}b\n"]
    assert values(dialect, *texts) == values(dialect, texts[0]) | values(dialect, texts[1])


@pytest.mark.parametrize("dialect", MERGED + IN_TURN)
def test_the_process_wins_over_all_files(dialect):
    seen = values(dialect, "API=$HOST/x\n", "HOST=b\n", environ={"HOST": "p"})
    assert seen == {"API": "p/x", "HOST": "p"}


def test_nuxt_takes_over_no_name_that_begins_with_an_underscore():
    assert values("nuxt", "_A=1\nB=$_A\n", "C=$_A\n") == {"B": "1", "C": "1"}


@pytest.mark.parametrize("index", [0, 1, 2])
def test_the_file_with_the_reference_is_the_one_that_is_refused(index):
    loop = "E=${A}\nD=$E\n".join(f"A{i}=$A{i}$A{i}x\n" for i in range(2))
    texts = ["B=1\n", "B=2\n", "B=3\n"]
    texts[index] += "A=" + "x" * 40_000 + "\n" + loop + "Z=" + "$A" * 5000 + "\n"
    documents = dotenv.parse_layers(texts, "nuxt")
    assert [bool(document.errors) for document in documents] == [i == index for i in range(3)]


def test_a_file_that_no_other_overrides_sees_their_values_beside_its_own():
    text, others = "HOST=a\nAPI=$HOST/$PORT\n", ["HOST=b\nPORT=1\n"]
    for dialect in MERGED + IN_TURN:
        document = dotenv.parse_foremost(text, [], others, dialect)
        assert document.values == {"HOST": "a", "API": "a/1"}, dialect
        assert document.visible == {"HOST", "API", "PORT"}


SPEC = """
variables:
  API: {type: url}
  HOST: {type: text, allow-empty: true}
environments:
  dev:
    values:
      - dotenv: {path: .env, dialect: DIALECT}
      - dotenv: {path: .env.local, dialect: DIALECT, optional: true}
"""


@pytest.mark.parametrize("dialect", MERGED + IN_TURN)
@pytest.mark.parametrize("weaker", [True, False])
def test_the_hook_expands_across_files_as_check_does(tmp_path, dialect, weaker):
    project = Project(tmp_path)
    project.spec(SPEC.replace("DIALECT", dialect))
    texts = ["API=$HOST/x\n", "HOST=https://example.org\n"]
    for path, text in zip((".env", ".env.local"), texts if weaker else texts[::-1], strict=True):
        project.env(text, path)
    lost = dialect in IN_TURN and not weaker
    assert project.run("check", "dev").code == lost
    assert project.run("hook", ".env", ".env.local").code == lost


def test_the_hook_judges_what_a_stronger_file_overrides_with_its_own_values(tmp_path):
    project = Project(tmp_path)
    project.spec(SPEC.replace("DIALECT", "next"))
    project.env("HOST=example.org\nAPI=$HOST/x\n")
    project.env("HOST=https://example.org\n", ".env.local")
    assert project.run("check", "dev").code == 0
    assert "url-scheme-missing" in project.run("hook", ".env").out


def test_only_nuxt_leaves_a_reference_to_another_file_as_it_is(tmp_path):
    """So the screen can't tell what the value is."""
    project = Project(tmp_path)
    project.spec(SPEC.replace("DIALECT", "nuxt").replace("type: url", "type: text, max-length: 9"))
    project.env("API=a.$HOST\n")
    project.env("HOST=0123456789\n", ".env.local")
    assert project.run("check", "dev").code == project.run("hook", ".env").code == 1


def test_a_file_in_utf16_hides_no_finding_of_the_others(tmp_path):
    project = Project(tmp_path)
    project.spec(SPEC.replace("DIALECT", "vite"))
    project.env("API=$HOST/x\nHOST=https://example.org\n")
    (tmp_path / ".env.local").write_bytes("HOST=a\n".encode("utf-16"))
    out = project.run("check", "dev").out
    assert "source-not-utf8" in out
    assert "API" not in out.replace("API and HOST", "")


def test_what_dotenvx_decrypts_or_computes_can_not_be_judged_here(tmp_path):
    """It is the loader's to decrypt, and with `dotenvx run` the process has the value."""
    project = Project(tmp_path)
    sealed = "encrypted:" + "BFl5U2S6jQOI38jF5L1VlJoO" * 4
    project.spec(SPEC.replace("DIALECT", "dotenvx").replace("type: url", "secret: true"))
    project.env(f"API={sealed}\nHOST=a\n")
    ran = project.run("check", "dev")
    assert ran.code == 3
    assert "dotenvx decrypts it" in " ".join(ran.out.split())
    assert project.run("hook", ".env").out == ""
    assert project.run("check", "dev", environ={"API": "vR7mQ2xK9pL4tW8zN3"}).code == 0
    project.spec(SPEC.replace("DIALECT", "node").replace("type: url", "secret: true"))
    assert "API is encrypted by dotenvx" in project.run("check", "dev").out
