"""Brands' pages of the demo world: their own words, and factories that agreed to be named on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from infra.demo.api import Api


class Brands:
    """Plays ``demo/brands.json`` through the API."""

    def __init__(self, base: str, keys: Mapping[str, str], factories: Mapping[str, str], run: dict[str, Api]) -> None:
        """``factories``: Factory IDs by ICS site. ``run``: the sessions of who runs a factory, by site; more come."""
        self._base, self._keys, self._factories, self._run = base, keys, factories, run

    def play(
        self,
        told: Mapping[str, Any],
        accept: Callable[[str], Api],
        bar: Callable[[list[dict[str, Any]], str], Iterable[dict[str, Any]]],
    ) -> None:
        """All of it. ``accept`` opens the invitation that was mailed to an address."""
        for row in bar(told["pages"], "brands' words"):
            path = f"/internal/v1/members/{row['member_id']}/page"
            member = self._by(row["member_id"])
            _, headers = member.call("GET", path)
            member.send("PATCH", path, {"texts": row["texts"]}, If_Match=headers["ETag"])
        for row in bar(told["joined"], "joined"):
            body = {name: row[name] for name in ("email", "language")}
            invitation = {**body, "factory_id": self._factories[row["site"]]}
            self._by(row["member_id"]).send("POST", "/internal/v1/invitations", invitation)
            self._run[row["site"]] = accept(row["email"])
        for row in bar(told["agreed"], "named by both"):
            factory_id = self._factories[row["site"]]
            for member_id in row["member_ids"]:
                self._by(member_id).send("PUT", f"/internal/v1/network/{factory_id}", {"public": True})
                link = f"/internal/v1/factories/{factory_id}/links/{member_id}"
                self._run[row["site"]].send("PUT", link, {"public": True})

    def _by(self, tenant: str) -> Api:
        return Api(self._base, self._keys[tenant])
