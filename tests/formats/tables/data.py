"""Encodings, documents, lists, expressions, paths."""

import base64

from tests.formats.tables.case import case

RAW = bytes(range(32))
HEX, B64 = RAW.hex(), base64.b64encode(RAW).decode()
URL = base64.urlsafe_b64encode(b"\xfb\xff" * 16).decode()
BOMB = "a: &a [x]\n" + "\n".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]" for n in range(8)
)

LEVELS = {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(40)}
DOUBLING = {
    "$defs": {**LEVELS, "a40": {"type": "string"}},
    "properties": {"a": {"$ref": "#/$defs/a0"}},
}
CASES = (
    # RFC 4648, section 8
    case(
        "hex",
        *("6f1d", "6F1D", HEX),
        bad={
            "6f1": "hex-odd-length",
            "6f1g": "hex-alphabet",
            '"6f1d"': "hex-alphabet",
            "٣٣": "hex-alphabet",
            "0x6f1d": "hex-prefix",
            "\\x6f1d": "hex-prefix",
        },
    ),
    case(
        "hex",
        HEX,
        bytes=32,
        bad={
            HEX[:-2]: "bytes-wrong-length",
            HEX[:-1]: "hex-odd-length",
            B64: "bytes-wrong-encoding",
            HEX[:32]: "bytes-wrong-length",
            URL.rstrip("="): "bytes-wrong-encoding",
            "correct horse battery staple!!!!": "bytes-wrong-encoding",
        },
    ),
    # RFC 4648, sections 3.5 and 4
    case(
        "base64",
        *("bw==", "+/8=", B64),
        bad={
            "bw": "base64-padding",
            "b": "base64-padding",
            "b===": "base64-padding",
            "bx==": "base64-trailing-bits",
            "-_8=": "base64-is-base64url",
            "bw=!": "base64-alphabet",
            "bw==\nbw==": "base64-line-breaks",
        },
    ),
    case(
        "base64",
        B64,
        bytes=32,
        bad={
            HEX: "bytes-wrong-encoding",
            B64.rstrip("="): "base64-padding",
            URL: "bytes-wrong-encoding",
            "bw==": "bytes-wrong-length",
        },
    ),
    # RFC 4648, section 5; RFC 7515, section 2
    case(
        "base64url",
        *("bw", "bw==", "-_8", "abcd"),
        bad={
            "+/8=": "base64url-is-base64",
            "b!": "base64url-alphabet",
            "bw=": "base64url-padding",
            "b": "base64url-padding",
            "bx": "base64-trailing-bits",
            "b w": "base64-line-breaks",
        },
    ),
    case("base64url", "bw", "abcd", padding="forbidden", bad={"bw==": "base64url-padding"}),
    case("base64url", "bw==", "abcd", padding="required", bad={"bw": "base64url-padding"}),
    case(
        "base64url",
        URL,
        bytes=32,
        bad={
            HEX: "bytes-wrong-encoding",
            "bw": "bytes-wrong-length",
        },
    ),
    case("base64url", "abcd", bytes=3),
    # RFC 8259
    case(
        "json",
        *('{"a": [1, 2.5, null]}', "1", '"\\ud800"', "9" * 5000),
        bad={
            "{a: 1}": "json-malformed",
            "NaN": "json-malformed",
            "\ud800": "json-malformed",
            "{'a': 1}": "json-single-quotes",
            "it's": "json-malformed",
            "https://a.example,https://b.example": "json-malformed",
            '[1]"': "json-malformed",
            '{"a": 1, "a": 2}': "json-duplicate-key",
            "[" * 200 + "]" * 200: "document-too-deep",
            "[" * 100_000: "document-too-deep",
            '{"a":' * 50_000: "document-too-deep",
        },
    ),
    case(
        "json",
        '{"a": "x1"}',
        '{"n_1": 1}',
        '"text"',
        schema={
            "type": ["object", "string"],
            "properties": {"a": {"type": "string", "pattern": "^x[0-9]$"}},
            "patternProperties": {"^n_": {"type": "integer"}},
        },
        bad={
            "[]": "schema-mismatch",
            '{"a": "y"}': "schema-mismatch",
            '{"a": 1}': "schema-mismatch",
            '{"n_1": "x"}': "schema-mismatch",
        },
    ),
    case("json", schema={"$ref": "https://example.com/other.json"}, bad={"1": "schema-mismatch"}),
    case("json", schema={"$ref": "#"}, bad={"1": "schema-mismatch"}),
    case("json", schema=DOUBLING, bad={'{"a": "x"}': "schema-too-costly"}),
    case("json", schema={"multipleOf": 3}, bad={"9" * 5000: "schema-mismatch"}),
    # YAML 1.1 as PyYAML's safe loader reads it
    case(
        "yaml",
        *("a: 1", "[1, 2]", "text", "a: &x [1, 2]\nb: *x", "a: &x 1\nb: *x"),
        bad={
            "{a: 1": "yaml-malformed",
            "!!python/object/apply:os.system [x]": "yaml-malformed",
            "2001-99-99": "yaml-malformed",
            "\0": "yaml-malformed",
            "\ud800": "yaml-malformed",
            "a: *nowhere": "document-too-deep",
            "&a [*a]": "document-too-deep",
            BOMB: "document-too-deep",
            "[" * 1000: "document-too-deep",
        },
    ),
    case("yaml", "a: 1", schema={"required": ["a"]}, bad={"b: 1": "schema-mismatch"}),
    case(
        "list",
        *("a", "a,b,c"),
        bad={
            "a,,b": "list-empty-item",
            ",": "list-empty-item",
            "a, b": "list-item-spaces",
            "," * 20_000: "list-length",
        },
    ),
    case(
        "list",
        "https://a.example;https://b.example",
        of={"type": "url", "schemes": ["https"]},
        separator=";",
        bad={"https://a.example;http://b.example": "list-item"},
    ),
    case("list", "1, 2", of="integer", trim=True, bad={"1, x": "list-item"}),
    case("list", "[a]", "[::1]", bad={'["a","b"]': "list-notation", "['a', 'b']": "list-notation"}),
    case(
        "list",
        "https://a.example,https://b.example/x;y",
        of="url",
        bad={
            '["https://a.example"]': "list-notation",
            "https://a.example;https://b.example": "list-notation",
            "https://a.example https://b.example": "list-notation",
            "https://a.example\nhttps://b.example": "list-notation",
            "https://a.example/, https://b.example": "list-item-spaces",
            "https://a.example,b": "list-item",
        },
    ),
    case(
        "list",
        "https://a.example https://b.example",
        of="url",
        separator=" ",
        bad={"https://a.example,https://b.example": "list-notation"},
    ),
    case(
        "list",
        *("*", ".example.com", "[::1]", "localhost,a.example.com"),
        of={"type": "hostname", "wildcards": ["*", "."]},
        bad={
            "https://shop.example.com": "list-item",
            "*.example.com": "list-item",
            "shop.example.com:8000": "list-item",
        },
    ),
    case("csv", "1,2", of="integer", bad={'["a","b"]': "list-notation", "1;2": "list-notation"}),
    case(
        "list",
        "a b",
        separator=" ",
        min_items=2,
        max_items=3,
        unique=True,
        bad={
            "a": "list-length",
            "a a": "list-duplicate-item",
        },
    ),
    # RFC 4180
    case(
        "csv",
        'a,"b,c",d',
        '"say ""hi""",x',
        bad={
            'a,"b': "csv-quotes",
            'a,"b"c': "csv-quotes",
            "a,,b": "list-empty-item",
            "\n": "list-empty-item",
            "x" * 140_000: "csv-quotes",
        },
    ),
    # github.com/google/re2/wiki/Syntax; docs.python.org/3/library/re.html
    case("regex", "^a+$", "[[a]", bad={"(a": "regex-malformed", "(?=a)": "regex-malformed"}),
    case(
        "regex",
        "(?=a)",
        "[[a]",
        syntax="python",
        bad={
            "(a": "regex-malformed",
            "(" * 5000 + ")" * 5000: "regex-malformed",
            "a{99999999999999999999}": "regex-malformed",
        },
    ),
    case(
        "path",
        "/var/data",
        "a/b",
        "a b",
        bad={
            "a\0b": "path-characters",
            "~/key": "path-home",
            "~": "path-home",
            "C:\\data": "path-style",
        },
    ),
    case(
        "path",
        "/a",
        absolute="required",
        traversal="forbidden",
        bad={
            "a": "path-relative",
            "/a/../b": "path-traversal",
        },
    ),
    case(
        "path",
        "a.pem",
        absolute="forbidden",
        extensions=[".pem"],
        bad={
            "/a.pem": "path-absolute",
            "a.txt": "path-extension",
        },
    ),
    case("path", "C:\\data", style="any", absolute="required"),
    # glob(7), bash(1) on braces
    case(
        "glob",
        "src/**/*.{ts,tsx}",
        "[!a]",
        "[]]",
        "a\\{b",
        bad={
            "*.{ts": "glob-malformed",
            "a}": "glob-malformed",
            "[a": "glob-malformed",
            "a\\": "glob-malformed",
            "a\n": "path-characters",
        },
    ),
)
