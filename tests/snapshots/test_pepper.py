"""The pepper: given or kept, strong or refused, nobody else's, and made once."""

from __future__ import annotations

import base64
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from assay.errors import OutputError, UsageError
from assay.snapshots.pepper import given_pepper, needed_pepper, pepper_file

GOOD = bytes.fromhex("9e1c2d7be04a95632fd1c07ab89e3465d0127f8ab3c4e596071829dabfce14aa")


def named(text: str) -> str:
    found = given_pepper({"ASSAY_PEPPER": text})
    assert found is not None
    return found.name


def test_every_spelling_of_a_pepper_is_the_same_pepper():
    spellings = [
        GOOD.hex(),
        GOOD.hex().upper(),
        f" {GOOD.hex()}\n",
        base64.b64encode(GOOD).decode(),
        base64.urlsafe_b64encode(GOOD).decode().rstrip("="),
    ]
    assert len({named(text) for text in spellings}) == 1
    assert len(named(GOOD.hex())) == 16
    assert named(GOOD.hex()) not in GOOD.hex()
    assert named(os.urandom(32).hex()) != named(GOOD.hex())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "secret",
        "0" * 63,
        GOOD[:31].hex(),
        base64.b64encode(GOOD[:31]).decode(),
        "correct horse battery staple correct horse battery staple",
        "é" * 64,
    ],
)
def test_what_is_too_short_or_no_encoding_is_refused_with_the_command_to_make_one(text):
    with pytest.raises(UsageError) as refused:
        given_pepper({"ASSAY_PEPPER": text})
    assert refused.value.message == (
        "ASSAY_PEPPER must be at least 64 hex digits, or base64 of at least 32 bytes"
    )
    assert "openssl rand -hex 32" in refused.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "0" * 64,
        "ab" * 32,
        b"correct horse battery staple and such".hex(),
        base64.b64encode(b"correct horse battery staple and such").decode(),
    ],
)
def test_what_somebody_may_guess_is_refused(text):
    with pytest.raises(UsageError, match="is not random") as refused:
        given_pepper({"ASSAY_PEPPER": text})
    assert text not in f"{refused.value.message} {refused.value.remedy}"


def test_a_pepper_is_made_once_for_the_user_alone(tmp_path):
    environ = {"XDG_STATE_HOME": str(tmp_path / "state")}
    assert given_pepper(environ) is None
    first, made = needed_pepper(environ)
    again, kept = needed_pepper(environ)
    assert (made, kept) == (pepper_file(environ), "")
    assert first.name == again.name
    assert os.stat(made).st_mode & 0o777 == 0o600
    assert os.stat(os.path.dirname(made)).st_mode & 0o777 == 0o700
    assert os.listdir(os.path.dirname(made)) == ["pepper"]


def test_processes_that_make_one_at_once_agree(tmp_path):
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: needed_pepper(environ), range(64)))
    assert len({pepper.name for pepper, _ in found}) == 1
    assert len([made for _, made in found if made]) == 1


def test_the_variable_wins_over_the_file(tmp_path):
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    needed_pepper(environ)
    assert needed_pepper({**environ, "ASSAY_PEPPER": GOOD.hex()})[0].name == named(GOOD.hex())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_may_read_is_refused(tmp_path, mode):
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    _, path = needed_pepper(environ)
    os.chmod(path, mode)
    with pytest.raises(UsageError, match="other users can read or change it") as refused:
        needed_pepper(environ)
    assert f"chmod 600 {path}" in refused.value.remedy


def test_a_damaged_file_is_refused_and_stays_as_it_is(tmp_path):
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    _, path = needed_pepper(environ)
    with open(path, "w") as file:
        file.write("half")
    with pytest.raises(UsageError, match=r"the pepper in .* must be at least 64 hex digits"):
        needed_pepper(environ)
    with open(path) as file:
        assert file.read() == "half"


def test_a_folder_in_its_place_is_refused(tmp_path):
    (tmp_path / "assay" / "pepper").mkdir(parents=True)
    with pytest.raises(UsageError, match="it is a directory"):
        needed_pepper({"XDG_STATE_HOME": str(tmp_path)})


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "assay").write_text("a file")
    with pytest.raises(OutputError, match="the pepper could not be stored") as refused:
        needed_pepper({"XDG_STATE_HOME": str(tmp_path)})
    assert "ASSAY_PEPPER" in refused.value.remedy


def test_a_relative_state_folder_is_ignored_as_its_specification_says():
    home = os.path.expanduser("~")
    assert pepper_file({"XDG_STATE_HOME": "here"}).startswith(home)
    assert pepper_file({}) == os.path.join(home, ".local", "state", "assay", "pepper")
