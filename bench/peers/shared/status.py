"""The rule for a certificate's status, as the peers have it."""

from datetime import date


def status_on(certificate, day):
    standing = certificate["history"][-1]["standing"] if certificate["history"] else "active"
    if standing in ("withdrawn", "suspended"):
        return standing
    if date.fromisoformat(certificate["valid_to"]) < day:
        return "expired"
    return "not_yet_valid" if date.fromisoformat(certificate["valid_from"]) > day else "valid"


def document(certificate, day):
    return {
        "code": certificate["code"],
        "number": certificate["number"],
        "standard": {"id": certificate["standard_id"], "name": certificate["standard_name"]},
        "certifier": certificate["certifier"],
        "holder": {"factory_id": certificate["holder_id"], "name": certificate["holder_name"]},
        "scope": certificate["scope"],
        "products": list(certificate["products"]),
        "valid_from": certificate["valid_from"],
        "valid_to": certificate["valid_to"],
        "status": status_on(certificate, day),
        "on": day.isoformat(),
        "confirmed_by_certifier": certificate["confirmed"],
        "history": [dict(change) for change in certificate["history"]],
    }
