"""The certificate authorities that a public function trusts: those by which AWS's own endpoints are signed.

It speaks TLS with DynamoDB and KMS and with nobody else, and the machine's 140 authorities cost a starting function
more than all of Python's own start: 20 ms of CPU. They come from botocore's bundle, each known by its fingerprint.
"""

from __future__ import annotations

import hashlib
import re
import ssl
from importlib import resources
from pathlib import Path

FILE = "roots.pem"
WHERE = f"/var/task/{FILE}"
"""Where a function finds it: ``SSL_CERT_FILE`` in ``infra/merge-public.yaml``, which OpenSSL reads by itself."""
STARFIELD = "Starfield Services Root Certificate Authority - G2"
TRUSTED = {
    "Amazon Root CA 1": "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
    "Amazon Root CA 2": "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
    "Amazon Root CA 3": "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
    "Amazon Root CA 4": "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
    STARFIELD: "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
    "DigiCert Global Root CA": "4348a0e9444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c70161",
    "DigiCert Global Root G2": "cb3ccbb76031e5e0138f8dd39a23f9de47ffc35e43c1144cea27d46a5ab1cb5f",
    "DigiCert Global Root G3": "31ad6648f8104138c738f39ea4320133393e3a18cc02296ef97c2ac9ef6731d0",
}
"""Name → SHA-256 of the certificate. Amazon's own, the one that vouched for them first, and DigiCert's global ones,
should the endpoint of another partition be signed by those."""
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----\n.*?-----END CERTIFICATE-----\n", re.S)


def write(function: Path) -> None:
    """Write the bundle into a function. Raises LookupError if botocore's bundle lacks one of them."""
    bundle = resources.files("botocore").joinpath("cacert.pem").read_text(encoding="utf-8")
    found = {hashlib.sha256(ssl.PEM_cert_to_DER_cert(each)).hexdigest(): each for each in _PEM.findall(bundle)}
    lost = [name for name, fingerprint in TRUSTED.items() if fingerprint not in found]
    if lost:
        raise LookupError(f"botocore's bundle has no {', '.join(lost)}")
    (function / FILE).write_text("".join(found[each] for each in TRUSTED.values()), encoding="utf-8")
