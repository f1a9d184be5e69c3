import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay import dotenv

PIECES = st.sampled_from(
    ["a", " ", "#", " #", "'", '"', "`", "$", "${B}", "$B", "$(x)", "\\", "\\n", "\n", "\r", "=",
     "~", "é", "${:-x}", "(", ")", "}", "$$"]
)  # fmt: skip
VALUES = st.one_of(st.text(), st.lists(PIECES, max_size=8).map("".join))


@pytest.mark.parametrize("dialect", dotenv.DIALECTS)
@given(value=VALUES)
def test_a_spelling_reads_back_as_the_value(dialect, value):
    try:
        spelling = dotenv.quote(value, dialect)
    except dotenv.DotenvError:
        return
    read = dotenv.loads(f"BEFORE=1\nNAME={spelling}\nAFTER=1\n", dialect)
    assert read == {"BEFORE": "1", "NAME": value, "AFTER": "1"}


@pytest.mark.parametrize("dialect", ["python", "compose", "shell"])
@given(value=VALUES)
def test_these_dialects_can_spell_every_value(dialect, value):
    assert dotenv.loads(f"A={dotenv.quote(value, dialect)}", dialect) == {"A": value}


def test_a_refusal_does_not_show_the_value():
    with pytest.raises(dotenv.DotenvError) as caught:
        dotenv.quote("s3cret\n", "docker")
    assert "s3cret" not in str(caught.value)


def test_what_cannot_be_spelled_is_refused():
    with pytest.raises(dotenv.DotenvError, match="can't be written in the dialect docker"):
        dotenv.quote("a\nb", "docker")
    with pytest.raises(dotenv.DotenvError, match="can't be written in the dialect node20"):
        dotenv.quote("a\rb", "node20")
    with pytest.raises(dotenv.DotenvError, match="is unknown"):
        dotenv.quote("a", "perl")
