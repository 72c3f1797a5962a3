"""The firewall's rules: of the REST stages by themselves, or of the distribution in front of all (``infra/edge.yaml``).

Names may hold markup, webhooks are addresses, and the box on the home page takes anything that can be pasted. All of it
is escaped and checked where it is used, so rules that look for an attack in what somebody typed only count here. A
refusal by a firewall says nothing of what was wrong, and a certificate's status must not depend on its holder's name.

What the firewall sees is not kept: its samples and logs hold addresses, sessions and links with tokens.
"""

from __future__ import annotations

import re
from typing import Any, Literal

Scope = Literal["public", "internal", "edge"]
PAGES_PER_NETWORK, LOOKUPS_PER_NETWORK, SIGN_INS_PER_NETWORK = 3_000, 12_000, 100
CALLS_PER_KEY, CALLS_PER_NETWORK = 6_000, 12_000
"""In five minutes. A whole trade fair, or the customers of a mobile carrier, may share an address.

Who calls may write something else into ``Authorization`` each time: hence both. What a network may call is 40 a second,
so that none alone fills a stage that lets through 100.
"""
STRANGERS_PER_NETWORK = 100
STRANGERS = ("/portal/reports", "/portal/watch", "/portal/factories/*/write")
"""Where anybody writes without signing in. What all may write in an hour is limited: no network uses it up alone."""
SMALL_BODY = 8_192
BULK = ("/verify", "/v1/verify", "/receipts", "/v1/receipts/check")
"""The public addresses that take more than a few kilobytes; the routes themselves say how much."""
_PLAIN = [{"Priority": 0, "Type": "NONE"}]
INSIDE = ("/internal/", "/portal")
COUNTED = (
    # What somebody typed or sent: text with markup, addresses of webhooks, batches.
    "SizeRestrictions_BODY",
    "CrossSiteScripting_BODY",
    "CrossSiteScripting_QUERYARGUMENTS",
    "GenericLFI_BODY",
    "GenericLFI_QUERYARGUMENTS",
    "GenericRFI_BODY",
    "GenericRFI_QUERYARGUMENTS",
    "EC2MetaDataSSRF_BODY",
    "EC2MetaDataSSRF_QUERYARGUMENTS",
    "RestrictedExtensions_QUERYARGUMENTS",
    # Serial numbers and lots stand in the address of a product, as their maker chose them.
    "CrossSiteScripting_URIPATH",
    "RestrictedExtensions_URIPATH",
    "GenericRFI_URIPATH",
    # Scanners at a goods entrance send none.
    "NoUserAgent_HEADER",
)


def web_acl(scope: Scope, kind: str, name: Any) -> dict[str, Any]:
    """The properties of a WebACL. ``kind``: ``REGIONAL`` or ``CLOUDFRONT``."""
    rules = [*_sizes(scope), *_rates(scope), *_managed()]
    return {
        "Name": name,
        "Scope": kind,
        "DefaultAction": {"Allow": {}},
        "Description": "Rates, sizes, and what Amazon knows to be an attack.",
        "Rules": [{**rule, "Priority": number} for number, rule in enumerate(rules)],
        "VisibilityConfig": _seen("All"),
    }


def _seen(name: str) -> dict[str, Any]:
    return {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": True, "MetricName": name}


def _rule(name: str, statement: dict[str, Any]) -> dict[str, Any]:
    return {"Name": name, "Action": {"Block": {}}, "Statement": statement, "VisibilityConfig": _seen(name)}


def _sizes(scope: Scope) -> list[dict[str, Any]]:
    """Bodies of the public surface are small but for a few addresses; those of the inside are measured inside."""
    if scope == "internal":
        return []
    few = [_not(_path(*BULK, whole=True)), *([_not(_path(*INSIDE))] if scope == "edge" else [])]
    size = {
        "FieldToMatch": {"Body": {"OversizeHandling": "MATCH"}},
        "ComparisonOperator": "GT",
        "Size": SMALL_BODY,
        "TextTransformations": _PLAIN,
    }
    return [_rule("BodyTooLarge", {"AndStatement": {"Statements": [*few, {"SizeConstraintStatement": size}]}})]


def _rates(scope: Scope) -> list[dict[str, Any]]:
    """By network, and machines with keys by key, too: several of them may come from one network."""
    made = []
    if scope != "public":
        by_key = {
            "AggregateKeyType": "CUSTOM_KEYS",
            "CustomKeys": [{"Header": {"Name": "authorization", "TextTransformations": _PLAIN}}],
        }
        made += [
            _rule("EachNetworkCalls", _rate(CALLS_PER_NETWORK, _path("/internal/"))),
            _rule("EachKey", _rate(CALLS_PER_KEY, _path("/internal/"), by_key)),
            _rule("SignIns", _rate(SIGN_INS_PER_NETWORK, _path("/portal/sign-in"))),
            _rule("Strangers", _rate(STRANGERS_PER_NETWORK, _path(*STRANGERS))),
        ]
    if scope != "internal":
        made.append(_rule("EachNetworkLooksUp", _rate(LOOKUPS_PER_NETWORK, _path("/v1/"))))
    return [*made, _rule("EachNetwork", _rate(PAGES_PER_NETWORK, _not(_path("/v1/", "/internal/"))))]


def _rate(limit: int, within: dict[str, Any], keys: dict[str, Any] | None = None) -> dict[str, Any]:
    counted = {"Limit": limit, "EvaluationWindowSec": 300, "ScopeDownStatement": within}
    return {"RateBasedStatement": {**counted, **(keys or {"AggregateKeyType": "IP"})}}


def _managed() -> list[dict[str, Any]]:
    return [
        _group("AWSManagedRulesCommonRuleSet", COUNTED),
        _group("AWSManagedRulesKnownBadInputsRuleSet", ()),
    ]


def _group(name: str, counted: tuple[str, ...]) -> dict[str, Any]:
    overrides = [{"Name": rule, "ActionToUse": {"Count": {}}} for rule in counted]
    group = {"VendorName": "AWS", "Name": name, **({"RuleActionOverrides": overrides} if overrides else {})}
    return {
        "Name": name,
        "OverrideAction": {"None": {}},
        "Statement": {"ManagedRuleGroupStatement": group},
        "VisibilityConfig": _seen(name),
    }


def _path(*paths: str, whole: bool = False) -> dict[str, Any]:
    """Whether an address begins with one of ``paths``, or is one; ``*`` is any name. A bare stage may stand before."""
    wanted = "|".join(re.escape(path).replace(r"\*", "[^/]+") for path in paths)
    match = {
        "FieldToMatch": {"UriPath": {}},
        "RegexString": f"^(/api)?({wanted}){'/?$' if whole else ''}",
        "TextTransformations": [{"Priority": 0, "Type": "LOWERCASE"}],
    }
    return {"RegexMatchStatement": match}


def _not(statement: dict[str, Any]) -> dict[str, Any]:
    return {"NotStatement": {"Statement": statement}}
