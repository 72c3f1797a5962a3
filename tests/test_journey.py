"""The main job, end to end."""

from __future__ import annotations

from tests.world import PRIVATE_EMAIL, World, audit_item


def test_from_the_first_audit_to_the_withdrawal_that_the_next_check_shows(world: World) -> None:
    # ICS pushes a batch; factories get their IDs.
    report = world.push(audit_item("S-1"), audit_item("S-2", factory={"name": "Second", "country": "IN"})).ok().json
    assert [row["outcome"] for row in report["results"]] == ["created", "created"]
    factory_id = report["results"][0]["factory_id"]

    # A member invites one; it accepts by the token in its mail.
    world.member("POST", "/internal/v1/invitations", {"email": PRIVATE_EMAIL, "factory_id": factory_id}).ok()
    [(address, token)] = world.mailed
    assert address == PRIVATE_EMAIL
    accepted = world.accept(token).ok()
    assert accepted.json["factory_id"] == factory_id
    owner = world.signed_in(accepted)

    # It completes its profile, and decides what is public.
    path = f"/internal/v1/factories/{factory_id}"
    before = owner.get(path).ok()
    said = {"local_name": "মেঘনা নিট", "processes": ["dyeing"], "address": "12 Mill Road"}
    completed = owner("PATCH", path, said, If_Match=before.etag).ok()
    assert completed.json["sources"]["local_name"]["source"] == "factory"
    assert owner("PATCH", path, {"city": "Gazipur"}, If_Match=before.etag).status == 412
    owner("PUT", f"{path}/privacy", {"address": "network"}, If_Match=completed.etag).ok()
    shown = world.anyone.get(f"/v1/factories/{factory_id}").ok().json
    assert shown["names"]["local"] == "মেঘনা নিট"
    assert "address" not in shown
    assert PRIVATE_EMAIL not in str(shown)

    # A certifier confirms its certificate, a member publishes a product, a QR code is made.
    code = world.a_certificate(factory_id)
    world.a_product(factory_id)
    picture = world.anyone.get(f"/qr/f/{factory_id}.svg").ok()
    assert picture.headers["content-type"] == "image/svg+xml"

    # A consumer scans: the page says who made it and that the certificate holds.
    page = world.anyone.get(f"/f/{factory_id}", Accept="text/html").ok()
    assert "Meghna S.T. Screen Ltd" in page.text
    assert "মেঘনা নিট" in page.text
    assert "Global Organic Textile" in page.text
    product = world.anyone.get("/01/09521234543213").ok().text
    assert "Meghna" in product
    assert "1 valid certificate today" in product

    # A buyer checks; the certifier withdraws; the very next check says so, everywhere.
    assert world.anyone.get(f"/v1/certificates/{code}").ok().json["status"] == "valid"
    world.certifier(
        "POST", f"/internal/v1/certificates/{code}/standing", {"standing": "withdrawn", "reason": "Fraud found"}
    ).ok()
    answer = world.anyone.get(f"/v1/certificates/{code}").ok()
    assert (answer.json["status"], answer.json["status_reason"]) == ("withdrawn", "Fraud found")
    assert answer.headers["cache-control"] == "no-store"
    assert "Withdrawn" in world.anyone.get(f"/c/{code}").ok().text
    assert world.anyone.get(f"/v1/factories/{factory_id}").ok().json["certificates"][0]["status"] == "withdrawn"
    assert "No confirmed certificate holds today" in world.anyone.get("/01/09521234543213").ok().text

    # The history says who did what, in order.
    events = world.certifier.get(f"/internal/v1/events?record={code}").ok().json["results"]
    assert [event["action"] for event in events] == ["confirmed", "standing"]
    assert events[1]["reason"] == "Fraud found"
