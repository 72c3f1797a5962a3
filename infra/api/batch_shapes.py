"""The shapes of many certificates at once: a batch of rows and its reply, and a list."""

from __future__ import annotations

from chalicelib.domain.certificate import Outcome, Standing
from infra.api.shapes import DATE, TENANT, Schema, body, listed, nullable, one_of, record, ref, said, text, whole


def schemas() -> dict[str, Schema]:
    """All of them by name."""
    return {
        "CertificateRow": {
            "anyOf": [
                ref("CertificateRequest"),
                body(
                    {"standing": one_of(Standing), "reason": text()},
                    {"code": said("a code of ours"), "number": text(), "standard_id": TENANT, "effective": DATE},
                    about="A change of standing, of the certificate with this code, or this standard and number.",
                ),
            ]
        },
        # Each row is checked for itself: one that does not fit is answered `rejected`, and the others are applied.
        "CertificateBatch": body(
            {"rows": listed(ref("CertificateRow"), 500, 1)},
            about="Or text/csv with these members as headings, products with semicolons between them.",
        ),
        "CertificateBatchReply": record(
            {
                "counts": record({outcome.value: whole(0) for outcome in Outcome}),
                "results": listed(
                    record(
                        {
                            "index": whole(0, about="which row"),
                            "outcome": one_of(Outcome),
                            "code": nullable({"type": "string"}),
                            "factory_id": nullable({"type": "string"}),
                            "detail": nullable({"type": "string"}),
                        }
                    )
                ),
            }
        ),
        "CertificateRecords": record(
            {"results": listed(ref("CertificateRecord")), "next_cursor": nullable({"type": "string"})}
        ),
    }
