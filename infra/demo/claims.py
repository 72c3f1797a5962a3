"""Claims of the demo world, each of every standing, some in words that the law warns of; and a confirmed contact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import urllib3

from infra.demo.api import Api

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_LINK = re.compile(r"(/portal/contacts/[A-Za-z0-9_-]{40,50})")


class Claiming:
    """Makes the claims of ``demo/claims.json`` through the API, as who makes them in life would."""

    def __init__(
        self,
        base: str,
        keys: Mapping[str, str],
        factories: Mapping[str, str],
        run: Mapping[str, Api],
        certificates: Iterable[Mapping[str, Any]],
        products: Iterable[Mapping[str, Any]],
    ) -> None:
        """``factories``: Factory IDs by ICS site; ``run``: sessions of who runs one; the others as they were loaded."""
        self._base, self._keys, self._factories, self._run = base, keys, factories, run
        self._codes = {each["number"]: each["code"] for each in certificates}
        self._products = {each["product_id"]: each for each in products}

    def make(self, row: Mapping[str, Any]) -> None:
        """One claim, and its verification if it has one."""
        caller, path = self._claimant(row)
        body = {name: row[name] for name in ("text", "language", "verifier") if name in row}
        former = row.get("former_stage")
        if former:
            self._put(caller, row["gtin"], former)
        made = caller.send("POST", path, {**body, "basis": self._basis(row["rests_on"])})
        if former:
            self._put(caller, row["gtin"], None)
        if "verified_by" in row:
            certifier = Api(self._base, self._keys[row["verified_by"]])
            certifier.send("POST", f"{path}/{made['claim_id']}/verify", {"version": made["version"]})

    def confirm(self, site: str, mails: Callable[[], list[dict[str, Any]]]) -> None:
        """Somebody who reads the contact address of a factory presses the button behind the link in the mail."""
        _, headers = self._run[site].call("POST", f"/internal/v1/factories/{self._factories[site]}/contact-mail")
        link = next(found for mail in reversed(mails()) if (found := _LINK.search(mail["BodyText"])))
        pool = urllib3.PoolManager(retries=False, timeout=60)
        token = _TOKEN.search(pool.request("GET", self._base + link.group(1)).data.decode())
        if token is None or "ETag" not in headers:
            raise SystemExit("The page that confirms a contact address has changed.")
        fields = {"csrf_token": token.group(1)}
        url = self._base + link.group(1)
        answer = pool.request_encode_body("POST", url, fields=fields, encode_multipart=False, redirect=False)
        if answer.status != 303:
            raise SystemExit(f"Confirming a contact address was answered with {answer.status}.")

    def _claimant(self, row: Mapping[str, Any]) -> tuple[Api, str]:
        if "site" in row:
            return self._run[row["site"]], f"/internal/v1/claims/factory/{self._factories[row['site']]}"
        member = row.get("member_id") or self._products[row["gtin"]]["member_id"]
        end = f"product/{row['gtin']}" if "gtin" in row else f"member/{member}"
        return Api(self._base, self._keys[member]), f"/internal/v1/claims/{end}"

    def _basis(self, told: Mapping[str, str]) -> dict[str, str]:
        if "number" in told:
            return {"kind": "certificate", "code": self._codes[told["number"]]}
        kinds = {"url": "evidence", "standard_id": "standard", "programme": "programme"}
        return {"kind": next((kind for name, kind in kinds.items() if name in told), "none"), **told}

    def _put(self, caller: Api, gtin: str, former: Mapping[str, str] | None) -> None:
        """The product with a stage more than it has today, or as it is."""
        product = self._products[gtin]
        stages = [*product["stages"]]
        if former:
            stages.append({"process": former["process"], "factory_id": self._factories[former["site"]]})
        body = {name: product[name] for name in ("brand", "name", "category", "lots")}
        caller.send("PUT", f"/internal/v1/products/{gtin}", {**body, "stages": stages})
