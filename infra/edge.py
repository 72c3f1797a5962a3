"""The distribution in front of both surfaces: ``python -m infra.edge``, after ``infra.deploy``, makes or updates it.

``ORIGIN_SECRET`` in the environment is what the distribution sends, and what both surfaces are deployed with: of two,
a blank between, they take either, and it sends the first. What is not said stays as it is, and each release brings its
rules: so it goes with every deploy.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import yaml

from infra import firewall, operating, stack
from infra.stack import DeployError

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


def refuse_silence(before: str, wanted: str) -> None:
    """Raise ``DeployError`` if the public surface would be asked in another region, and nobody said so."""
    former, now = _region(before), _region(wanted)
    if former != now:
        raise DeployError(
            f"The distribution asks {former}, and this is {now}. Nothing was changed."
            f" If it is meant, say --change-region, too; else run it with AWS_DEFAULT_REGION={former}."
        )


def _region(host: str) -> str:
    """Of ``NAME.execute-api.REGION.amazonaws.com`` or ``NAME.lambda-url.REGION.on.aws``."""
    return "".join(host.split(".")[2:3])


FIRST = {"Domain": "--domain", "CertificateArn": "--certificate", "OriginSecret": "ORIGIN_SECRET"}
"""What nobody can guess when there is no distribution yet, and how it is said."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(
        prog="python -m infra.edge",
        description="Make or update the distribution in front of what is deployed here. What is not said stays.",
        epilog="ORIGIN_SECRET is taken from the environment.",
    )
    found.add_argument("--name", default="factory-id", help="as that of infra.deploy")
    found.add_argument("--domain", help="BaseUrl without https://")
    found.add_argument("--certificate", help="the ARN of the domain's certificate, of us-east-1")
    found.add_argument("--zone", help="the zone in Route 53 that gets the domain's addresses")
    found.add_argument("--change-region", action="store_true", help="it is to ask what is deployed in another region")
    return found


def main(arguments: list[str] | None = None) -> int:
    """The command line; its exit code."""
    told = parser().parse_args(arguments)
    return operating.in_one_line(lambda: _deploy(told), operating.DEPLOYING)


def _deploy(told: argparse.Namespace) -> int:
    session = boto3.Session()
    here, there = session.client("cloudformation"), session.client("cloudformation", region_name=REGION)
    found = {name: stack.outputs(here, f"{told.name}-{name}") for name in ("public", "internal", "photos")}
    public, internal, name = found["public"], found["internal"], f"{told.name}-edge"
    if not public or not internal:
        raise DeployError(f"{told.name}-public and {told.name}-internal are not both in this region: infra.deploy.")
    bucket = (found["photos"] or {}).get("PhotosBucket", "")
    said = {"Domain": told.domain, "CertificateArn": told.certificate, "HostedZoneId": told.zone}
    parameters = {
        **origins(public, internal),
        **{each: value for each, value in said.items() if value is not None},
        "PhotosOrigin": f"{bucket}.s3.{session.region_name}.amazonaws.com" if bucket else "",
    }
    if secrets := os.environ.get("ORIGIN_SECRET", "").split():
        parameters["OriginSecret"] = secrets[0]
    held = stack.parameters_of(there, name)
    missing = [how for each, how in FIRST.items() if each not in parameters]
    if missing and held is None:
        raise DeployError(f"There is no stack {name} yet, so say {', '.join(missing)}, too.")
    if held and not told.change_region:
        refuse_silence(held["PublicOrigin"], parameters["PublicOrigin"])
    document = template()
    made = stack.deploy(there, name, {"TemplateBody": json.dumps(document)}, parameters, document["Parameters"])
    for each, value in made.items():
        print(f"edge\t{each}\t{value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
