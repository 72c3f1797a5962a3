"""The only reader of environment variables."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set. ``infra/parameters.md`` has the same list for people."""

    surface: str  # SURFACE: public | internal | all
    base_url: str  # BASE_URL: where the public reaches this service, without a trailing slash
    registry_table: str  # REGISTRY_TABLE
    public_table: str  # PUBLIC_TABLE
    region: str  # AWS_REGION, set by Lambda
    dynamodb_endpoint: str | None  # DYNAMODB_ENDPOINT, else AWS's own variables: a local engine; unset in production
    access_key_id: str  # AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, set by Lambda
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    ca_bundle: str  # AWS_CA_BUNDLE: a file of certificate authorities to trust instead of the machine's
    container_credentials: str  # AWS_CONTAINER_CREDENTIALS_FULL_URI and its token, set by Lambda with SnapStart
    container_token: str = field(repr=False)
    ses_endpoint: str | None  # SES_ENDPOINT: likewise
    mail_from: str  # MAIL_FROM: the sender of invitations
    csrf_secret: str = field(repr=False)  # CSRF_SECRET: keys the tokens on portal forms, and IDs drawn for ICS sites
    mail_set: str | None  # MAIL_SET: the SES configuration set that tells which invitations came back
    sync_workers: int  # SYNC_WORKERS: the most transactions in flight while a batch is applied
    photos_bucket: str  # PHOTOS_BUCKET: the store that photos are sent to
    photos_url: str  # PHOTOS_URL: where photos are shown from, without a trailing slash; empty: there are none
    s3_endpoint: str | None  # S3_ENDPOINT: a local engine; unset in production
    signing_key: str  # SIGNING_KEY: the KMS key (ECC_NIST_P256) that signs credentials; empty: nothing is signed
    receipt_key: str  # RECEIPT_KEY: the KMS key that signs receipts, the public side's only one; empty: none are given
    kms_endpoint: str | None  # KMS_ENDPOINT: a local engine; unset in production
    scan_secret: str = field(repr=False)  # SCAN_SECRET: marks networks of scans for a day; empty: scans are not counted
    behind_cloudfront: bool  # BEHIND_CLOUDFRONT: "1" if nobody reaches the gateway but through CloudFront
    origin_secret: str = field(repr=False)  # ORIGIN_SECRET: sent by the distribution in front; empty: anybody may ask
    snapshot: bool  # AWS_LAMBDA_INITIALIZATION_TYPE, set by Lambda: whether a snapshot of this process will be taken
    index_pages: bool  # INDEX_PAGES: "0" asks search engines to stay away (demo, staging)

    @property
    def base_path(self) -> str:
        """The path under which the service lives: empty on its own domain, ``/api`` on a bare stage URL."""
        return _parts(self.base_url)[0]

    @property
    def host(self) -> str:
        """The name that a reader should see in the address bar."""
        return _parts(self.base_url)[1]


@lru_cache(maxsize=4)
def _parts(base_url: str) -> tuple[str, str]:
    split = urlsplit(base_url)
    return split.path.rstrip("/"), split.netloc


def load() -> Settings:
    """Read the environment once; a missing value gets the default of a developer's desk."""
    env = os.environ
    return Settings(
        surface=env.get("SURFACE", "all"),
        base_url=env.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        registry_table=env.get("REGISTRY_TABLE", "factory-id-registry"),
        public_table=env.get("PUBLIC_TABLE", "factory-id-public"),
        region=env.get("AWS_REGION", env.get("AWS_DEFAULT_REGION", "eu-central-1")),
        dynamodb_endpoint=env.get("DYNAMODB_ENDPOINT")
        or env.get("AWS_ENDPOINT_URL_DYNAMODB")
        or env.get("AWS_ENDPOINT_URL")
        or None,
        access_key_id=env.get("AWS_ACCESS_KEY_ID", ""),
        secret_access_key=env.get("AWS_SECRET_ACCESS_KEY", ""),
        session_token=env.get("AWS_SESSION_TOKEN", ""),
        ca_bundle=env.get("AWS_CA_BUNDLE", ""),
        container_credentials=env.get("AWS_CONTAINER_CREDENTIALS_FULL_URI", ""),
        container_token=env.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", ""),
        ses_endpoint=env.get("SES_ENDPOINT") or None,
        mail_from=env.get("MAIL_FROM", "Factory ID <no-reply@factory-id.example>"),
        mail_set=env.get("MAIL_SET") or None,
        csrf_secret=env.get("CSRF_SECRET", ""),
        sync_workers=int(env.get("SYNC_WORKERS", "8")),
        photos_bucket=env.get("PHOTOS_BUCKET", ""),
        photos_url=env.get("PHOTOS_URL", "").rstrip("/"),
        s3_endpoint=env.get("S3_ENDPOINT") or None,
        signing_key=env.get("SIGNING_KEY", ""),
        receipt_key=env.get("RECEIPT_KEY", ""),
        kms_endpoint=env.get("KMS_ENDPOINT") or env.get("AWS_ENDPOINT_URL_KMS") or env.get("AWS_ENDPOINT_URL") or None,
        scan_secret=env.get("SCAN_SECRET", ""),
        behind_cloudfront=env.get("BEHIND_CLOUDFRONT", "0") == "1",
        origin_secret=env.get("ORIGIN_SECRET", ""),
        snapshot=env.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start",
        index_pages=env.get("INDEX_PAGES", "1") != "0",
    )
