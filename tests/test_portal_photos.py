"""A factory's photos in the portal and in public. See SAFETY, Profile: uploads; Mechanisms 9: one origin, one page."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import EndpointConnectionError

from chalicelib import settings
from chalicelib.domain import photo
from chalicelib.internal import uploads
from chalicelib.store import keys
from chalicelib.store.models import RegistryItem
from chalicelib.store.registry import factories, history
from chalicelib.web import shown
from tests.portal_browser import Browser, filled, invited

pytest_plugins = ["tests.conftest_portal"]

FROM = "https://photos.factory-id.example"
ONE, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def takes_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = replace(settings.load(), photos_bucket="photos", photos_url=FROM)
    monkeypatch.setattr(shown, "SETTINGS", chosen)
    monkeypatch.setattr("chalicelib.public.facts.SETTINGS", chosen)
    monkeypatch.setattr(settings, "load", lambda: chosen)
    monkeypatch.setattr(uploads, "delete", lambda _keys: None)


def arrives(factory_id: str, photo_id: str = ONE, **said: object) -> None:
    """What the photos' own function says of an upload."""
    key = keys.photo(factory_id, photo_id)
    body = {"photo_id": photo_id, "state": "ready", "width": 30, "height": 40, **said}
    RegistryItem(key.pk, key.sk, body=body).save()


def policy(answer: SimpleNamespace, directive: str) -> str:
    return re.search(rf"{directive} ([^;]*)", answer.headers["Content-Security-Policy"]).group(1)


@pytest.mark.usefixtures("takes_photos")
def test_the_form_sends_one_file_of_limited_size_to_a_place_of_its_own_for_ten_minutes(
    runner: SimpleNamespace,
) -> None:
    path = f"{runner.home}/photos"
    answer = runner.browser.get(path)
    form = filled(answer.text)
    said = json.loads(base64.b64decode(form["policy"]))
    assert ["content-length-range", 1, photo.MOST_BYTES] in said["conditions"]
    assert {"key": form["key"]} in said["conditions"]
    assert {"bucket": "photos"} in said["conditions"]
    assert {"Content-Type": "application/octet-stream"} in said["conditions"]
    assert re.fullmatch(rf"uploads/{runner.factory_id}/[0-9a-f]{{32}}", form["key"])
    assert form["success_action_redirect"] == f"http://127.0.0.1:8000{path}?sent={form['key'].rpartition('/')[2]}"
    assert len(form["x-amz-signature"]) == 64
    assert "csrf_token" not in form
    assert form["key"] != filled(runner.browser.get(path).text)["key"]
    assert policy(answer, "form-action") == "'self' https://photos.s3.eu-central-1.amazonaws.com"
    assert policy(answer, "img-src") == f"'self' data: {FROM}"
    for other in (runner.profile, f"/f/{runner.factory_id}"):
        elsewhere = runner.browser.get(other)
        assert policy(elsewhere, "form-action") == "'self'"
        assert policy(elsewhere, "img-src") == "'self' data:"


@pytest.mark.usefixtures("takes_photos")
def test_a_photo_shows_once_somebody_said_what_it_shows_and_on_a_page_of_its_own(runner: SimpleNamespace) -> None:
    path, public = f"{runner.home}/photos", f"/f/{runner.factory_id}"
    assert "is being looked at" in runner.browser.get(f"{path}?sent={ONE}").text
    arrives(runner.factory_id)
    assert "is being looked at" not in runner.browser.get(f"{path}?sent={ONE}").text
    nameless = runner.browser.send(path, number=1)
    assert nameless.status == 400
    assert f'<a href="#about-{ONE}">What it shows:' in nameless.text
    assert runner.browser.send(path, number=1, about="The <b>hall</b>").status == 303
    page = runner.browser.get(public).text
    assert "Photos (1)" in page
    assert "<img" not in page
    photos = runner.browser.get(f"{public}/photos")
    assert f'src="{FROM}/photos/{runner.factory_id}/{ONE}.jpg" alt="The &lt;b&gt;hall&lt;/b&gt;"' in photos.text
    assert policy(photos, "img-src") == f"'self' data: {FROM}"
    document = json.loads(runner.browser.get(f"/v1/factories/{runner.factory_id}").text)
    assert [(each["about"], each["width"]) for each in document["photos"]] == [("The <b>hall</b>", 30)]
    assert runner.browser.send(f"{path}/remove", page=path, number=1).status == 303
    assert "Photos (" not in runner.browser.get(public).text
    assert ONE not in runner.browser.get(f"{public}/photos").text
    actions = [each["action"] for each in history.of(f"FACTORY#{runner.factory_id}")]
    assert actions[-2:] == ["photo_added", "photo_removed"]


