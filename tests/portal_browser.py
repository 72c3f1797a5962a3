"""A browser for the tests of the portal: it keeps cookies, and fills forms in as they were served."""

from __future__ import annotations

import html
import re
from email.message import EmailMessage
from types import SimpleNamespace
from urllib.parse import urlencode

from chalice.test import Client

from chalicelib.internal import access
from chalicelib.store.registry import invitations, people
from chalicelib.store.registry.history import Actor
from chalicelib.store.registry.people import Role

STAFF = Actor("staff", "staff", "test")
EMAIL = "rokeya@kolmilata.example"
STREET = "17 Mill Road"


class Browser:
    """Somebody with a browser that keeps cookies."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.cookie = ""

    def get(self, path: str, **headers: str) -> SimpleNamespace:
        return self._call("GET", path, b"", headers)

    def post(self, path: str, typed: dict[str, str], **headers: str) -> SimpleNamespace:
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._call("POST", path, urlencode(typed).encode(), sent)

    def send(
        self, path: str, changed: dict[str, str] | None = None, *, page: str = "", number: int = -1, **typed: str
    ) -> SimpleNamespace:
        """Open a page, fill its form in, send it."""
        return self.post(path, {**self.form(page or path, number), **(changed or {}), **typed})

    def form(self, page: str, number: int = -1) -> dict[str, str]:
        """What a form of a page holds: by default its last one."""
        return filled(self.get(page).text, number)

    def _call(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> SimpleNamespace:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            named["Cookie"] = self.cookie
        answer = self.client.http.request(method, path, headers=named, body=body)
        given = answer.headers.get("Set-Cookie")
        if given:
            assert "__Host-" in given
            assert all(part in given for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"))
            self.cookie = given.partition(";")[0]
        return SimpleNamespace(status=answer.status_code, text=answer.body.decode(), headers=answer.headers)


def filled(page: str, number: int = -1) -> dict[str, str]:
    """The inputs of a form as a browser would send them."""
    found = re.findall(r"<form method=\"post\".*?</form>", page, re.S)[number]
    values: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", found):
        kind, name = (attribute(tag, "type") or "text"), attribute(tag, "name")
        if name and (kind not in ("radio", "checkbox") or " checked" in tag):
            values[name] = attribute(tag, "value") or ""
    for opening, text in re.findall(r"(<textarea[^>]*>)\n?(.*?)</textarea>", found, re.S):
        values[attribute(opening, "name") or ""] = html.unescape(text)
    for opening, inside in re.findall(r"(<select[^>]*>)(.*?)</select>", found, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inside) or re.search(r'<option value="([^"]*)"', inside)
        values[attribute(opening, "name") or ""] = html.unescape(chosen.group(1)) if chosen else ""
    return values


def attribute(tag: str, name: str) -> str | None:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return html.unescape(found.group(1)) if found else None


def invited(name: str | None = "Kolmilata Knit Ltd.", factory_id: str | None = None, email: str = EMAIL) -> str:
    country = "BD" if name else None
    return invitations.invite("maison", email, "en", factory_id, name, country)[1]


def token_of_form(path: str) -> str:
    """The CSRF token of the form behind a mailed link."""
    return access.csrf_token(path.rpartition("/")[2])


def link_in(message: EmailMessage) -> str:
    """The path of the link in a mail."""
    text = message.get_body(("plain",)).get_content()
    return re.search(r"http://127\.0\.0\.1:8000(/portal/\S+)", text).group(1)


def filled_in(path: str, **known: str) -> str:
    """A page's path with something in the place of each parameter."""
    values = {"token": "t" * 43, "kind": "member", "tenant": "maison", **known}
    return re.sub(r"{(\w+)}", lambda found: values.get(found[1], "0000000000000000"), path)


def signed_in(browser: Browser, email: str, mails: list[EmailMessage], language: str = "") -> Browser:
    """The browser after somebody asked for a link and used it, in a language."""
    browser.cookie = ""
    browser.send("/portal/sign-in", email=email)
    link = link_in(mails[-1])
    browser.send(f"{link}?lang={language}" if language else link, page=link)
    return browser


def as_staff(browser: Browser, mails: list[EmailMessage], email: str = "staff@registry.example") -> Browser:
    """The browser of somebody of the registry's staff."""
    people.add(Role("staff", "staff"), email, STAFF)
    return signed_in(browser, email, mails)
