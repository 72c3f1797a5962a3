"""A climate plan as the inputs of forms, and back. A form that others overtook comes back with what both typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.climate import ANSWERS, AUDIENCES, Plan, Risk
from chalicelib.domain.errors import Fault, Malformed, StaleVersion
from chalicelib.domain.risk import HAZARDS, Stage
from chalicelib.internal.portal import form
from chalicelib.internal.portal.product_form import code_of

AUDIENCE_IN = "audience-"
"""What the name of an audience's box begins with; its code follows."""
OWN_INPUTS = frozenset({"csrf_token", "seen", "risk_id"})
RISK_INPUTS = (
    "hazard",
    "other",
    "likelihood",
    "impact",
    "exposure",
    "exposure_public",
    "measure",
    "owner",
    "due",
    "stage",
)


def of_step(plan: Plan, code: str) -> dict[str, str]:
    """Every input of a step's form, by name, with the text that the record gives it."""
    step = plan.step(code)
    texts = {"words": step.words, "done": "yes" if step.done else ""}
    for name in ANSWERS[code]:
        lines = step.answers.get(name, ())
        if name == "audiences":
            texts |= {
                f"{AUDIENCE_IN}{each}": "on" if each in lines else "" for each in dict.fromkeys((*AUDIENCES, *lines))
            }
        else:
            texts[name] = "\n".join(lines)
    return texts


def of_risk(risk: Risk | None) -> dict[str, str]:
    """Every input of a risk's form; of no risk, an empty one."""
    if risk is None:
        return {**dict.fromkeys(RISK_INPUTS, ""), "stage": Stage.OPEN.value}
    is_known = risk.hazard in HAZARDS
    return {
        "hazard": risk.hazard if is_known else "",
        "other": "" if is_known else risk.hazard,
        "likelihood": str(risk.likelihood),
        "impact": str(risk.impact),
        "exposure": risk.exposure,
        "exposure_public": "yes" if risk.exposure_public else "",
        "measure": risk.measure,
        "owner": risk.owner,
        "due": risk.due.isoformat() if risk.due else "",
        "stage": risk.stage.value,
    }


def typed(sent: Mapping[str, str], held: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the inputs of a form: a box that is not ticked is not sent, and says nothing."""
    return {name: form.tidy(sent.get(name, "")) for name in held}


def together(sent: Mapping[str, str], held: Mapping[str, str]) -> dict[str, str]:
    """What was typed where something was typed, and what the record says everywhere else."""
    return form.together(typed(sent, held), held, sent.get("seen", ""))


def overtaken(sent: Mapping[str, str], held: Mapping[str, str]) -> set[str]:
    """The inputs whose text on record is not what the form was made with."""
    return form.edited(held, sent.get("seen", ""))


def same_still(sent: Mapping[str, str], held: Mapping[str, str]) -> None:
    """Refuse a form that was made from something else than what the record says now, or has an input of its own."""
    faults = [
        Fault(f"/{name[:60]}", "is not a field of this form") for name in sent if name not in {*held, *OWN_INPUTS}
    ]
    if faults:
        raise Malformed("Some fields cannot be taken as sent.", faults)
    if overtaken(sent, held):
        raise StaleVersion("The record was changed meanwhile.")


def step_content(texts: Mapping[str, str], code: str) -> dict[str, Any]:
    """What a step's form says, as its JSON."""
    content: dict[str, Any] = {"words": texts["words"] or None, "done": texts["done"] == "yes"}
    for name in ANSWERS[code]:
        if name == "audiences":
            content[name] = [
                each.removeprefix(AUDIENCE_IN) for each, text in texts.items() if each.startswith(AUDIENCE_IN) and text
            ]
        else:
            content[name] = [line.strip() for line in texts[name].split("\n") if line.strip()]
    return content


def risk_content(texts: Mapping[str, str], risk_id: str | None) -> dict[str, Any]:
    """What a risk's form says, as its JSON. A hazard that is typed goes before one that is chosen."""
    content: dict[str, Any] = {
        **{name: texts[name] or None for name in ("exposure", "measure", "owner", "due", "stage")},
        "exposure_public": texts["exposure_public"] == "yes",
        "hazard": code_of(texts["other"]) or texts["hazard"] or None,
        "risk_id": risk_id,
    }
    for name in ("likelihood", "impact"):
        given = texts[name]
        content[name] = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else given or None
    return content


def placed(error: Malformed, texts: Mapping[str, str]) -> Malformed:
    """The same faults, told at the inputs of the form: one of a hazard that was typed, where it was typed."""
    names = {"hazard": "other" if texts.get("other") else "hazard"}
    found = [(fault.pointer.strip("/").split("/")[0], fault.detail) for fault in error.faults]
    faults = [Fault(f"/{names.get(name, name)}", detail) for name, detail in found]
    return Malformed("Some fields cannot be taken as sent.", faults)
