"""What each role may do, and what it may not: one table, asked of the policies by MiniStack's own evaluator.

What MiniStack enforces is tried by functions that run under the roles, in tests/test_deployment.py. It enforces neither
``dynamodb:LeadingKeys`` nor the identity that a mail is sent as; here both are asked of the policy itself. That each
may do all that it does, and is given no more of the registry, show the journeys of tests/test_roles_at_work.py.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
import yaml
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from infra import roles
from infra.package import PROJECT

ACCOUNT, REGION = "123456789012", "eu-central-1"
HERE = f"{REGION}:{ACCOUNT}"
REGISTRY, PUBLIC = f"arn:aws:dynamodb:{HERE}:table/registry", f"arn:aws:dynamodb:{HERE}:table/public"
OTHER_TABLE = f"arn:aws:dynamodb:{HERE}:table/somebody-elses"
STREAM = f"{REGISTRY}/stream/2026"
CREDENTIALS, RECEIPTS = f"arn:aws:kms:{HERE}:key/credentials", f"arn:aws:kms:{HERE}:key/receipts"
OURS, THEIRS = f"arn:aws:ses:{HERE}:identity/factory-id.example", f"arn:aws:ses:{HERE}:identity/other.example"
STORE, OTHER_STORE = "arn:aws:s3:::photos", "arn:aws:s3:::somebody-elses"
OTHER_LOG = f"arn:aws:logs:{HERE}:log-group:/aws/lambda/other:log-stream:1"
FUNCTIONS = {
    "public": "trial-APIHandler-1",
    "internal": "trial-APIHandler-1",
    "errands": "trial-Errands-1",
    "watching": "trial-Watching-1",
    "scans": "trial-Scans-1",
    "photos": "trial-photos",
}
"""The roles, and what the function of each is called."""
NAMES = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::StackName": "trial",
    "RegistryTable": "registry",
    "PublicTable": "public",
    "MailIdentity": "factory-id.example",
    "PhotosBucket": "photos",
    "BucketName": "photos",
    "SigningKey": CREDENTIALS,
    "ReceiptKey": RECEIPTS,
    "RegistryStream": STREAM,
    "Prefix": "trial",
    **{f"Former{kind}Table": f"former-{kind.lower()}" for kind in ("Registry", "Public")},
    "FormerSigningKey": f"{CREDENTIALS}-of-before",
    "FormerReceiptKey": f"{RECEIPTS}-of-before",
}
FORMER = {
    REGISTRY: f"arn:aws:dynamodb:{HERE}:table/former-registry",
    PUBLIC: f"arn:aws:dynamodb:{HERE}:table/former-public",
    CREDENTIALS: f"{CREDENTIALS}-of-before",
    RECEIPTS: f"{RECEIPTS}-of-before",
}
"""What was used before a change of tables and keys."""


def log_of(role: str) -> str:
    """The log of a role's function."""
    return f"arn:aws:logs:{HERE}:log-group:/aws/lambda/{FUNCTIONS[role]}:log-stream:1"


