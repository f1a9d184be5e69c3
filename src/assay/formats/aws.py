"""Names and keys of Amazon Web Services."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from assay.formats.base import Format, Permission, Presence, Several
from assay.formats.hosts import is_ipv4
from assay.formats.tokens import Token, has_shape, issued
from assay.model import Rule, Violation

ARN_MALFORMED = Rule(
    code="aws-arn-malformed",
    message="{name} is not an ARN: expected arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE",
    remedy="Copy the full ARN of the resource from the AWS console into {name}.",
    why="AWS rejects the request with a ValidationException.",
    bad="QUEUE_ARN=arn:aws:sqs:eu-west-1:jobs",
    good="QUEUE_ARN=arn:aws:sqs:eu-west-1:123456789012:jobs",
)
ARN_SERVICE = Rule(
    code="aws-arn-service",
    message="{name} is an ARN of the wrong service: expected {expected}",
    remedy="Set {name} to the ARN of a resource of the service {expected}.",
    why="The service rejects the ARN with a ValidationException or AccessDenied.",
)
ARN_REGION = Rule(
    code="aws-arn-region",
    message="{name} is an ARN in the wrong region: expected {expected}",
    remedy="Set {name} to the ARN of a resource in {expected}.",
    why="A client in one region can't find the resources of a different region.",
)
ARN_ACCOUNT = Rule(
    code="aws-arn-account",
    message="{name} is an ARN in the wrong account: expected {expected}",
    remedy="Set {name} to the ARN of a resource in the account {expected}.",
    why="AWS answers with AccessDenied, or the application writes to somebody else's account.",
)
ACCESS_KEY_TEMPORARY = Rule(
    code="aws-access-key-id-temporary",
    message="{name} is a temporary access key ID (ASIA): expected a permanent one (AKIA)",
    remedy="Create an access key for the application's IAM user and set {name} to its ID, or use "
    "an IAM role.",
    why="Temporary credentials expire within hours and need a session token.",
)
S3_MALFORMED = Rule(
    code="s3-uri-malformed",
    message="{name} is not an S3 URI: expected s3://BUCKET/KEY",
    remedy="Set {name} to s3://, the bucket's name and the key, as the console's Copy S3 URI does.",
    why="The client can't tell the bucket from the key.",
    bad="BACKUP=https://backups.s3.amazonaws.com/db",
    good="BACKUP=s3://backups/db",
)
S3_BUCKET = Rule(
    code="s3-uri-bucket",
    message="{name} has an invalid bucket name: expected 3 to 63 characters of a-z, 0-9, dot and "
    "hyphen",
    remedy="Copy the bucket name from the S3 console into {name}.",
    why="S3 rejects the request with InvalidBucketName.",
    bad="BACKUP=s3://My_Backups/db",
    good="BACKUP=s3://my-backups/db",
)
S3_KEY = Rule(
    code="s3-uri-key",
    message="{name} {found} a key after the bucket",
    remedy="Set {name} to {expected}.",
    why="The application appends its own key to the bucket, or needs the key to find the object.",
)

_REGION = "[a-z]{2,5}(?:-[a-z]{2,9}){1,2}-[0-9]{1,2}"
_ACCOUNT = "[0-9]{12}"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ARN = re.compile(
    rf"arn:aws(?:-[a-z]{{1,5}}){{0,3}}:([a-z0-9-]{{1,40}}):({_REGION})?:({_ACCOUNT}|aws)?:[^ ]+"
)


class AwsArn(Format, frozen=True, kw_only=True, tag="aws-arn"):
    """An Amazon Resource Name (AWS General Reference)."""

    title = "an ARN"
    public = True
    looks_like = "arn:aws"
    rules: ClassVar[tuple[Rule, ...]] = (ARN_MALFORMED, ARN_SERVICE, ARN_REGION, ARN_ACCOUNT)

    services: Annotated[
        Several | None, Meta(description="The services allowed.", examples=[["sqs"]])
    ] = None
    regions: Annotated[
        Several | None, Meta(description="The regions allowed.", examples=[["eu-west-1"]])
    ] = None
    accounts: Annotated[
        Several | None, Meta(description="The accounts allowed.", examples=[["123456789012"]])
    ] = None

    def problems(self) -> Iterator[tuple[str, str]]:
        for field, shape in (("regions", _REGION), ("accounts", _ACCOUNT)):
            for text in getattr(self, field) or ():
                if not has_shape(shape, text):
                    yield field, f"{text!r} is not one of AWS's {field}"

    def violations(self, value: str) -> Iterator[Violation]:
        found = _ARN.fullmatch(value)
        if found is None or not value.isprintable():
            yield ARN_MALFORMED.violated()
            return
        allowed = (self.services, self.regions, self.accounts)
        for rule, good, part in zip(self.rules[1:], allowed, found.groups(""), strict=True):
            if good is not None and part not in good:
                yield rule.violated(expected=" or ".join(good))

    def example(self) -> str:
        service, region = (self.services or ("sqs",))[0], (self.regions or ("eu-west-1",))[0]
        return f"arn:aws:{service}:{region}:{(self.accounts or ('123456789012',))[0]}:example"

    def screen(self) -> tuple[object, ...] | None:
        if (self.services, self.regions, self.accounts) != (None, None, None):
            return None
        return ("match", f"arn:aws:[a-z0-9-]{{1,30}}:{_REGION}:{_ACCOUNT}:[A-Za-z0-9/_.-]{{1,200}}")


class _OfAws(Token, frozen=True, kw_only=True):
    """What has AWS's own form at AWS alone: R2, MinIO and others take it by the same names."""

    elsewhere: Annotated[
        tuple[str, ...],
        Meta(
            description="Variables that may name the endpoint of a provider other than AWS. While "
            "one does, the value has that provider's form, and AWS's isn't required.",
            examples=[["AWS_ENDPOINT_URL_S3"]],
        ),
    ] = ()

    def exemptions(self) -> tuple[str, ...]:
        return self.elsewhere

    def exempted(self, others: Mapping[str, str]) -> bool:
        return any(text and ".amazonaws.com" not in text for text in others.values())


