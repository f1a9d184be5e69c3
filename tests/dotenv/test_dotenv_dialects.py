"""The rules of each dialect, one line each, as its loader documents or shows them."""

import pytest

from assay import dotenv

REFUSED = "refused"
RULES = [
    # docker run --env-file: everything after = is kept
    ("docker", 'A="x"\nB=\'y\'\n', {"A": '"x"', "B": "'y'"}),
    ("docker", " A= x # c \r\n", {"A": " x # c "}),
    ("docker", "A\nB=1", {"B": "1"}),
    ("docker", "\ufeffA=1\nA=2\n", {"A": "2"}),
    ("docker", "#c\n  # d\n\nA=${B}$(x)", {"A": "${B}$(x)"}),
    ("docker", "\xa0A=1\n\x0bB=", {"A": "1", "B": ""}),
    ("docker", "A\x0cB=1", {"A\x0cB": "1"}),
    ("docker", "A B=1\n", REFUSED),
    ("docker", "A\tB\n", REFUSED),
    ("docker", "export A=1\n", REFUSED),
    ("docker", "A: 1\n", REFUSED),
    ("docker", "=x\n", REFUSED),
    ("docker", b"A=\xff\n", REFUSED),
    ("docker", "A=" + "x" * 65533 + "\n", {"A": "x" * 65533}),
    ("docker", "A=" + "x" * 65534, REFUSED),
    ("docker", "A=" + "é" * 32767, REFUSED),
    # @next/env: dotenv, then dotenv-expand
    ("next", "B=1\nA=$B-${B}", {"B": "1", "A": "1-1"}),
    ("next", "A='${B:-d}'\nB=", {"A": "d", "B": ""}),
    ("next", "A=\\$B", {"A": "$B"}),
    ("next", "A=$1.00 $", {"A": "$1.00 $"}),
    ("next", "A=x$B\nB=$C\nC=3", {"A": "x3", "B": "3", "C": "3"}),
    ("next", "A=$A", REFUSED),
    ("next", "A=$B\nB=${A}", REFUSED),
    ("next", "B=$$x\nA=<$B>", {"B": "$", "A": "<$>"}),
    ("next", "B=\\$&\nA=<${B}>", REFUSED),
    ("next", "B=\\$`\nA=<${B}>", {"B": "$`", "A": "<<>"}),
    ("next", "B=\\$'\nA=<${B}>", {"B": "$'", "A": "<>>"}),
    ("next", "B=\\$%\nA=<${B}>", {"B": "$%", "A": "<$%>"}),
    ("next", "A=${B:-x\\y}", {"A": "x\\y}"}),
    # dotenv-expand 12 after dotenv, whose values are in the process by then
    ("dotenv-expand", "B=1\nA=$B-'${B}'", {"B": "1", "A": "1-'1'"}),
    ("dotenv-expand", "A='${B}'\nB=$C\nC=1", {"A": "1", "B": "1", "C": "1"}),
    ("dotenv-expand", "A=${B:-d}${B-e}${B:+f}${C+g}\nC=1", {"A": "deg", "C": "1"}),
    ("dotenv-expand", "A='a\\$b'", {"A": "a$b"}),
    ("dotenv-expand", "A=x$A", {"A": "x"}),
    ("dotenv-expand", "A=q${C}\nC=z${D}\nD=w${C}", REFUSED),
    ("dotenv-expand", "A=${my_null_x}", {"A": "_x"}),
    ("dotenv-expand", "B=$$&\nA=<${B}>", {"B": "$$&", "A": "<$&>"}),
    # dotenvx 2
    ("dotenvx", "A=$B-$B\nB=1\nC='$B'\nD=$B", {"A": "-", "B": "1", "C": "$B", "D": "1"}),
    ("dotenvx", "A='x\\'y'\nB=\"a\\tb\"\nC=a\\$b", {"A": "x'y", "B": "a\tb", "C": "a$b"}),
    ("dotenvx", "B=\nA=${B:-d}${B-e}${B:+f}${B+g}${C-h}${C+i}", {"B": "", "A": "dgh"}),
    ("dotenvx", "A=encrypted:BA$B", {"A": "encrypted:BA$B"}),
    ("dotenvx", "B='$A'\nA=x$B$B", {"B": "$A", "A": "x$A$B"}),
    ("dotenvx", "B=\\$B\nA=x$B", REFUSED),
    # react-scripts 5: dotenv 10 and dotenv-expand 5
    ("react-scripts", "A=b # c\nB=b#c\nexport C=1", {"A": "b # c", "B": "b#c"}),
    ("react-scripts", "A=\"x\\ny\"\nB='x' \nC=\"\nD=''\nE=", {
        "A": "x\ny", "B": "'x'", "C": '"', "D": "", "E": ""}),
    ("react-scripts", "A=$B.${D}\nB='$C'\nC=1\nE=\\$B", {
        "A": "1.", "B": "1", "C": "1", "E": "$B"}),
    ("react-scripts", "A=$A", REFUSED),
    # Vite 8: Node's parser and dotenv-expand 13
    ("vite", "URL=http://${HOST}/\nHOST=h:1", {"HOST": "h:1", "URL": "http://h:1/"}),
    ("vite", "A='$B'\nB=", {"A": "", "B": ""}),
    ("vite", "A=a\\$b", {"A": "a$b"}),
    # Nuxt: dotenv and the expansion of c12
    ("nuxt", "A='$B'\nB=1\nC=$D", {"A": "1", "B": "1", "C": "$D"}),
    ("nuxt", "_A=1\nB=${_A}", {"B": "1"}),
    ("nuxt", "A=x$A\nB=<$A>", {"A": "x", "B": "<x>"}),
    ("nuxt", "A=\\$B\nB=1", {"A": "$B", "B": "1"}),
    ("nuxt", "".join(f"A{n}=$A{n + 1}\n" for n in range(200)), REFUSED),
    ("nuxt", "A=$undefined\nundefined=1\nB=$", {"A": "1", "undefined": "1", "B": "1"}),
    # Bun
    ("bun", "\ufeffB=1\nA='${B}'\nC=$D.", {"B": "1", "A": "1", "C": "."}),
    ("bun", 'A="x" y\nB=1', {"A": "x", "B": "1"}),
    ("bun", "A=\n'x'\nB", {"A": "x"}),
    ("bun", "A: 1\nexport B = 2\nexport=3", {"A": "1", "B": "2", "export": "3"}),
    ("bun", 'A="a\\nb\\tc\r\nd"', {"A": "a\nb\\tc\nd"}),
    ("bun", "A=${B:-a${C}b}\nC=1", {"A": "a1b", "C": "1"}),
    ("bun", "A=${B-d}${C}\nC=1", {"A": "${B-d}1", "C": "1"}),
    ("bun", "A=${B $C\nC=1", {"A": "${B $C", "C": "1"}),
    ("bun", "A=$$C \\$C\nC=1", {"A": "$1 $C", "C": "1"}),
    ("bun", "A=${B:-\\}}", {"A": "\\}"}),
    ("bun", "A=" + "${B:-" * 200 + "}" * 200, REFUSED),
    ("bun", b"A=\xff\nB=", {"A": "\ufffd", "B": ""}),
    ("bun", "A=  ", {"A": ""}),
    # phpdotenv 5
    ("php", "A=1\nB=\"${A}\"\nC='${A}'\nD=${NO}", {"A": "1", "B": "1", "C": "${A}", "D": "${NO}"}),
    ("php", "A=${B}\nB=1", {"A": "${B}", "B": "1"}),
    ("php", "A=x#y\nB=x # y\nC=#z", {"A": "x", "B": "x", "C": ""}),
    ("php", "A=a b", REFUSED),
    ("php", 'A="a" b', REFUSED),
    ("php", "A='a", REFUSED),
    ("php", 'A="a\\qb"', REFUSED),
    ("php", 'A="a\\n\\$b\\"\\\\"', {"A": 'a\n$b"\\'}),
    ("php", 'A="a\nB=1\nx"', {"A": "a\nB=1\nx"}),
    ("php", 'B=1\nA="a\nC=1', {"B": "1"}),
    ("php", '# A="a\nB=1\nx"\nD=1', {"D": "1"}),
    ("php", 'A="x\n"\nB = 1', {"A": "x\n", "B": "1"}),
    ("php", "AB\n'C D'=1", REFUSED),
    ("php", "AB\n'CD'=1\n\"EF\"=2", {"AB": None, "CD": "1", "EF": "2"}),
    ("php", "export AB=1", {"AB": "1"}),
    ("php", "export A=1", REFUSED),
    ("php", "=1", REFUSED),
    ("php", "A=${B${C}}\nC=x", {"A": "${B${C}}", "C": "x"}),
    ("php", "B1=y\nC=1\nA=${B${C}}", {"B1": "y", "C": "1", "A": "y"}),
    ("php", b"\xef\xbb\xbfA=\xff", {"A": "?"}),
    # symfony/dotenv
    ("symfony", "A=1\nB=\"$A\"'$A'${A}x\nC= # c\nD=#c", {"A": "1", "B": "1$A1x", "C": "", "D": ""}),
    ("symfony", "A=x#y\nB=x\nC='a b' # y", {"A": "x#y", "B": "x", "C": "a b"}),
    ("symfony", "A=${B:-d}${C:=e}", {"C": "e", "A": "de"}),
    ("symfony", 'A="a\\nb\\"\\\\c\\$d"', {"A": 'a\nb"\\c$d'}),
    ("symfony", "A=a\\'b$", {"A": "a'b$"}),
    ("symfony", "A=$}x", {"A": "}x"}),
    ("symfony", "A=a b", REFUSED),
    ("symfony", "A= a", REFUSED),
    ("symfony", "A =a", REFUSED),
    ("symfony", "1A=a", REFUSED),
    ("symfony", "export A", REFUSED),
    ("symfony", "A='a", REFUSED),
    ("symfony", "A=${B", REFUSED),
    ("symfony", "A=${B:-'}", REFUSED),
    ("symfony", "A=$(x", REFUSED),
    ("symfony", "A=$(x (y))z", {"A": "$(x (y))z"}),
    ("symfony", "\ufeffA=1", REFUSED),
    ("symfony", b"export A=\xff # c\n", {"A": "\ufffd"}),
    # npm dotenv: corners of its expression
    ("node", "A=\n'x'", {"A": "x"}),
    ("node", "A:\nB=1", {"A": "B=1"}),
    ("node", "A='a' b'", {"A": "a' b"}),
    ("node", "A='\\'\nB=1", {"A": "\\", "B": "1"}),
    ("node", "export = 5", {"export": "5"}),
    ("node", "export\n A=1", {"A": "1"}),
    ("node", "b=1\n__proto__=2\n2=x\n10=y\n01=z", {"2": "x", "10": "y", "b": "1", "01": "z"}),
    ("node", "A='x'\u2028'y' \u2028B=1", {"A": "x", "B": "1"}),
    ("node", "A='x'z\u2028'y'", {"A": "x'z\u2028'y"}),
    ("node", "A=-'x'\u2028'y'\u2028`z", {"A": "-'x'\u2028y\u2028`z"}),
    ("node", "A=-\u2028'x'\u2028'y'\u2028z", {"A": "-\u2028x'\u2028'y\u2028z"}),
    ("node", "A=x\u2028'y'", {"A": "x\u2028y"}),
    ("node", "A='\u2028'", {"A": "\u2028"}),
    ("node", "A=#\u2028B=2#", {"A": "", "B": "2"}),
    ("node", "A" * 70 + "=1", {"A" * 70: "1"}),
    ("node", b"A=\xff\xe2\x82x", {"A": "\ufffd\ufffdx"}),
    # Node's own parser
    ("node20", b"A=\xff", {"A": "\ufffd"}),
    ("node20", "A='x", {}),
    ("node20", "B='x=1", {"'x": "1"}),
    ("node20", "=1\nA=2", {}),
    ("node20", 'A="x" junk=1', {"A": "x"}),
    ("node20", "é=1\nB=2\nA=3", {"A": "3", "B": "2", "é": "1"}),
    # python-dotenv
    ("python", b"A=\xff", REFUSED),
    ("python", "'a b'=1\n''=2\n'c", {"a b": "1"}),
    ("python", "A=${B:x${C:-${D}", {"A": "${B:x${D"}),
    ("python", "A='\\x\\\\'", {"A": "\\x\\"}),
    ("python", "A\nB=x${A}", {"A": None, "B": "x"}),
    ("python", "# c\n A=1 \r\n\r\n", {"A": "1"}),
    ("python", "A=a\tb#c\t#d", {"A": "a\tb#c"}),
    ("python", "A=1 \\\n  #", {"A": "1 \\"}),
    # Ruby
    ("ruby", b"A=\xff", REFUSED),
    ("ruby", "A=1\nexport A\nB", {"A": "1", "B": ""}),
    ("ruby", 'DOTENV_LINEBREAK_MODE=legacy\nA="x\\ny\\r"',
     {"DOTENV_LINEBREAK_MODE": "legacy", "A": "x\ny\r"}),
    ("ruby", "A=\\$(x) $(()) (\n", {"A": "$(x) $(()) ("}),
    ("ruby", "B=1\nA=\\$B$$B}\\", {"B": "1", "A": "$B$1\\"}),
    # Compose
    ("compose", "A=${B:-${C:-d}}${A+x}", {"A": "d"}),
    ("compose", "B=1\nA=${B:+${B}2} ${B?e}", {"B": "1", "A": "12 1"}),
    ("compose", "A=${B:?e}", REFUSED),
    ("compose", "A=${B", REFUSED),
    ("compose", "A=${1}", REFUSED),
    ("compose", "A=${B:-{}", {"A": "{"}),
    ("compose", "A=${B:-{}}x}", {"A": "{}}x"}),
    ("compose", "A=$$B $1 $", {"A": "$B $1 $"}),
    ("compose", 'A="\\0101\\01\\c\\x\\$B\\0777"', {"A": "A\\1\\c\\x$B\\777"}),
    ("compose", "A='x\\'y\\z'", {"A": "x'y\\z"}),
    ("compose", "export ", REFUSED),
    ("compose", "#c", {}),
    ("compose", "A[0]-x.y: 1\nA\tB=2", {"A[0]-x.y": "1", "A\tB": "2"}),
    # a shell that sources the file
    ("shell", "A=1; B=2 && C=3 || D=4", {"A": "1", "B": "2", "C": "3"}),
    ("shell", "A=x&B=2", {"B": "2"}),
    ("shell", "A=1 | B=2\nC=3", {"C": "3"}),
    ("shell", "false || A=1", {"A": "1"}),
    ("shell", "! x && ! : || A=1", {"A": "1"}),
    ("shell", "A=1 echo x", {}),
    ("shell", "A=1\nB=2 cd", {"A": "1"}),
    ("shell", "A=(1 2)", REFUSED),
    ("shell", "A=a>b", REFUSED),
    ("shell", "if x; then A=1; fi", REFUSED),
    ("shell", "A=1;;", REFUSED),
    ("shell", "!", REFUSED),
    ("shell", "&", REFUSED),
    ("shell", "export A-B=1", REFUSED),
    ("shell", "A='x y'\nexport B=$A C", {"A": "x y", "B": "x y"}),
    ("shell", "A='B=1 C=2'\nexport -p $A", {"A": "B=1 C=2", "B": "1", "C": "2"}),
    ("shell", "A='x y '\n$A$A z; B=1", {"A": "x y ", "B": "1"}),
    ("shell", ": ${A:=x} ${A=y}; B=$A\nC=$?$#", {"A": "x", "B": "x", "C": "00"}),
    ("shell", ": ${1:=x}", REFUSED),
    ("shell", "A=${B:?e}", REFUSED),
    ("shell", "A=${B+x}${B}${C-'a b'\"c\"}", {"A": "a bc"}),
    ("shell", 'B=\nA=${B+x}${B:+y}"${C:-"d"e}"', {"B": "", "A": "xde"}),
    ("shell", "A=${#B}", REFUSED),
    ("shell", "A=${B%%x}", REFUSED),
    ("shell", "A=${B.C}", REFUSED),
    ("shell", "A=${B", REFUSED),
    ("shell", "A=${B:-x", REFUSED),
    ("shell", "A=$((1+2))", REFUSED),
    ("shell", "A=$(x", REFUSED),
    ("shell", "A=`x", REFUSED),
    ("shell", "A='x", REFUSED),
    ("shell", 'A="x', REFUSED),
    ("shell", 'A=$(x (y) "z")`\\``b', {"A": "b"}),
    ("shell", "A=a\\\nb\\c\\", {"A": "abc\\"}),
    ("shell", '\\\nA="a\\\nb\\c\\$\\}"', {"A": "ab\\c$\\}"}),
    ("shell", "A=${1}${10}$é$", {"A": "$é$"}),
    ("shell", "A='$B'\"$\"", {"A": "$B$"}),
    ("shell", "A=$$", {"A": "$$"}),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "expected"), RULES)