MAY = [
    *(("public", f"dynamodb:{action}", PUBLIC, "") for action in ("GetItem", "BatchGetItem", "Query")),
    ("public", "kms:Sign", RECEIPTS, ""),
    ("public", "kms:GetPublicKey", RECEIPTS, ""),
    *(
        (role, f"logs:{action}", log_of(role), "")
        for role in FUNCTIONS
        for action in ("CreateLogStream", "PutLogEvents")
    ),
    *(
        ("internal", f"dynamodb:{action}", table, "FACTORY#1")
        for action in (
            *("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"),
        )
        for table in (REGISTRY, PUBLIC)
    ),
    ("internal", "dynamodb:BatchWriteItem", PUBLIC, "WORD#knit"),
    ("internal", "dynamodb:PutItem", REGISTRY, "EVENTS#FACTORY#1"),
    ("internal", "dynamodb:PutItem", PUBLIC, "LOG_ENTRIES#0"),
    *(
        ("watching", f"dynamodb:{action}", STREAM, "")
        for action in ("DescribeStream", "GetRecords", "GetShardIterator")
    ),
    ("watching", "dynamodb:ListStreams", "*", ""),
    *(
        (role, "ses:SendRawEmail", place, "")
        for role in ("internal", "errands", "watching")
        for place in (OURS, f"arn:aws:ses:{HERE}:configuration-set/trial-mail")
    ),
    *(
        (role, f"dynamodb:{action}", REGISTRY, partition)
        for role, partition, actions in (
            ("errands", "INVITATION#1", ("GetItem", "BatchGetItem", "Query", "PutItem")),
            ("errands", "DUE#2026-11-23", ("DeleteItem",)),
            ("watching", "TELL#1", ("GetItem", "Query", "PutItem", "DeleteItem")),
            ("scans", "SCANS#p#1", ("GetItem", "BatchGetItem", "Query", "PutItem")),
        )
        for action in actions
    ),
    *(("errands", f"dynamodb:{action}", PUBLIC, "LOG_ENTRIES#0") for action in ("BatchGetItem", "PutItem")),
    *(("errands", f"dynamodb:{action}", PUBLIC, "SIGNING_KEYS#") for action in ("GetItem", "PutItem")),
    *(("errands", f"kms:{action}", CREDENTIALS, "") for action in ("Sign", "GetPublicKey")),
    ("errands", "kms:GetPublicKey", RECEIPTS, ""),
    ("internal", "s3:PutObject", f"{STORE}/uploads/F/1", ""),
    ("internal", "s3:DeleteObject", f"{STORE}/photos/F/1.jpg", ""),
    ("internal", "kms:Sign", CREDENTIALS, ""),
    ("internal", "kms:GetPublicKey", CREDENTIALS, ""),
    ("internal", "kms:GetPublicKey", RECEIPTS, ""),
    ("photos", "s3:GetObject", f"{STORE}/uploads/F/1", ""),
    ("photos", "s3:DeleteObject", f"{STORE}/uploads/F/1", ""),
    ("photos", "s3:ListBucket", STORE, ""),
    ("photos", "s3:PutObject", f"{STORE}/photos/F/1.jpg", ""),
    ("photos", "dynamodb:PutItem", REGISTRY, "PHOTOS#F"),
]
RECORDS = (
    "FACTORY#1",
    "CERTIFICATE#1",
    "PRODUCT#1",
    "EVENTS#FACTORY#1",
    "KEY#1",
    "SESSION#1",
    "PERSON#1",
    "TEAM#staff#1",
)
"""Of the registry, what nobody but the API writes."""
MAY_NOT = [
    *(
        ("public", f"dynamodb:{action}", PUBLIC, "FACTORY#1")
        for action in ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "Scan", "DeleteTable", "UpdateTable")
    ),
    *(("public", f"dynamodb:{action}", REGISTRY, "FACTORY#1") for action in ("GetItem", "Query", "Scan", "PutItem")),
    ("public", "dynamodb:GetRecords", STREAM, ""),
    ("public", "dynamodb:GetItem", OTHER_TABLE, ""),
    ("public", "kms:Sign", CREDENTIALS, ""),
    ("public", "kms:ScheduleKeyDeletion", RECEIPTS, ""),
    ("public", "ses:SendRawEmail", OURS, ""),
    ("public", "s3:GetObject", f"{STORE}/uploads/F/1", ""),
    *((role, "logs:PutLogEvents", OTHER_LOG, "") for role in FUNCTIONS),
    *(
        (role, "logs:PutLogEvents", log_of(other), "")
        for role in ("internal", "errands", "watching", "scans")
        for other in ("internal", "errands", "watching", "scans")
        if other != role
    ),
    *(
        (role, f"dynamodb:{action}", table, partition)
        for role in ("errands", "watching", "scans")
        for action in ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")
        for table in (REGISTRY, PUBLIC)
        for partition in RECORDS
    ),
    *(
        (role, f"dynamodb:{action}", table, "")
        for role in ("errands", "watching", "scans")
        for action in ("Scan", "DeleteTable", "UpdateTable")
        for table in (REGISTRY, PUBLIC)
    ),
    *(
        (role, "dynamodb:GetItem", REGISTRY, partition)
        for role, partitions in (
            ("errands", ("SESSION#1", "KEY#1", "SIGN_IN#1", "EVENTS#FACTORY#1")),
            ("watching", ("SESSION#1", "KEY#1", "SIGN_IN#1", "INVITATION#1", "PERSON#1", "TEAM#staff#1")),
            ("scans", ("SESSION#1", "KEY#1", "SIGN_IN#1", "INVITATION#1", "PERSON#1", "TEAM#staff#1", "WATCH#1")),
        )
        for partition in partitions
    ),
    *((role, "dynamodb:GetItem", PUBLIC, "FACTORY#1") for role in ("watching", "scans")),
    *(
        ("errands", f"dynamodb:{action}", PUBLIC, partition)
        for action in ("UpdateItem", "DeleteItem")
        for partition in ("LOG_ENTRIES#0", "LOG_CHECKPOINTS#", "SIGNING_KEYS#")
    ),
    *((role, "dynamodb:GetRecords", STREAM, "") for role in ("internal", "errands", "scans")),
    *((role, "kms:Sign", CREDENTIALS, "") for role in ("watching", "scans")),
    *((role, "kms:Sign", RECEIPTS, "") for role in ("errands", "watching", "scans")),
    *((role, "ses:SendRawEmail", THEIRS, "") for role in ("errands", "watching")),
    ("scans", "ses:SendRawEmail", OURS, ""),
    *(
        (role, f"s3:{action}", f"{STORE}/{place}/F/1", "")
        for role in ("errands", "watching", "scans")
        for action in ("GetObject", "PutObject", "DeleteObject")
        for place in ("uploads", "photos")
    ),
    *(
        ("internal", f"dynamodb:{action}", table, "FACTORY#1")
        for action in (
            "Scan",
            "DeleteTable",
            "UpdateTable",
            "UpdateTimeToLive",
            "UpdateContinuousBackups",
            "ExportTableToPointInTime",
        )
        for table in (REGISTRY, PUBLIC)
    ),
    ("internal", "dynamodb:BatchWriteItem", REGISTRY, "FACTORY#1"),
    ("internal", "dynamodb:UpdateItem", REGISTRY, "EVENTS#FACTORY#1"),
    ("internal", "dynamodb:DeleteItem", REGISTRY, "EVENTS#FACTORY#1"),
    ("internal", "dynamodb:UpdateItem", PUBLIC, "LOG_ENTRIES#0"),
    ("internal", "dynamodb:DeleteItem", PUBLIC, "LOG_CHECKPOINTS#"),
    ("internal", "dynamodb:BatchWriteItem", PUBLIC, "LOG_ENTRIES#0"),
    ("internal", "dynamodb:GetItem", OTHER_TABLE, ""),
    ("internal", "ses:SendRawEmail", THEIRS, ""),
    ("internal", "ses:SendEmail", OURS, ""),
    ("internal", "ses:VerifyDomainIdentity", "*", ""),
    ("internal", "s3:GetObject", f"{STORE}/uploads/F/1", ""),
    ("internal", "s3:PutObject", f"{STORE}/photos/F/1.jpg", ""),
    ("internal", "s3:PutObject", f"{OTHER_STORE}/uploads/F/1", ""),
    ("internal", "s3:PutBucketPolicy", STORE, ""),
    ("internal", "kms:Sign", RECEIPTS, ""),
    ("internal", "kms:ScheduleKeyDeletion", CREDENTIALS, ""),
    ("internal", "kms:PutKeyPolicy", CREDENTIALS, ""),
    ("internal", "iam:PassRole", "*", ""),
    ("internal", "lambda:UpdateFunctionCode", "*", ""),
    ("internal", "logs:DeleteLogGroup", log_of("internal"), ""),
    ("photos", "dynamodb:PutItem", REGISTRY, "FACTORY#1"),
    ("photos", "dynamodb:PutItem", PUBLIC, "PHOTOS#F"),
    ("photos", "dynamodb:GetItem", REGISTRY, "PHOTOS#F"),
    ("photos", "s3:GetObject", f"{STORE}/photos/F/1.jpg", ""),
    ("photos", "s3:DeleteObject", f"{STORE}/photos/F/1.jpg", ""),
    ("photos", "s3:PutObject", f"{STORE}/uploads/F/1", ""),
    ("photos", "kms:Sign", CREDENTIALS, ""),
]


