"""Organisers of the demo world, what factories measured in two years, and who takes part in which programme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from infra.demo.api import Api


class Efficiency:
    """Plays ``demo/efficiency.json`` through the API."""

    def __init__(
        self, base: str, staff: Api, factories: Mapping[str, str], run: Mapping[str, Api], today: date
    ) -> None:
        """``factories``: Factory IDs by ICS site. ``run``: the sessions of who runs a factory, by site."""
        self._base, self._staff, self._factories, self._run, self._today = base, staff, factories, run, today
        self._keys: dict[str, str] = {}

    def organisers(self, rows: Iterable[dict[str, Any]]) -> dict[str, str]:
        """Put them on record, each with somebody of its own; their keys."""
        for row in rows:
            body = {name: value for name, value in row.items() if name != "id"}
            self._staff.send("PUT", f"/internal/v1/organisers/{row['id']}", body)
            person = {"kind": "organiser", "tenant": row["id"], "email": f"team@{row['id']}.example"}
            self._staff.send("POST", "/internal/v1/people", person)
            made = self._staff.send("POST", "/internal/v1/keys", {"kind": "organiser", "tenant": row["id"]})
            self._keys[row["id"]] = made["key"]
        return dict(self._keys)

    def measured(self, rows: Iterable[dict[str, Any]]) -> None:
        """What factories measured, by themselves."""
        for row in rows:
            own = f"/internal/v1/factories/{self._factories[row['site']]}"
            for indicator in row["indicators"]:
                self._indicator(self._run[row["site"]], f"{own}/indicators/{indicator['indicator_id']}", indicator)
            if row["published"]:
                self._run[row["site"]].send("POST", f"{own}/publish")
                self._run[row["site"]].send("POST", f"{own}/efficiency/publish")

    def programmes(self, rows: Iterable[dict[str, Any]]) -> None:
        """Programmes, and what each factory answers."""
        for row in rows:
            organiser = Api(self._base, self._keys[row["organiser_id"]])
            path = f"/internal/v1/programmes/{row['programme_id']}"
            organiser.send("PUT", path, row["body"])
            for part in row["factories"]:
                factory_id = self._factories[part["site"]]
                self._staff.send("POST", f"/internal/v1/factories/{factory_id}/publish")
                organiser.send("PUT", f"{path}/factories/{factory_id}")
                self._answer(self._run[part["site"]], factory_id, row["programme_id"], part)
                if part["done"]:
                    organiser.send("PUT", f"{path}/factories/{factory_id}/done", part["done"])

    def _answer(self, factory: Api, factory_id: str, programme_id: str, part: Mapping[str, Any]) -> None:
        path = f"/internal/v1/factories/{factory_id}/programmes/{programme_id}"
        if part["answer"] == "leave":
            factory.send("PUT", path, {"answer": "accept"})
        said = {name: part[name] for name in ("answer", "shares", "shows") if part[name] is not None}
        if said:
            factory.send("PUT", path, said)

    def _indicator(self, factory: Api, path: str, told: Mapping[str, Any]) -> None:
        months = self._months(len(told["months"]))
        body = {name: told[name] for name in ("resource", "measure", "name", "unit", "output_unit") if name in told}
        if told["baseline"] is not None:
            year = str(int(months[0][:4]) - 1)
            body["baseline"] = {"period": year, "amount": told["baseline"][0], "output": told["baseline"][1]}
        if told["target"] is not None:
            body["target"] = {"value": told["target"], "by": str(self._today.year + 1)}
        factory.send("PUT", path, body)
        rows = [
            {"period": month, "amount": amount, **({} if output is None else {"output": output})}
            for month, (amount, output) in zip(months, told["months"], strict=True)
        ]
        factory.send("POST", f"{path}/readings", {"readings": rows})

    def _months(self, number: int) -> list[str]:
        """The last months that are over, the oldest first."""
        end = self._today.year * 12 + self._today.month - 1
        return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(end - number, end)]
