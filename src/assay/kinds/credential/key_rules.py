"""What can be wrong with the key of stored credentials; see `rules` for what templates take."""

from __future__ import annotations

from functools import partial

from assay.kind import RuleMaker
from assay.model import Category

rule: RuleMaker = RuleMaker(Category.FORMAT)
_of_key = partial(rule, category=Category.KEY)

KEY_MISREAD = _of_key(
    "credential-key-misread",
    "{column}, {rows}: {variable} is {declared}, but the ciphertext needs it {found}",
    "If no other row can be decrypted today, make the application and the spec turn {variable} "
    "into a key the way the ciphertext needs it: {found}. Otherwise back these rows up, decrypt "
    "them with {variable} {found}, and encrypt them with {variable} as it is read today.",
    "The same text gives a different key if it is read as hex, as base64, as text or hashed, "
    "and a cipher accepts only the key that encrypted.",
    formerly=("credential-sealed-otherwise",),
    messages={
        "mistyped": "{column}, {rows}: the key is one typing error away from the text of "
        "{variable}; the ciphertext needs it {found}",
    },
    remedies={
        "all": "Make the application and the spec turn {variable} into a key the way the "
        "ciphertext needs it: {found}. Don't re-encrypt: the ciphertext is intact.",
        "some": "Leave {variable} and the way it's read as they are, because they decrypt "
        "{healthy} today. Back these rows up, decrypt them with {variable} {found}, and encrypt "
        "them with {variable} as it is read today.",
        "altered": "If no other row can be decrypted today, set {variable} to the value that it "
        "had when the credential was encrypted, {found}, then redeploy. Otherwise leave it: put "
        "that value into a variable of its own under `previous`, decrypt these rows with that, "
        "and encrypt them with {variable}.",
        "altered-all": "Set {variable} to the value that it had when the credential was "
        "encrypted, {found}, then redeploy. Don't re-encrypt: the ciphertext is intact.",
        "altered-some": "Leave {variable} as it is, because it decrypts {healthy} today. Put the "
        "value that these rows need, {found}, into a variable of its own under `previous`, back "
        "the rows up, decrypt them with that, encrypt them with {variable}, and only then remove "
        "it.",
        "mistyped": "If no other row can be decrypted today, copy the full value of {variable} "
        "again from where the key is kept, then redeploy. Otherwise leave it: put that value into "
        "a variable of its own under `previous`, decrypt these rows with that, and encrypt them "
        "with {variable}.",
        "mistyped-all": "Copy the full value of {variable} again from where the key is kept, then "
        "redeploy. Don't re-encrypt: the ciphertext is intact.",
        "mistyped-some": "Leave {variable} as it is, because it decrypts {healthy} today. Put the "
        "value that these rows need, {found}, into a variable of its own under `previous`, back "
        "the rows up, decrypt them with that, encrypt them with {variable}, and only then remove "
        "it.",
    },
    bad="Buffer.from(process.env.KEY, 'hex'), but the rows were encrypted with Buffer.from(KEY)",
    good="the reading that encrypted the rows, in the application and in the spec",
)
PREVIOUS_KEY = _of_key(
    "credential-previous-key",
    "{column}, {rows}: encrypted with {other}, an earlier key",
    "Keep {other} until every row is re-encrypted: decrypt these rows with {other}, encrypt "
    "them with {variable}, and only then remove {other}. Nothing is lost.",
    "After a rotation the application knows only the new key, so it can't decrypt rows that "
    "were left behind.",
    formerly=("credential-sealed-with-previous",),
    messages={"misread": "{column}, {rows}: encrypted with {other}, an earlier key, {found}"},
    remedies={
        "misread": "Keep {other} until every row is re-encrypted: decrypt these rows with "
        "{other}, {found}, encrypt them with {variable}, and only then remove {other}. Nothing is "
        "lost.",
    },
    bad="KEY replaced while rows encrypted with KEY_OLD remain",
    good="each row decrypted with KEY_OLD and encrypted with KEY, then KEY_OLD removed",
)
WRONG_KEY = _of_key(
    "credential-wrong-key",
    "{column}, {rows}: encrypted with the key in {other}, not the one in {variable}",
    "If other rows can be decrypted with {variable}, leave it: decrypt these rows with {other} and "
    "encrypt them with {variable}. If no row can, {environment} has the wrong key: list its value "
    "under `previous`, set {variable} to the value of {other}, and don't re-encrypt the rows.",
    "The key that the application has is valid, but it isn't the one that these rows need.",
    formerly=("credential-sealed-with-other",),
    messages={
        "misread": "{column}, {rows}: encrypted with the key in {other}, {found}, not the one in "
        "{variable}",
    },
    remedies={
        "all": "If {environment} has the wrong key, set {variable} to the value of {other} and "
        "don't re-encrypt the rows. If the rows were written with {other} by mistake, decrypt "
        "them with it and encrypt them with {variable}.",
        "some": "Leave {variable} as it is, because it decrypts {healthy} today. Back these rows "
        "up, decrypt them with {other}, and encrypt them with {variable}.",
        "misread": "Leave {variable} as it is. Back these rows up, decrypt them with {other}, "
        "{found}, and encrypt them with {variable}.",
    },
    bad="the key of staging in production",
    good="the key that encrypted the rows",
)
UNSET_KEY = _of_key(
    "credential-unset-key",
    "{column}, {rows}: encrypted with {found} instead of a key",
    "Make the program stop if {variable} is not set. Then decrypt these rows with {found} one "
    "last time, encrypt them with {variable}, and replace the credentials in them: anyone who "
    "could read the table could decrypt them.",
    "The key's variable was not set, and the program used a text such as `undefined` as the "
    "key. That text is the same everywhere, so encryption protects nothing.",
    formerly=("credential-sealed-with-literal",),
    bad="createHash('sha256').update(`${process.env.KEY}`) while KEY is not set",
    good="a program that stops if KEY is not set",
)
KEY_UNKNOWN = _of_key(
    "credential-key-unknown",
    "{column}, {rows}: {variable} can't decrypt it in {environment}, nor can any other "
    "available key",
    "Find the key that {variable} held when these rows were written: in earlier "
    "deployments, in backups or in another environment. Put it into a variable under `previous`, "
    "and leave {variable} as it is if other rows can be decrypted with it. Don't re-encrypt and "
    "don't delete anything: that key can decrypt the rows.",
    "The ciphertext is well formed, but only the key that encrypted it can decrypt it.",
    messages={
        "doubtful": "{column}, {rows}: {variable} can't decrypt it in {environment}, nor can any "
        "other available key; it may not be a ciphertext",
        "or-damaged": "{column}, {rows}: damaged, or encrypted with a different key: {variable} "
        "can't decrypt it in {environment}, nor can any other available key",
    },
    remedies={
        "or-damaged": "Compare these rows with a backup: if {variable} decrypts what is in that, "
        "they are damaged, so restore them from it. If it doesn't, find the key that {variable} "
        "held when they were written, and declare its variable under `previous`; don't "
        "re-encrypt and don't delete anything.",
        "all": "Find the key that {variable} held when these rows were written: in earlier "
        "deployments, in backups or in another environment. Restore it, or declare its variable "
        "under `previous`. Don't re-encrypt and don't delete anything: that key can decrypt the "
        "rows.",
        "some": "Leave {variable} as it is, because it decrypts {healthy} today. Find the key that "
        "these rows were encrypted with, in earlier deployments, in backups or in another "
        "environment, and put it into a variable under `previous`. Don't re-encrypt and don't "
        "delete anything: that key can decrypt the rows.",
    },
    bad="a freshly generated KEY, and rows from last year",
    good="the KEY of last year",
)
KEY_UNUSABLE = _of_key(
    "credential-key-unusable",
    "{column}, {rows}: can't be decrypted because {variable} isn't a usable key: it {reason}",
    "Copy the full value of {variable} again from where the key is kept; leave the rows as "
    "they are.",
    "A text that isn't a key of the right length decrypts nothing.",
    bad="KEY=(63 hex digits)",
    good="KEY=(64 hex digits)",
)