@cache
def policy(role: str, former: bool = False) -> dict[str, Any]:
    """The policy of a role, with names in place of parameters; ``former``: with the tables and keys of before."""
    if role == "photos":
        template = yaml.safe_load((PROJECT / "infra" / "photos.yaml").read_text("utf-8"))
        held = template["Resources"]["Role"]["Properties"]["Policies"][0]["PolicyDocument"]
    else:
        held = json.loads((PROJECT / ".chalice" / f"policy-{role}.json").read_text("utf-8"))
        held["Statement"] = roles.with_former(held["Statement"])
    found: dict[str, Any] = filled(held, former)
    assert "${" not in json.dumps(found)
    return found


def filled(node: Any, former: bool) -> Any:
    """``node`` as CloudFormation fills it in; ``None`` for nothing."""
    if isinstance(node, str):
        for name, value in NAMES.items():
            node = node.replace(f"${{{name}}}", value)
        return node
    if isinstance(node, list):
        return [made for each in node if (made := filled(each, former)) is not None]
    if set(node) == {"Fn::Sub"}:
        return filled(node["Fn::Sub"], former)
    if set(node) == {"Fn::If"}:
        condition, then, otherwise = node["Fn::If"]
        assert condition.startswith("HasFormer")
        assert otherwise == {"Ref": "AWS::NoValue"}
        return filled(then, former) if former else None
    return {key: filled(value, former) for key, value in node.items()}


