"""Texts, numbers, choices, identifiers, codes."""

from tests.formats.tables.case import case

CASES = (
    case("text", "a", "x" * 100_000, "\0", "\ud800"),
    case("text", "abc", pattern="[a-c]+", bad={"abd": "text-pattern", "\ud800": "text-pattern"}),
    case("text", "abc", min_length=3, bad={"ab": "text-length"}),
    case("text", "abc", min_length=3, max_length=3, bad={"abcd": "text-length"}),
    case("text", "abc", max_length=5, bad={"abcdef": "text-length"}),
    case(
        "integer",
        *("0", "-5", "+5", "999999999999999999"),
        bad={
            "1.5": "integer-malformed",
            "10k": "integer-malformed",
            "٣": "integer-malformed",
            "9" * 5000: "integer-malformed",
        },
    ),
    case(
        "integer",
        *("1", "10"),
        minimum=1,
        maximum=10,
        bad={"0": "number-out-of-range", "11": "number-out-of-range"},
    ),
    case("integer", "1", minimum=1, bad={"0": "number-out-of-range"}),
    case("integer", "1", maximum=1, bad={"2": "number-out-of-range"}),
    # RFC 8259, section 6
    case(
        "number",
        *("0", "-1.5", "1e3", "6.02e+23", "+0.5"),
        bad={
            "0,5": "number-malformed",
            "NaN": "number-malformed",
            "Infinity": "number-malformed",
            "1e999": "number-malformed",
            ".5": "number-malformed",
            "1_000": "number-malformed",
        },
    ),
    case("number", "0.5", minimum=0, maximum=1, bad={"1.5": "number-out-of-range"}),
    case(
        "port",
        *("1", "80", "65535"),
        bad={"0": "port-out-of-range", "65536": "port-out-of-range", "http": "port-out-of-range"},
    ),
    case(
        "enum",
        *("sandbox", "production"),
        options=["sandbox", "production"],
        bad={"Production": "enum-case", "prod": "enum-unknown"},
    ),
    case("enum", "A", "a", options=["a"], ignore_case=True, bad={"b": "enum-unknown"}),
    case(
        "boolean",
        *("true", "FALSE", "Yes", "off", "1", "0"),
        bad={"disabled": "boolean-unknown", "2": "boolean-unknown", "t": "boolean-unknown"},
    ),
    case("boolean", "true", truthy=["true"], falsy=["false"], bad={"True": "boolean-unknown"}),
    case(
        "boolean",
        *("1", "true", "enabled", "two words"),
        falsy=[],
        bad=dict.fromkeys(("false", "FALSE", "0", "no", "Off"), "boolean-always-true"),
    ),
    # RFC 9562
    case(
        "uuid",
        *("123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-42D3-A456-426614174000"),
        bad={
            "123e4567e89b12d3a456426614174000": "uuid-malformed",
            "{123e4567-e89b-12d3-a456-426614174000}": "uuid-malformed",
            "123e4567-e89b-12d3-a456-42661417400g": "uuid-malformed",
            "00000000-0000-0000-0000-000000000000": "uuid-nil",
        },
    ),
    case(
        "uuid",
        "123e4567-e89b-42d3-a456-426614174000",
        versions=[4, 7],
        bad={"123e4567-e89b-12d3-a456-426614174000": "uuid-version"},
    ),
    case("uuid", "123e4567-e89b-72d3-a456-426614174000", versions=[7]),
    # github.com/ulid/spec
    case(
        "ulid",
        *("01ARZ3NDEKTSV4RRFFQ69G5FAV", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01arz3ndektsv4rrffq69g5fav"),
        bad={
            "8ZZZZZZZZZZZZZZZZZZZZZZZZZ": "ulid-malformed",
            "01ARZ3NDEKTSV4RRFFQ69G5FAI": "ulid-malformed",
            "01ARZ3": "ulid-malformed",
        },
    ),
    # semver.org, items 2, 9, 10 and 11
    case(
        "semver",
        *("0.0.0", "1.2.3-alpha.1+build.5", "1.0.0-x-y-z.--", "1.0.0+001"),
        bad={
            "1.2": "semver-malformed",
            "01.2.3": "semver-malformed",
            "1.2.3-01": "semver-malformed",
            "1.2.3-": "semver-malformed",
            "1.2.3+": "semver-malformed",
            "v1.2.3": "semver-prefix",
        },
    ),
    case(
        "semver",
        *("1.0.0-beta", "1.0.0", "2.0.0"),
        minimum="1.0.0-alpha.1",
        maximum="2.0.0",
        bad={
            "1.0.0-alpha": "semver-out-of-range",
            "1.0.0-1": "semver-out-of-range",
            "2.0.1": "semver-out-of-range",
        },
    ),
    case("semver", "1.0.0", minimum="1.0.0", bad={"0.9.0": "semver-out-of-range"}),
    case(
        "semver",
        *("1.0.0", "v1.0.0"),
        prefix="allowed",
        prerelease="forbidden",
        bad={"1.0.0-rc.1": "semver-prerelease"},
    ),
    # ISO 3166-1, ISO 4217
    case("country", "KE", "GB", bad={"UK": "country-unknown", "ke": "code-case"}),
    case("country", "KE", options=["KE", "UG"], bad={"TZ": "code-not-allowed"}),
    case("currency", "KES", "XOF", bad={"KSH": "currency-unknown", "kes": "code-case"}),
    # BCP 47: RFC 5646, section 2.1 and appendix A
    case(
        "locale",
        *("en", "sw-KE", "zh-Hant-TW", "de-CH-1996", "es-419", "de-DE-u-co-phonebk"),
        bad={
            "english": "locale-malformed",
            "e": "locale-malformed",
            "a" * 3 + "-abcde" * 20: "locale-malformed",
            "en_GB": "locale-separator",
        },
    ),
    case("locale", "en_GB", separator="_", bad={"en-GB": "locale-separator"}),
    case("locale", "en", options=["en", "sw"], bad={"fr": "code-not-allowed"}),
    # ITU-T E.164
    case(
        "phone",
        *("+254712345678", "+18005550199"),
        bad={
            "0712345678": "phone-malformed",
            "+254 712 345 678": "phone-malformed",
            "+1234567890123456": "phone-malformed",
            "254712345678": "phone-plus",
        },
    ),
    case(
        "phone",
        "254712345678",
        plus="forbidden",
        calling_codes=["254"],
        bad={
            "+254712345678": "phone-plus",
            "255712345678": "phone-calling-code",
            "07": "phone-malformed",
        },
    ),
    case("phone", "254712345678", "+254712345678", plus="allowed"),
    # CSS Color 4, section 5.2
    case(
        "color",
        *("#fff", "#1A73E8", "#1a73e880", "#fffa"),
        bad={"1a73e8": "color-malformed", "#ggg": "color-malformed", "#12345": "color-malformed"},
    ),
    case("color", "#fff", alpha="forbidden", bad={"#fffa": "color-alpha"}),
    case("color", "#fffa", alpha="required", bad={"#fff": "color-alpha"}),
    # RFC 6838, section 4.2; RFC 9110, section 8.3.1
    case(
        "mime-type",
        *("application/json", "image/svg+xml", "x-custom/thing"),
        bad={
            "json": "mime-type-malformed",
            "application/": "mime-type-malformed",
            "bogus/type": "mime-type-malformed",
            "text/csv; charset=utf-8": "mime-type-parameters",
            "text/csv;": "mime-type-malformed",
            'text/csv; a="b\n"': "mime-type-malformed",
        },
    ),
    case("mime-type", "text/csv; charset=utf-8", 'text/csv;a="b c"', parameters="allowed"),
    case("mime-type", "image/png", options=["image/*"], bad={"text/csv": "mime-type-not-allowed"}),
    # RFC 9110, sections 5.1 and 5.5
    case(
        "http-header",
        *("X-Team: billing", "Authorization:Bearer x", "X-Empty:"),
        bad={
            "X-Team billing": "http-header-malformed",
            ": x": "http-header-malformed",
            "X Team: x": "http-header-malformed",
            "X-Team: a\r\nX-Admin: 1": "http-header-value",
        },
    ),
    case("http-header", "x-api-key", part="name", bad={"x-api-key:": "http-header-name"}),
    case("http-header", "Bearer x", part="value", bad={"Béarer": "http-header-value"}),
)