def test_rule(dialect, text, expected):
    if expected == REFUSED:
        with pytest.raises(dotenv.DotenvError) as caught:
            dotenv.loads(text, dialect)
        assert caught.value.line >= 1
        assert caught.value.column >= 1
        return
    got = dotenv.loads(text, dialect)
    assert got == expected
    assert list(got) == list(expected)


ENVIRON = {"B": "env", "HOME": "/home/me"}
WITH_ENVIRON = [
    ("python", "A=${B}\nB=file\nC=${B}", {"A": "env", "B": "file", "C": "file"}),
    ("ruby", "B=file\nA=$B$HOME\nexport B", {"B": "env", "A": "env/home/me"}),
    ("compose", "B=file\nA=$B\nB\nC\nexport HOME\n",
     {"B": "env", "A": "env", "HOME": "/home/me"}),
    ("docker", "B\nC\nA=$B", {"B": "env", "A": "$B"}),
    ("next", "B=file\nA=$B", {"B": "env", "A": "env"}),
    ("next", "B=file", {"B": "env"}),
    ("shell", 'A=$B~\nC=~/x\nD=~x\nE="~"', {"A": "env~", "C": "/home/me/x", "D": "~x", "E": "~"}),
    ("node", "A=$B", {"A": "$B"}),
    ("dotenv-expand", "B=file\nA=$B", {"B": "env", "A": "env"}),
    ("dotenvx", "B=$(x)\nA=$B$HOME", {"B": "env", "A": "env/home/me"}),
    ("react-scripts", "B=file\nA=$B$HOME", {"A": "env/home/me", "B": "env"}),
    ("vite", "B=file\nA=$B$HOME", {"A": "env/home/me", "B": "env"}),
    ("nuxt", "B=file\nA=$B$HOME", {"B": "env", "A": "env/home/me"}),
    ("bun", "B=file\nA=$B$HOME", {"B": "env", "A": "env/home/me"}),
    ("php", "B=file\nA=${B}${HOME}", {"B": "env", "A": "env/home/me"}),
    ("symfony", "B=file\nA=${B}$HOME", {"B": "env", "A": "env/home/me"}),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "expected"), WITH_ENVIRON)
