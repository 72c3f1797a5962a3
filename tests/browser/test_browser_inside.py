"""What people do behind the sign-in, and what others write to them, done in a browser on the demo world."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from chalicelib.domain import identity
from chalicelib.web import contact_words, form_words
from tests.browser import qr_reading
from tests.browser.demo import Demo

pytestmark = pytest.mark.xdist_group("browser")

STREET = "9 Canal Embankment"
TOWNS = ("Ashuganj", "Bhairab", "Narsingdi")


def test_a_list_invites_factories_and_one_joins_hides_its_street_and_leaves_the_network_again(
    demo: Demo, signed_in: Callable[[str], Page], make_context: Any
):
    member, factory = signed_in("member"), make_context().new_page()
    run = secrets.token_hex(4)
    mails = {f"{town} {run} Knits Ltd": f"{run}@{town.lower()}.example" for town in TOWNS}

    # The list is looked at: its bad row is shown with the reason, and nobody has got a mail.
    _look_at_list(member, demo, mails, f"Bad Row {run}")
    expect(member.get_by_role("heading", level=1)).to_have_text("Before anything is sent")
    expect(member.locator("ol.rows > li")).to_have_count(4)
    expect(member.locator("ol.rows .wrong")).to_have_count(1)
    expect(member.locator("ol.rows .wrong")).to_contain_text(f"Bad Row {run}")
    expect(member.locator("ol.rows .wrong .fault")).to_contain_text("E-mail address")
    assert [demo.mails_to(address) for address in mails.values()] == [[], [], []]

    # The good ones are sent, each to its own address; the bad one comes back to be mended.
    member.get_by_role("button", name="Send 3 rows").click()
    expect(member.get_by_role("heading", level=1)).to_have_text("What came of your list")
    for named, address in mails.items():
        (mail,) = demo.mails_to(address)
        assert named in mail["BodyText"]
    left = member.get_by_label("Or paste the list").input_value()
    assert "no address" in left
    assert not any(address in left for address in mails.values())

    # One accepts, fills its profile in, hides its street and publishes.
    factory.goto(demo.link_mailed_to(f"{run}@bhairab.example"))
    expect(factory.get_by_role("heading", level=1)).to_contain_text(f"Bhairab {run} Knits Ltd")
    factory.get_by_role("button", name="Accept and go on").click()
    expect(factory.get_by_role("status")).to_contain_text("Welcome")
    name, website = f"Bhairab {run} River Knits Ltd", f"https://{run}.bhairab.example/"
    _fill_in(factory, {"Legal name": name, "Town or city": "Bhairab Bazar", "Website": website})
    expect(factory.get_by_role("heading", level=1)).to_have_text(name)
    factory_id = _factory_id(factory)
    assert factory.request.get(demo.url(f"/f/{factory_id}")).status == 404
    _hide_street_and_publish(factory)
    expect(factory.get_by_role("heading", level=1)).to_have_text(name)
    expect(factory.get_by_role("link", name=website)).to_be_visible()
    assert STREET not in factory.content()

    # The member finds its supplier, and not the street.
    listed = _looked_up(member, demo, name)
    expect(listed).to_contain_text("Bhairab Bazar")
    assert STREET not in member.content()
    listed.get_by_role("link", name=name).click()
    expect(member.get_by_role("heading", level=1)).to_have_text(name)
    assert STREET not in member.content()

    # The factory ends the link, asked first; the member no longer has it.
    factory.goto(f"{demo.base}/portal/factories/{factory_id}/privacy")
    factory.get_by_role("link", name=re.compile("^End the link to ")).click()
    expect(_looked_up(member, demo, name)).to_be_visible()
    factory.get_by_role("button", name="End the link").click()
    expect(factory.get_by_role("status")).to_contain_text("The link is ended.")
    expect(_looked_up(member, demo, name)).to_have_count(0)
    expect(member.get_by_role("heading", name="No supplier fits")).to_be_visible()


def _look_at_list(member: Page, demo: Demo, mails: dict[str, str], bad: str) -> None:
    """Upload a list of factories to invite, among them one without an address."""
    rows = [f"{address},{named},BD,en" for named, address in mails.items()]
    rows.insert(1, f"no address,{bad},BD,en")
    content = "\r\n".join(["email,name,country,language", *rows]).encode()
    member.goto(f"{demo.base}/portal")
    member.get_by_role("link", name="Invitations").click()
    member.get_by_role("link", name="Invite many from a list").click()
    member.get_by_label("A file, CSV or XLSX").set_input_files(
        {"name": "suppliers.csv", "mimeType": "text/csv", "buffer": content}
    )
    member.get_by_role("button", name="Look at the list").click()


def _fill_in(factory: Page, typed: dict[str, str]) -> None:
    """Fill a profile in, with its street."""
    for label, text in {**typed, "Street and number": STREET}.items():
        factory.get_by_label(label).fill(text)
    factory.get_by_role("button", name="Save", exact=True).click()
    expect(factory.get_by_role("status")).to_contain_text("Saved.")
    expect(factory.get_by_label("Street and number")).to_have_value(STREET)


def _hide_street_and_publish(factory: Page) -> None:
    """From the profile to the public page."""
    factory.get_by_role("link", name="Who sees what", exact=True).click()
    factory.locator("#seen-address").get_by_label(form_words.AUDIENCES["private"]).check()
    factory.get_by_role("button", name="Save who sees what").click()
    expect(factory.get_by_role("status")).to_contain_text("Saved.")
    factory.get_by_role("link", name="Profile", exact=True).click()
    factory.get_by_role("button", name="Publish").click()
    expect(factory.get_by_role("status")).to_contain_text("Your page is public.")
    factory.get_by_role("link", name="See it").click()


def test_a_certifier_withdraws_a_certificate_that_it_found_and_the_next_look_says_so_and_why(
    demo: Demo, signed_in: Callable[[str], Page], phone: Page
):
    code = demo.new_certificate(demo.new_factory("INSIDE-HELD", name="Held Mills Ltd"), "KM-INSIDE")
    phone.goto(demo.url(f"/c/{code}"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Valid")
    number = phone.locator(".compare strong").first.inner_text()
    reason = "Dye house closed without notice"

    certifier = signed_in("certifier")
    certifier.goto(f"{demo.base}/portal")
    certifier.get_by_role("link", name="Certificates", exact=True).click()
    certifier.get_by_label("Number").fill(number.lower())
    certifier.get_by_role("button", name="Show").click()
    expect(certifier.locator("main .item")).to_have_count(1)
    certifier.locator("main .item a").click()
    certifier.get_by_label("Withdrawn").check()
    certifier.get_by_label("Reason, as everybody will read it").fill(reason)
    certifier.get_by_role("button", name="Go on").click()
    expect(certifier.get_by_role("heading", level=1)).to_have_text("Is this right?")
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Valid")
    certifier.get_by_role("button", name="Yes, record it").click()
    expect(certifier.get_by_role("status")).to_contain_text("Recorded.")

    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Withdrawn")
    expect(phone.locator(".panel")).to_contain_text(reason)


def test_staff_merge_two_records_whose_printed_codes_both_lead_to_one_until_it_is_undone(
    demo: Demo, signed_in: Callable[[str], Page], phone: Page
):
    left = demo.new_factory("INSIDE-LEFT", name="Turag Mill Ltd", address="1 Old Road")
    stays = demo.new_factory("INSIDE-STAYS", name="Turag Mills Limited", address="1 Old Road, Block B")
    printed = {each: _scanned(phone, demo, each) for each in (left, stays)}
    before = {each: _page_of(phone, url) for each, url in printed.items()}
    assert [heading for heading, _ in before.values()] == ["Turag Mill Ltd", "Turag Mills Limited"]
    assert [banner for _, banner in before.values()] == ["", ""]

    # Both records are compared side by side; without a reason nothing happens, and what was typed stays.
    staff = signed_in("staff")
    staff.goto(f"{demo.base}/portal")
    staff.get_by_role("link", name="Factories", exact=True).click()
    staff.get_by_label("Factory ID, ICS site number, GLN or name").fill(identity.shown(left).lower())
    staff.get_by_role("button", name="Find").click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("Turag Mill Ltd")
    staff.get_by_role("link", name="Merge into another record").click()
    staff.get_by_label("The other Factory ID").fill(identity.shown(stays).lower())
    staff.get_by_role("button", name="Compare both").click()
    streets = staff.locator("dl.compared .differ").filter(has_text="Street and number")
    expect(streets.locator("dd")).to_have_text(["1 Old Road", "1 Old Road, Block B"])
    expect(staff.locator("dl.compared > div").filter(has_text="Country")).not_to_contain_text("differs")
    staff.get_by_role("button", name="Merge into another record").click()
    expect(staff.get_by_role("alert")).to_contain_text("Reason")
    assert _page_of(phone, printed[left]) == before[left]
    staff.get_by_label("Reason").fill("One mill, audited under two site numbers")
    staff.get_by_role("button", name="Merge into another record").click()
    expect(staff.get_by_role("status")).to_contain_text("Merged.")

    # The code on the wall of either leads to the one that stays.
    heading, banner = _page_of(phone, printed[left])
    assert heading == "Turag Mill Ltd"
    assert "merged into another" in banner
    phone.locator(".banner a").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Turag Mills Limited")
    expect(phone.locator("main")).to_contain_text("were merged into this one")
    assert _page_of(phone, printed[stays]) == ("Turag Mills Limited", "")
    expect(phone.locator("main")).to_contain_text(identity.shown(left))

    # Undone, each is again what it was.
    staff.get_by_role("link", name="Undo the merge").click()
    staff.get_by_label("Reason").fill("Two mills after all")
    staff.get_by_role("button", name="Undo the merge").click()
    expect(staff.get_by_role("status")).to_contain_text("Undone.")
    assert {each: _page_of(phone, url) for each, url in printed.items()} == before
    expect(phone.locator("main")).not_to_contain_text(identity.shown(left))


def test_a_buyer_without_an_account_writes_to_a_factory_whose_address_no_page_shows(
    demo: Demo, make_context: Any, phone: Page
):
    run = secrets.token_hex(4)
    owner, buyer = f"{run}@shitalakhya.example", f"{run}@buyer.example"
    factory_id = demo.new_factory("INSIDE-WRITTEN", name="Shitalakhya Weaving Ltd")
    demo.api("member").send("POST", "/internal/v1/invitations", {"email": owner, "factory_id": factory_id})
    office = make_context().new_page()
    office.goto(demo.link_mailed_to(owner))
    office.get_by_role("button", name="Accept and go on").click()
    seen = []

    # The form forgets nothing over a mistake, and nothing leaves before the buyer's address is confirmed.
    phone.goto(demo.url(f"/f/{factory_id}"))
    seen.append(phone.content())
    phone.get_by_role("link", name="Write to this factory").click()
    seen.append(phone.content())
    message = f"Do you weave 40 000 m of twill a month? ({run})"
    phone.get_by_label("Your message").fill(message)
    phone.get_by_label("Your name").fill("Jeanne Acheteuse")
    phone.get_by_label("Your company").fill("Atelier Lin")
    phone.get_by_label("Your e-mail address").fill("jeanne at buyer")
    phone.get_by_role("button", name="Go on: confirm my address").click()
    expect(phone.get_by_role("alert")).to_contain_text("Your e-mail address")
    expect(phone.get_by_label("Your message")).to_have_value(message)
    phone.get_by_label("Your e-mail address").fill(buyer)
    phone.get_by_role("button", name="Go on: confirm my address").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    seen.append(phone.content())
    for _ in range(2):
        phone.goto(demo.link_mailed_to(buyer))
        expect(phone.locator("main")).to_contain_text(message)
    seen.append(phone.content())
    assert [mail for mail in demo.mails_to(owner) if message in mail["BodyText"]] == []

    # The button sends it: the factory has it in its mailbox, and answers to the buyer.
    phone.get_by_role("button", name="Send the letter").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your letter is on its way")
    seen.append(phone.content())
    (letter,) = [mail for mail in demo.mails_to(owner) if message in mail["BodyText"]]
    if demo.post is not None:
        assert demo.post.mail(owner, letter["Subject"])["Reply-To"] == buyer
    assert "Atelier Lin" in letter["BodyText"]
    assert not any(owner in each for each in seen)
    assert all(owner not in mail["BodyText"] for mail in demo.mails_to(buyer))
    phone.goto(demo.link_mailed_to(buyer))
    expect(phone.get_by_role("button", name="Send the letter")).to_have_count(0)


def test_a_mismatch_reported_from_a_certificates_page_is_decided_by_staff(
    demo: Demo, signed_in: Callable[[str], Page], phone: Page
):
    run = secrets.token_hex(4)
    holder = demo.new_factory("INSIDE-REPORTED", name=f"Reported {run} Mills Ltd")
    code = demo.new_certificate(holder, "KM-REPORTED")
    told = f"The paper names another town ({run})"
    phone.goto(demo.url(f"/c/{code}"))
    phone.get_by_role("link", name="Report that something does not match").click()
    phone.get_by_label("What did you see?").fill(told)
    phone.get_by_role("button", name="Send the report").click()
    expect(phone.get_by_role("alert")).to_contain_text("What is wrong?")
    expect(phone.get_by_label("What did you see?")).to_have_value(told)
    phone.get_by_label(contact_words.COMPLAINTS["paper_differs"]).check()
    phone.get_by_role("button", name="Send the report").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you for the report")
    reference = phone.locator("main .code").inner_text()

    staff = signed_in("staff")
    staff.goto(f"{demo.base}/portal")
    staff.get_by_role("link", name="To be decided", exact=True).click()
    _reported(staff, reference).click()
    expect(staff.locator("main")).to_contain_text(told)
    staff.get_by_role("button", name="Decide").click()
    expect(staff.get_by_role("alert")).to_contain_text("Your decision")
    staff.get_by_label("Nothing to be done").check()
    staff.get_by_label("Reason").fill("The certifier says: the paper is a former one")
    staff.get_by_role("button", name="Decide").click()
    expect(staff.get_by_role("status")).to_contain_text("Decided.")
    expect(staff.locator(f"main a[href*='{reference}']")).to_have_count(0)
    staff.get_by_role("navigation", name="Which ones").get_by_role("link", name="Decided", exact=True).click()
    staff.locator(f"main a[href*='{reference}']").click()
    expect(staff.locator("main")).to_contain_text("The certifier says: the paper is a former one")
    expect(staff.get_by_role("button", name="Decide")).to_have_count(0)


def _factory_id(page: Page) -> str:
    """Whose page of the portal is open."""
    found = re.search(r"/portal/factories/([^/?]+)", page.url)
    assert found
    return found.group(1)


def _looked_up(member: Page, demo: Demo, name: str) -> Locator:
    """The line of a supplier in a member's list, searched by its name."""
    member.goto(f"{demo.base}/portal/network")
    member.get_by_role("search").get_by_role("searchbox").fill(name)
    member.get_by_role("button", name="Show").click()
    return member.locator("main li.item").filter(has_text=name)


def _scanned(phone: Page, demo: Demo, factory_id: str) -> str:
    """Where the printed code of a factory leads."""
    phone.goto(demo.url(f"/qr/f/{factory_id}.svg?size=60"))
    return qr_reading.read(phone.screenshot())


def _page_of(phone: Page, url: str) -> tuple[str, str]:
    """Heading and banner of the page that a code leads to."""
    phone.goto(url)
    banner = phone.locator("main .banner")
    return phone.get_by_role("heading", level=1).inner_text(), banner.inner_text() if banner.count() else ""


def _reported(staff: Page, reference: str) -> Locator:
    """The line of a report in the queue, on whichever of its pages it stands."""
    line, more = staff.locator(f"main a[href*='{reference}']"), staff.get_by_role("link", name="More of them")
    expect(line.or_(more).first).to_be_visible()
    while not line.count():
        with staff.expect_navigation():
            more.click()
    return line
