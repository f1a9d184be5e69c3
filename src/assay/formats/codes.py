"""Codes of countries, currencies and languages, and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from assay.formats.base import Format, Several
from assay.model import Rule, Violation

COUNTRY_UNKNOWN = Rule(
    code="country-unknown",
    message="{name} is not a country code: expected two upper-case letters (ISO 3166-1)",
    remedy="Set {name} to a two-letter country code such as KE.",
    why="Payment and shipping services reject requests with an unknown country.",
    bad="COUNTRY=UK",
    good="COUNTRY=GB",
)
CURRENCY_UNKNOWN = Rule(
    code="currency-unknown",
    message="{name} is not a currency code: expected three upper-case letters (ISO 4217)",
    remedy="Set {name} to a three-letter currency code such as KES.",
    why="Payment services reject the charge, and number formatters throw.",
    bad="CURRENCY=KSH",
    good="CURRENCY=KES",
)
CODE_CASE = Rule(
    code="code-case",
    message="{name} is in the wrong case: expected upper case",
    remedy="Write {name} in upper case.",
    why="Programs compare codes letter by letter, so a lower-case code matches nothing.",
    bad="CURRENCY=kes",
    good="CURRENCY=KES",
)
CODE_NOT_ALLOWED = Rule(
    code="code-not-allowed",
    message="{name} is not an allowed code: expected {options}",
    remedy="Set {name} to one of {options}.",
    why="The application has no data for other codes.",
)
LOCALE_MALFORMED = Rule(
    code="locale-malformed",
    message="{name} is not a language tag: expected a form such as en, sw-KE or zh-Hant-TW",
    remedy="Set {name} to a language code, with a script and a region if needed (BCP 47).",
    why="Formatters throw a RangeError or fall back to the machine's language.",
    bad="DEFAULT_LOCALE=english",
    good="DEFAULT_LOCALE=en",
)
LOCALE_UNDERSCORE = Rule(
    code="locale-separator",
    message="{name} has its parts joined by {found}: expected {expected}",
    remedy="Join the parts of {name} with {expected}.",
    why="Browsers expect hyphens (BCP 47), POSIX and Java underscores; each rejects the other.",
    bad="DEFAULT_LOCALE=en_GB",
    good="DEFAULT_LOCALE=en-GB",
)
PHONE_MALFORMED = Rule(
    code="phone-malformed",
    message="{name} is not an E.164 number: expected {form}, at most 15 digits",
    remedy="Set {name} to {form}, without spaces, hyphens or a leading zero.",
    why="SMS and voice services reject other spellings, or reach somebody else.",
    bad="SUPPORT_PHONE=0712 345 678",
    good="SUPPORT_PHONE=+254712345678",
)
PHONE_PLUS = Rule(
    code="phone-plus",
    message="{name} has a plus before the country code, but must not",
    messages={"missing": "{name} has no plus before the country code, but must"},
    remedy="Remove the plus at the beginning of {name}.",
    remedies={"missing": "Put a plus at the beginning of {name}."},
    why="Twilio and SIP require the plus; M-Pesa's Daraja rejects it.",
)
PHONE_CALLING_CODE = Rule(
    code="phone-calling-code",
    message="{name} is a number of the wrong country: expected one that begins with {expected}",
    remedy="Set {name} to a number that begins with {expected}.",
    why="The service reaches only numbers of the declared countries.",
)

COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
    EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
    GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM
    ZW
    """.split()  # noqa: SIM905 - a list of quoted words is unreadable
)
"""ISO 3166-1 alpha-2, as of 2024."""
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN
    BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN
    ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD
    JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG
    QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT
    TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XCD
    XCG XDR XOF XPD XPF XPT XSU XUA YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 - a list of quoted words is unreadable
)
"""ISO 4217, list one, as of 2025; bond units and the codes for tests and none are left out."""

_LOCALE = re.compile(
    r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:[-_](?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3})){0,4}"
    r"(?:[-_][A-WYZa-wyz0-9](?:[-_][A-Za-z0-9]{2,8}){1,8}){0,4}"
)

Options = Annotated[
    Several | None, Meta(description="The codes allowed; all that exist by default.")
]


class _Code(Format, frozen=True, kw_only=True):
    """What codes out of a standard's list share."""

    standard = True
    known: ClassVar[frozenset[str]]

    options: Options = None

    def problems(self) -> Iterator[tuple[str, str]]:
        for option in self.options or ():
            if option not in self.known:
                yield "options", f"{option!r} is not {self.title}"

    def violations(self, value: str) -> Iterator[Violation]:
        if value not in self.known:
            yield (CODE_CASE if value.upper() in self.known else self.rules[0]).violated()
        elif self.options is not None and value not in self.options:
            yield CODE_NOT_ALLOWED.violated(options=", ".join(self.options))

    def screen(self) -> tuple[object, ...]:
        return ("one-of", self.options or tuple(sorted(self.known)))

    def example(self) -> str:
        return (self.options or (self.sample,))[0]