def test_process_variables_take_part_as_in_the_loader(dialect, text, expected):
    assert dotenv.loads(text, dialect, environ=ENVIRON) == expected


FLAGS = [
    ("python", "A='${B:-d}'", ("${B:-d}",), ("B",), False),
    ("node", "A=${B}$(x)`y`", (), (), False),
    ("next", "A=$B${C}", ("$B", "${C}"), ("B", "C"), False),
    ("dotenv-expand", "A='$B'${C:-d}", ("$B", "${C:-d}"), ("B", "C"), False),
    ("dotenvx", "B=1\nA=$B${C:-d}", ("$B", "${C:-d}"), ("B", "C"), False),
    ("dotenvx", 'A="$(a "$(b)" \\) \\"(" `)` (c))"', (), (), True),
    ("dotenvx", "A=$(a ')'", (), (), False),
    ("dotenvx", "A='$(date)'", (), (), False),
    ("bun", "A='$B${C:-d}'", ("$B", "${C:-d}"), ("B", "C"), False),
    ("nuxt", "B=1\nA=$B$C", ("$B",), ("B",), False),
    ("php", "B=1\nA=${B}${C}", ("${B}",), ("B",), False),
    ("ruby", 'A="$B $(date) \\$C"', ("$B",), ("B",), True),
    ("ruby", "A='$B $(date)'", (), (), False),
    ("symfony", 'A="$B $(date) \\$C"', ("$B",), ("B",), True),
    ("compose", "A=$B ${C:-$D}$$", ("$B", "$D", "${C:-$D}"), ("B", "D", "C"), False),
    ("shell", 'A="$(date)$B"', ("$B",), ("B",), True),
    ("shell", "A='$(date)'`x`", (), (), True),
]


@pytest.mark.parametrize(("dialect", "text", "expands", "references", "executes"), FLAGS)
def test_an_entry_says_what_its_loader_expands_and_runs(
    dialect, text, expands, references, executes
):
    entry = dotenv.parse(text, dialect).winner("A")
    assert entry is not None
    assert sorted(entry.expands) == sorted(expands)
    assert sorted(entry.references) == sorted(references)
    assert entry.executes is executes


def test_nothing_is_run(tmp_path):
    target = tmp_path / "made"
    for dialect in dotenv.DIALECTS:
        dotenv.parse(f"A=$(touch {target})`touch {target}`\ntouch {target}\n", dialect)
    assert not target.exists()