@issued(
    by="the AWS console (IAM, Users, Security credentials)",
    form="AKIA or ASIA and 16 upper-case letters and digits",
    why="AWS rejects every signed request with InvalidAccessKeyId.",
)
class AwsAccessKeyId(_OfAws, frozen=True, kw_only=True, tag="aws-access-key-id"):
    """The ID of an access key (IAM User Guide, IAM identifiers)."""

    title = "an AWS access key ID"
    screened: ClassVar[tuple[object, ...] | None] = ("match", "AKIA[A-Z0-9]{16}")
    sample = "AKIAIOSFODNN7" + "EXAMPLE"
    """The one that AWS's manuals show, which scanners know."""
    looks_like = "AKIA|ASIA"
    rules: ClassVar[tuple[Rule, ...]] = (ACCESS_KEY_TEMPORARY,)
    shape = "A[KS]IA[A-Z0-9]{16}"

    temporary: Annotated[
        Permission, Meta(description="Whether temporary access key IDs (ASIA) are allowed.")
    ] = "allowed"

    def own_violations(self, value: str) -> Iterator[Violation]:
        if value.startswith("ASIA") and self.temporary == "forbidden":
            yield ACCESS_KEY_TEMPORARY.violated()


@issued(
    by="the AWS console (IAM)",
    form="40 characters of base64",
    once=True,
    why="The signatures made with it are wrong, so AWS rejects every request with "
    "SignatureDoesNotMatch.",
)
class AwsSecretAccessKey(_OfAws, frozen=True, kw_only=True, tag="aws-secret-access-key"):
    """The secret half of an access key."""

    title = "an AWS secret access key"
    sample = ("example/" * 5)[:40]
    shape = "[A-Za-z0-9/+]{40}"


@issued(
    by="the AWS console, which shows it in its address",
    what="an AWS region code",
    form="a code such as eu-west-1",
    why="The SDK builds host names from the region, so every request goes to a host that does not "
    "exist.",
)
class AwsRegion(_OfAws, frozen=True, kw_only=True, tag="aws-region"):
    """The code of a region."""

    title = "an AWS region"
    secret_by_type = False
    sample = "eu-west-1"
    standard = True
    named_like = r"AWS_(?:DEFAULT_)?REGION$|(?:^|_)S3_REGION$"
    shape = _REGION


@issued(
    by="the AWS console (KMS, Customer managed keys)",
    form="an ARN, a key ID, or alias/NAME",
    why="KMS rejects each request with NotFoundException or ValidationException, so nothing can be "
    "encrypted or decrypted.",
)
class AwsKmsKey(Token, frozen=True, kw_only=True, tag="aws-kms-key"):
    """A key of the Key Management Service: its ARN, its ID, or an alias."""

    title = "an AWS KMS key"
    secret_by_type = False
    """It names the key, and is not the key."""
    sample = "alias/billing"
    shape = (
        f"(?:arn:aws[a-z-]{{0,12}}:kms:{_REGION}:{_ACCOUNT}:(?:key/[a-z0-9-]{{32,40}}"
        "|alias/[A-Za-z0-9/_-]{1,250})"
        "|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32}"
        "|alias/[A-Za-z0-9/_-]{1,250})"
    )


class S3Uri(Format, frozen=True, kw_only=True, tag="s3-uri"):
    """A bucket of S3, with the key of an object (Amazon S3 User Guide)."""

    title = "an S3 URI"
    looks_like = "s3://"
    rules: ClassVar[tuple[Rule, ...]] = (S3_MALFORMED, S3_BUCKET, S3_KEY)

    path: Annotated[
        Presence,
        Meta(description="Whether a key after the bucket is allowed, required or forbidden."),
    ] = "allowed"

    def violations(self, value: str) -> Iterator[Violation]:
        scheme, separator, rest = value.partition("://")
        bucket, _, key = rest.partition("/")
        if scheme != "s3" or not separator or not value.isprintable():
            yield S3_MALFORMED.violated()
        elif not _BUCKET.fullmatch(bucket) or ".." in bucket or is_ipv4(bucket):
            yield S3_BUCKET.violated()
        elif self.path == ("forbidden" if key else "required"):
            expected = "s3://BUCKET" if key else "s3://BUCKET/KEY"
            yield S3_KEY.violated(found="has" if key else "lacks", expected=expected)

    def example(self) -> str:
        return "s3://example-bucket" + ("/backups" if self.path == "required" else "")

    def screen(self) -> tuple[object, ...]:
        key = {"allowed": "(?:/[A-Za-z0-9_./-]{0,200})?", "required": "/[A-Za-z0-9_./-]{1,200}"}
        return ("match", "s3://[a-z][a-z0-9-]{1,40}[a-z0-9]" + key.get(self.path, "/?"))