class Country(_Code, frozen=True, kw_only=True, tag="country"):
    """A country's code of two letters (ISO 3166-1 alpha-2)."""

    title = "a country code"
    sample = "KE"
    named_like = r"(?:^|_)COUNTRY(?:_CODE)?$"
    rules: ClassVar[tuple[Rule, ...]] = (COUNTRY_UNKNOWN, CODE_CASE, CODE_NOT_ALLOWED)
    known: ClassVar[frozenset[str]] = COUNTRIES


class Currency(_Code, frozen=True, kw_only=True, tag="currency"):
    """A currency's code of three letters (ISO 4217)."""

    title = "a currency code"
    sample = "KES"
    named_like = r"(?:^|_)CURRENCY$"
    rules: ClassVar[tuple[Rule, ...]] = (CURRENCY_UNKNOWN, CODE_CASE, CODE_NOT_ALLOWED)
    known: ClassVar[frozenset[str]] = CURRENCIES


class Locale(Format, frozen=True, kw_only=True, tag="locale"):
    """A language tag (BCP 47, RFC 5646): language, script, region, variants, extensions."""

    title = "a language tag"
    standard = True
    named_like = r"(?:^|_)(?:LOCALE|LANGUAGE|LANGUAGE_CODE)$"
    rules: ClassVar[tuple[Rule, ...]] = (LOCALE_MALFORMED, LOCALE_UNDERSCORE, CODE_NOT_ALLOWED)

    options: Options = None
    separator: Annotated[
        Literal["-", "_"],
        Meta(
            description="What joins the parts: a hyphen as in browsers, or an underscore as in "
            "POSIX."
        ),
    ] = "-"

    def problems(self) -> Iterator[tuple[str, str]]:
        for option in self.options or ():
            if not _is_locale(option):
                yield "options", f"{option!r} is not a language tag: expected a form such as sw-KE"

    def violations(self, value: str) -> Iterator[Violation]:
        words = {"-": "hyphens", "_": "underscores"}
        other = "_" if self.separator == "-" else "-"
        if not _is_locale(value):
            yield LOCALE_MALFORMED.violated()
        elif other in value:
            yield LOCALE_UNDERSCORE.violated(found=words[other], expected=words[self.separator])
        elif self.options is not None and value not in self.options:
            yield CODE_NOT_ALLOWED.violated(options=", ".join(self.options))

    def example(self) -> str:
        return self.options[0] if self.options else f"en{self.separator}KE"

    def screen(self) -> tuple[object, ...]:
        if self.options is not None:
            good = (option for option in self.options if not any(self.violations(option)))
            return ("one-of", tuple(good))
        return ("match", f"[a-z]{{2}}(?:{self.separator}[A-Z]{{2}})?")


class Phone(Format, frozen=True, kw_only=True, tag="phone"):
    """A telephone number (ITU-T E.164)."""

    title = "a telephone number"
    named_like = r"(?:^|_)(?:PHONE|PHONE_NUMBER|MSISDN)$"
    begins_like = r"\+"
    rules: ClassVar[tuple[Rule, ...]] = (PHONE_MALFORMED, PHONE_PLUS, PHONE_CALLING_CODE)

    plus: Annotated[
        Literal["required", "allowed", "forbidden"],
        Meta(description="Whether the country code begins with a plus; M-Pesa forbids it."),
    ] = "required"
    calling_codes: Annotated[
        tuple[str, ...] | None,
        Meta(description="The calling codes allowed, digits only.", examples=[["254"]]),
    ] = None

    def problems(self) -> Iterator[tuple[str, str]]:
        for code in self.calling_codes or ():
            if not re.fullmatch("[1-9][0-9]{0,3}", code):
                yield "calling-codes", f"{code!r} is not a calling code: expected digits, as in 254"

    def violations(self, value: str) -> Iterator[Violation]:
        digits = value.removeprefix("+")
        if not re.fullmatch("[1-9][0-9]{6,14}", digits):
            plus = "" if self.plus == "forbidden" else "a plus, "
            yield PHONE_MALFORMED.violated(form=f"{plus}the country code and the number")
            return
        if self.plus == ("required" if digits == value else "forbidden"):
            yield PHONE_PLUS.violated(case="missing" if digits == value else "")
        if self.calling_codes is not None and not digits.startswith(self.calling_codes):
            yield PHONE_CALLING_CODE.violated(expected=" or ".join(self.calling_codes))

    def example(self) -> str:
        plus = "" if self.plus == "forbidden" else "+"
        return f"{plus}{(self.calling_codes or ('254',))[0]}700000000"

    def screen(self) -> tuple[object, ...] | None:
        if self.calling_codes is not None:
            return None
        plus = {"required": r"\+", "allowed": r"\+?", "forbidden": ""}[self.plus]
        return ("match", plus + "[1-9][0-9]{6,14}")


def _is_locale(text: str) -> bool:
    return len(text) <= 64 and _LOCALE.fullmatch(text) is not None
