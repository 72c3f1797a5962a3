"""What happened in the demo world after everybody had joined: so that no page of the portal is empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import urllib3

from infra.demo.api import Api

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Afterwards:
    """Plays ``demo/afterwards.json`` through the API and, where people have only a form, through the form."""

    def __init__(
        self, base: str, keys: Mapping[str, str], factories: Mapping[str, str], run: Mapping[str, Api]
    ) -> None:
        """``factories``: Factory IDs by ICS site. ``run``: the sessions of who runs a factory, by site."""
        self._base, self._keys, self._factories, self._run = base, keys, factories, run
        self._staff = self._by("staff")

    def play(self, told: Mapping[str, Any], declared: Mapping[str, str]) -> None:
        """All of it. ``declared``: the codes of certificates that factories declared, by number."""
        for row in told["contested"]:
            body = {name: value for name, value in row.items() if name != "site"}
            self._run[row["site"]].send("POST", "/internal/v1/certificates", {**body, **self._at(row)})
        for row in told["requests"]:
            path = f"/internal/v1/certificates/{declared[row['number']]}/requests"
            self._run[row["site"]].send("POST", path, {"certifier_id": row["certifier_id"]})
        for row in told["open_to_letters"]:
            path = f"/internal/v1/factories/{self._factories[row['site']]}/relay"
            self._run[row["site"]].send("PUT", path, {"open": True})
        for row in told["invitations"]:
            self._invite(row)
        for row in told["ended"]:
            self._by(row["member_id"]).send("DELETE", f"/internal/v1/network/{self._factories[row['site']]}")
        self._reports(told["reports"])
        for row in told["fates"]:
            self._fate(row)
        self._decide(told["decided"])

    def _by(self, tenant: str) -> Api:
        return Api(self._base, self._keys[tenant])

    def _at(self, row: Mapping[str, Any]) -> dict[str, str]:
        return {"factory_id": self._factories[row["site"]]}

    def _invite(self, row: Mapping[str, Any]) -> None:
        member = self._by(row["member_id"])
        made = member.send("POST", "/internal/v1/invitations", row["invitation"])
        if row["withdrawn"]:
            member.send("DELETE", f"/internal/v1/invitations/{made['invitation_id']}")

    def _fate(self, row: Mapping[str, Any]) -> None:
        body = dict(row["body"])
        if "into" in row:
            body["into"] = self._factories[row["into"]]
        self._staff.send("POST", f"/internal/v1/factories/{self._factories[row['site']]}/{row['action']}", body)

    def _reports(self, rows: list[dict[str, Any]]) -> None:
        pool = urllib3.PoolManager(retries=False, timeout=60)
        for row in rows:
            url = f"{self._base}/portal/reports/new?about=/f/{self._factories[row['site']]}"
            token = _TOKEN.search(pool.request("GET", url).data.decode())
            if token is None:
                raise SystemExit("The form for reports has changed.")
            fields = {"csrf_token": token.group(1), "kind": row["kind"], "text": row["text"], "email": ""}
            answer = pool.request_encode_body("POST", url, fields=fields, encode_multipart=False, redirect=False)
            if answer.status != 303:
                raise SystemExit(f"A report was answered with {answer.status}.")

    def _decide(self, rows: list[dict[str, Any]]) -> None:
        waiting = self._staff.send("GET", "/internal/v1/moderation")["results"]
        for row in rows:
            path = f"/f/{self._factories[row['site']]}"
            matter = next(each for each in waiting if each["about"].endswith(path) and each["kind"] == row["kind"])
            body = {"decision": row["decision"], "reason": row["reason"]}
            self._staff.send("POST", f"/internal/v1/moderation/{matter['id']}", body)
