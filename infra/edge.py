"""The distribution in front of both surfaces: ``python -m infra.edge``, after ``infra.deploy``, makes or updates it.

``ORIGIN_SECRET`` in the environment is what the distribution sends, and what both surfaces are deployed with: of two,
a blank between, they take either, and it sends the first.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import yaml

from infra import firewall, stack

TEMPLATE = Path(__file__).with_name("edge.yaml")
REGION = "us-east-1"
# Amazon's own policies: nothing is kept; all headers but Host are handed on; what S3 says is kept as S3 says.
NOT_CACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
OPTIMISED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
EVERY_METHOD = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
INSIDE = ("/portal*", "/internal*")
DOCUMENTS = (
    "/v1/*",
    "/qr/*.svg",
    "/badge/*",
    "/credentials/*",
    "/log/*",
    "/.well-known/*",
    "/scan/*",
    "/did.json",
    "/openapi.json",
    "/robots.txt",
    "/sitemap*",
)
"""Where what may be stored is the same for everybody. What is not named here differs by language, until it is."""
BY_LANGUAGE = ("/v1/resources*",)
"""What differs by language all the same."""


def template() -> dict[str, Any]:
    """The whole template."""
    made: dict[str, Any] = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
    resources = made["Resources"]
    name = {"Fn::Sub": "${AWS::StackName}-firewall"}
    resources["Firewall"]["Properties"] = firewall.web_acl("edge", "CLOUDFRONT", name)
    resources["Distribution"]["Properties"]["DistributionConfig"]["CacheBehaviors"] = behaviours()
    return made


def behaviours() -> list[dict[str, Any]]:
    """Which addresses are answered by which origin, and what of an answer is kept; the first that fits counts."""
    inside = [
        _behaviour(path, "internal", EVERY_METHOD, CachePolicyId=NOT_CACHED, OriginRequestPolicyId=ALL_BUT_HOST)
        for path in INSIDE
    ]
    photos = _behaviour("/photos/*", "photos", ["GET", "HEAD"], CachePolicyId=OPTIMISED)
    kinds = (("Pages", "Asked", BY_LANGUAGE), ("Documents", "AskedOfDocuments", DOCUMENTS))
    public = [
        _behaviour(path, "public", EVERY_METHOD, CachePolicyId={"Ref": policy}, OriginRequestPolicyId={"Ref": asked})
        for policy, asked, paths in kinds
        for path in paths
    ]
    return [*inside, {"Fn::If": ["HasPhotos", photos, {"Ref": "AWS::NoValue"}]}, *public]


def _behaviour(path: str, origin: str, methods: list[str], **policies: Any) -> dict[str, Any]:
    return {
        "PathPattern": path,
        "TargetOriginId": origin,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": methods,
        "CachedMethods": ["GET", "HEAD"],
        "Compress": True,
        **policies,
    }


def origins(public: dict[str, str], internal: dict[str, str]) -> dict[str, str]:
    """The parameters that follow from the outputs of both surfaces' stacks: whichever road the public one has."""
    address = urlsplit(public.get("EndpointURL") or public.get("HttpURL") or public["FunctionURL"])
    return {
        "PublicOrigin": address.netloc,
        "PublicPath": address.path.rstrip("/"),
        "InternalOrigin": urlsplit(internal["EndpointURL"]).netloc,
    }


def told(environment: Mapping[str, str], found: Mapping[str, Any], name: str) -> dict[str, str]:
    """The parameters that follow from the surfaces and the environment. Raises ``LookupError``: what is missing."""
    secret = environment.get("ORIGIN_SECRET", "").split()
    if not secret:
        raise LookupError(
            "Say in ORIGIN_SECRET what the distribution is to send, and deploy both surfaces with it first:"
            " export ORIGIN_SECRET=$(openssl rand -hex 32)"
        )
    for surface in ("public", "internal"):
        if not found[surface]:
            raise LookupError(
                f"There is no stack {name}-{surface}: deploy both surfaces first, python -m infra.deploy."
            )
    return {**origins(found["public"], found["internal"]), "OriginSecret": secret[0]}


def main() -> int:
    """The command line; its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="factory-id", help="as that of infra.deploy")
    parser.add_argument("--domain", required=True, help="BaseUrl without https://")
    parser.add_argument("--certificate", required=True, help="the ARN of the domain's certificate, of us-east-1")
    parser.add_argument("--zone", help="the zone in Route 53 that gets the domain's addresses; unless told: as before")
    arguments = parser.parse_args()
    session = boto3.Session()
    here = session.client("cloudformation")
    found = {name: stack.outputs(here, f"{arguments.name}-{name}") or {} for name in ("public", "internal", "photos")}
    bucket = found["photos"].get("PhotosBucket", "")
    try:
        following = told(os.environ, found, arguments.name)
    except LookupError as error:
        print(error, file=sys.stderr)
        return 2
    parameters = {
        **following,
        "Domain": arguments.domain,
        "CertificateArn": arguments.certificate,
        "PhotosOrigin": f"{bucket}.s3.{session.region_name}.amazonaws.com" if bucket else "",
    }
    if arguments.zone is not None:
        parameters["HostedZoneId"] = arguments.zone
    there = session.client("cloudformation", region_name=REGION)
    document = template()
    template_body = {"TemplateBody": json.dumps(document)}
    made = stack.deploy(there, f"{arguments.name}-edge", template_body, parameters, document["Parameters"])
    for name, value in made.items():
        print(f"edge\t{name}\t{value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