@pytest.mark.usefixtures("takes_photos")
def test_a_refused_file_and_another_factorys_photo_are_not_shown(runner: SimpleNamespace) -> None:
    path = f"{runner.home}/photos"
    arrives(runner.factory_id, OTHER, state="refused", detail="This is no photo: send a JPEG, PNG or WebP file.")
    assert "A file that you sent was refused." in runner.browser.get(path).text
    token = runner.browser.form(runner.profile)["csrf_token"]
    for name in (OTHER, ONE, "../../x", ""):
        assert runner.browser.post(path, {"csrf_token": token, "photo": name, "about": "x"}).status == 404
    other = Browser(runner.browser.client)
    answer = other.send(f"/portal/invitations/{invited('Other Ltd.', email='other@mill.example')}")
    theirs = answer.headers["Location"].split("/")[3]
    arrives(theirs)
    assert runner.browser.post(path, {"csrf_token": token, "photo": ONE, "about": "x"}).status == 404
    assert other.get(path).status == 404
    assert factories.need(runner.factory_id).factory.photos == ()


@pytest.mark.usefixtures("takes_photos")
def test_a_factory_shows_so_many_and_no_more(runner: SimpleNamespace) -> None:
    path = f"{runner.home}/photos"
    for number in range(photo.MOST_PHOTOS + 1):
        arrives(runner.factory_id, f"{number:032x}")
    token = runner.browser.form(runner.profile)["csrf_token"]
    answers = [
        runner.browser.post(path, {"csrf_token": token, "photo": f"{number:032x}", "about": "x"}).status
        for number in range(photo.MOST_PHOTOS + 1)
    ]
    assert answers == [303] * photo.MOST_PHOTOS + [409]
    assert "at most 12 photos" in runner.browser.get(path).text


def test_where_no_store_is_set_up_no_form_is_offered(runner: SimpleNamespace) -> None:
    assert "No photos are taken here at present." in runner.browser.get(f"{runner.home}/photos").text
    assert json.loads(runner.browser.get(f"/v1/factories/{runner.factory_id}").text)["photos"] == []


def test_a_photo_taken_away_is_asked_to_be_deleted_and_what_fails_is_only_noted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = replace(settings.load(), photos_bucket="photos")
    monkeypatch.setattr(settings, "load", lambda: chosen)
    sent: list[AWSPreparedRequest] = []

    def answered(_session: object, request: AWSPreparedRequest) -> SimpleNamespace:
        sent.append(request)
        if len(sent) == 2:
            raise EndpointConnectionError(endpoint_url="https://photos.example")
        return SimpleNamespace(status_code=204)

    monkeypatch.setattr(uploads.URLLib3Session, "send", answered)
    uploads.delete(["photos/F/x.jpg", "photos/F/y.jpg"])
    assert (sent[0].method, sent[0].url) == (
        "DELETE",
        "https://photos.s3.eu-central-1.amazonaws.com/photos/F/x.jpg",
    )
    assert "AWS4-HMAC-SHA256" in str(sent[0].headers["Authorization"])
    assert [json.loads(line)["event"] for line in capsys.readouterr().out.splitlines()] == ["photo_not_deleted"]
