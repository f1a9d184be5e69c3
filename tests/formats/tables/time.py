"""Days, moments, spans, sizes, schedules, zones."""

from tests.formats.tables.case import case

CASES = (
    # RFC 3339, section 5.6
    case(
        "date",
        *("2027-02-01", "2028-02-29"),
        bad={
            "01/02/2027": "date-malformed",
            "2027-02-29": "date-malformed",
            "2027-2-1": "date-malformed",
            "20270201": "date-malformed",
        },
    ),
    case(
        "date",
        "2027-01-01",
        minimum="2027-01-01",
        maximum="2027-12-31",
        bad={
            "2026-12-31": "date-out-of-range",
            "2028-01-01": "date-out-of-range",
        },
    ),
    case(
        "timestamp",
        *("2027-02-01T09:30:00Z", "2027-02-01t09:30:00.123456789+03:00", "1990-12-31T23:59:60Z"),
        bad={
            "2027-02-01 9:30": "timestamp-malformed",
            "2027-02-30T09:30:00Z": "timestamp-malformed",
            "2027-02-01T25:30:00Z": "timestamp-malformed",
            "2027-02-01T09:30:00+25:00": "timestamp-malformed",
            "2027-02-01T09:30:00": "timestamp-offset",
        },
    ),
    case("timestamp", "2027-02-01T09:30:00", offset="allowed"),
    case(
        "timestamp",
        "2027-02-01T09:30:00z",
        offset="utc",
        bad={
            "2027-02-01T09:30:00+00:00": "timestamp-not-utc",
            "2027-02-01T09:30:00": "timestamp-offset",
        },
    ),
    # pkg.go.dev/time#ParseDuration, ISO 8601-1, 5.5.2
    case(
        "duration",
        *("30s", "1h30m", "1.5h", "180d", "250ms", "PT30S", "P1DT12H", "P2W", "P1D", "P1Y"),
        bad={
            "30": "duration-unit-missing",
            "30 s": "duration-malformed",
            "P": "duration-malformed",
            "PT": "duration-malformed",
            "P1DT": "duration-malformed",
            "P1M1Y": "duration-malformed",
            "P1YT": "duration-malformed",
            "10y": "duration-malformed",
        },
    ),
    case("duration", "30", "1.5", styles=["seconds"], bad={"30s": "duration-malformed"}),
    case("duration", "PT1M", styles=["iso8601"], bad={"60s": "duration-malformed"}),
    case("duration", "P1Y6M", "P12M", maximum="P2Y", bad={"P25M": "duration-out-of-range"}),
    case(
        "duration",
        "1s",
        "1h",
        minimum="1s",
        maximum="1h",
        bad={
            "1ms": "duration-out-of-range",
            "61m": "duration-out-of-range",
        },
    ),
    # IEC 80000-13
    case(
        "bytes-size",
        *("0", "1024", "10MB", "10 MB", "1.5GiB", "512k", "64mb", "1B", "2Ti"),
        bad={
            "ten": "bytes-size-malformed",
            "10XB": "bytes-size-malformed",
            "10Mx": "bytes-size-malformed",
            "-1": "bytes-size-malformed",
            "10Mb": "bytes-size-bits",
        },
    ),
    case(
        "bytes-size",
        "1000",
        "1kB",
        "1KiB",
        minimum=1000,
        maximum="1KiB",
        bad={
            "999": "bytes-size-out-of-range",
            "1025": "bytes-size-out-of-range",
        },
    ),
    # The manual of crontab, section 5
    case(
        "cron",
        *(
            "0 3 * * *",
            "*/15 0-6,22 1 JAN-mar ?",
            "@daily",
            "5/10 * * * sun",
            "0  3 * * 7",
            "@reboot",
        ),
        bad={
            "0 3 * *": "cron-fields",
            "0 0 3 * * *": "cron-fields",
            "60 3 * * *": "cron-field-malformed",
            "0 3 * * 8": "cron-field-malformed",
            "0 3 0 13 *": "cron-field-malformed cron-field-malformed",
            "0 6-3 * * *": "cron-field-malformed",
            "*/0 * * * *": "cron-field-malformed",
            "? * * * *": "cron-field-malformed",
            "@midnite": "cron-shortcut",
        },
    ),
    case("cron", "0 0 3 * * *", seconds="required", bad={"0 3 * * *": "cron-fields"}),
    case(
        "cron",
        "0 3 * * *",
        seconds="allowed",
        shortcuts="forbidden",
        bad={
            "@daily": "cron-shortcut",
            "@reboot": "cron-shortcut",
        },
    ),
    # IANA's time zone database
    case(
        "timezone",
        *("Africa/Nairobi", "UTC", "Etc/UTC", "America/Argentina/Buenos_Aires", "GMT", "Etc/GMT+3"),
        bad={
            "Nairobi": "timezone-unknown",
            "africa/nairobi": "timezone-unknown",
            "../etc/passwd": "timezone-unknown",
            "A\0": "timezone-unknown",
            "UTC+3": "timezone-offset",
            "EAT": "timezone-offset",
            "GMT+3": "timezone-offset",
            "Etc/GMT+99": "timezone-offset",
            "Factory": "timezone-unknown",
            "localtime": "timezone-unknown",
        },
    ),
)
