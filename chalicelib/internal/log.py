"""What staff ask of the log of changes: a checkpoint now, and that the log takes in what was there before it began."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from chalicelib.internal import access
from chalicelib.internal.access import Call
from chalicelib.store import codec
from chalicelib.store.registry import checkpoints, log_adoption, sequencer
from chalicelib.store.registry.log_adoption import Place
from chalicelib.web import cursor, responses

routes = Blueprint(__name__)

_SECONDS = 15.0
_QUESTION = "log-adoption"


@access.endpoint(routes, "POST", "/internal/v1/log/checkpoints", scope="staff")
def make_checkpoint(_call: Call) -> Response:
    """Number what waits, and make a checkpoint now: one is made every day without being asked."""
    sequencer.run(_SECONDS)
    return responses.json_response(codec.to_json(checkpoints.make()), status=201)


@access.endpoint(routes, "POST", "/internal/v1/log/adoptions", scope="staff")
def adopt(call: Call) -> Response:
    """Take in what was on record before the log began, a stretch at a time: ``next_cursor`` goes on.

    ``adopted`` certificates now wait for their numbers. What is in the log already is not taken in twice.
    """
    token = call.ask.query.get("cursor", "")
    certifier, _, after = cursor.read_place(token, _QUESTION).partition("/") if token else ("", "", "")
    adopted, following = log_adoption.adopt(Place(certifier, after))
    reached = cursor.write([f"{following.certifier}/{following.after}"], _QUESTION) if following else None
    return responses.json_response({"adopted": adopted, "next_cursor": reached})
