"""AWS Signature Version 4 for services with a JSON protocol: always POST to ``/`` with no query.

By hand, because botocore's import and client cost a starting function more than all the rest of it; botocore's own
signer is the oracle of the tests. Source: AWS IAM User Guide, "Create a signed AWS API request".
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Service:
    """A service of AWS: its name in addresses and signatures, what begins an operation's name, its media type."""

    name: str
    operations: str
    media: str


DYNAMODB = Service("dynamodb", "DynamoDB_20120810", "application/x-amz-json-1.0")
KMS = Service("kms", "TrentService", "application/x-amz-json-1.1")


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key; ``token`` is empty for one that is not temporary."""

    key_id: str
    secret: str
    token: str = ""


def headers(
    given: Credentials, region: str, host: str, service: Service, operation: str, body: bytes, moment: datetime
) -> list[tuple[str, str]]:
    """The headers of a signed request, but for Host and Content-Length. ``operation``: ``GetItem``."""
    target = f"{service.operations}.{operation}"
    stamp = moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    signed = f"content-type:{service.media}\nhost:{host}\nx-amz-date:{stamp}\n"
    names = "content-type;host;x-amz-date"
    if given.token:
        signed += f"x-amz-security-token:{given.token}\n"
        names += ";x-amz-security-token"
    signed += f"x-amz-target:{target}\n"
    names += ";x-amz-target"
    canonical = f"POST\n/\n\n{signed}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{stamp[:8]}/{region}/{service.name}/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = _signing_key(given.secret, stamp[:8], region, service.name)
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    made = [
        ("Content-Type", service.media),
        ("X-Amz-Date", stamp),
        ("X-Amz-Target", target),
        (
            "Authorization",
            f"AWS4-HMAC-SHA256 Credential={given.key_id}/{scope}, SignedHeaders={names}, Signature={signature}",
        ),
    ]
    if given.token:
        made.append(("X-Amz-Security-Token", given.token))
    return made


@lru_cache(maxsize=8)
def _signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