def decision(role: str, action: str, resource: str, partition: str, former: bool = False) -> str:
    """``Allow``, ``Deny`` or ``ImplicitDeny``."""
    context = {"dynamodb:leadingkeys": [partition]} if partition else {}
    who = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/session"
    asked = EvalContext(who, "AssumedRole", ACCOUNT, action, resource, REGION, service_context=context)
    return str(evaluate(asked, [parse_policy_document(json.dumps(policy(role, former)))]).decision)


@pytest.mark.parametrize(("role", "action", "resource", "partition"), MAY)
def test_a_role_may_do_what_it_has_to(role: str, action: str, resource: str, partition: str) -> None:
    assert decision(role, action, resource, partition) == "Allow"


@pytest.mark.parametrize(("role", "action", "resource", "partition"), MAY_NOT)
def test_a_role_may_do_nothing_else(role: str, action: str, resource: str, partition: str) -> None:
    assert decision(role, action, resource, partition) in ("Deny", "ImplicitDeny")


@pytest.mark.parametrize("role", FUNCTIONS)
def test_what_was_used_before_may_be_used_as_what_is_used_now_and_only_until_the_next_deploy(role: str) -> None:
    """So what answers while a deploy changes tables or keys goes on answering, and gets no other right by it."""
    asked = [(action, place, partition) for who, action, place, partition in (*MAY, *MAY_NOT) if who == role]
    for action, place, partition in asked:
        now = decision(role, action, place, partition, former=True)
        assert now == decision(role, action, place, partition)
        if place in FORMER:
            assert decision(role, action, FORMER[place], partition, former=True) == now, (action, place, partition)
            assert decision(role, action, FORMER[place], partition) != "Allow"


@pytest.mark.parametrize("role", FUNCTIONS)
def test_a_policy_with_what_was_used_before_fits_into_a_role(role: str) -> None:
    """IAM takes 10,240 characters, not counting spaces; names of tables and stacks may be longer than here."""
    assert len(json.dumps(policy(role, former=True), separators=(",", ":"))) < 7_000


@pytest.mark.parametrize("role", FUNCTIONS)
def test_every_permission_stands_in_the_table(role: str) -> None:
    """So nothing is granted that nobody named here; whoever grants more has to say what it must not reach."""
    granted = set()
    for statement in policy(role)["Statement"]:
        if statement["Effect"] == "Allow":
            actions, resources = statement["Action"], statement["Resource"]
            granted |= {
                (action, resource)
                for action in ([actions] if isinstance(actions, str) else actions)
                for resource in ([resources] if isinstance(resources, str) else resources)
            }
    named = [(action, resource) for who, action, resource, _ in MAY if who == role]
    unnamed = [
        (action, resource)
        for action, resource in granted
        if not any(action == each and _fits(resource, place) for each, place in named)
    ]
    assert unnamed == []


def _fits(pattern: str, place: str) -> bool:
    start, star, _ = pattern.partition("*")
    return place.startswith(start) if star else place == pattern
