"""The page of a watch, opened by the link that was mailed: confirm it, see and change its list, end it."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import clock
from chalicelib.domain.errors import Fault, Malformed
from chalicelib.domain.watching import MOST_WATCHED, State
from chalicelib.internal import access, outbound, watch_letters, watch_lists, watches
from chalicelib.internal.portal import door, view, watch
from chalicelib.internal.portal.view import Visit
from chalicelib.store.registry import watches as store
from chalicelib.web import watch_words
from chalicelib.web.request import Ask
from chalicelib.web.responses import Problem

LINK = watch_letters.PAGE
ENDED = f"{watch.PATH}/asked?done=ended"


def _token(ask: Ask) -> str:
    return ask.params["token"]


def _one_click(visit: Visit) -> bool:
    """RFC 8058: a mail program ends it with this post, and without our form. The address itself is the secret."""
    return visit.form.get("List-Unsubscribe") == "One-Click"


@door.page("GET", LINK, who=door.ANYONE)
def shown(visit: Visit, token: str) -> Response:
    """The list, and what can be done with it. Programs that follow links in mails change nothing."""
    return _shown(visit, None, token)


def _shown(visit: Visit, problem: Problem | None, token: str) -> Response:
    held = watch_letters.opened(token)
    named = watch_lists.names(set(held.about))
    gone = [watch_lists.Named(code, "") for code in held.about if code not in named]
    things = sorted(named.values(), key=lambda each: (each.name.casefold(), each.code)) + gone
    return view.render(
        visit,
        "portal/watch_page.html",
        http_status=problem.status if problem else 200,
        labels=watch_words.LABELS,
        hints=watch_words.HINTS,
        watch=held,
        things=things,
        secret=watch_letters.secret(held.watch_id) if held.webhook and held.state is not State.ASKED else None,
        path=LINK.format(token=token),
        typed={"more": visit.form.get("more", "")},
        ticked={name for name in visit.form if name.startswith("drop-")},
        problem=problem,
        faults=view.faults_by_input(problem, ("more",)),
        csrf=access.csrf_token(token),
    )


@door.page("POST", LINK, who=door.ANYONE, again=_shown, bound=_token)
def confirmed(visit: Visit, token: str) -> Response:
    """The address is its owner's; or a paused watch goes on."""
    store.activate(watch_letters.opened(token).watch_id)
    return view.go(visit, f"{LINK.format(token=token)}?done=active")


@door.page("POST", f"{LINK}/list", who=door.ANYONE, again=_shown, bound=_token, most_bytes=watch.MOST_BYTES)
def changed(visit: Visit, token: str) -> Response:
    """Take off what was ticked, add what was typed."""
    held = watch_letters.opened(token)
    more = []
    if visit.form.get("more", "").strip() or "file" in visit.files:
        try:
            more = watch_lists.codes(watch.given(visit, "more"), "/more")
        except Malformed as error:
            raise Malformed(error.detail, error.faults or [Fault("/more", error.detail)]) from error
    wanted = [code for code in held.about if f"drop-{code}" not in visit.form]
    wanted += [code for code in more if code not in wanted]
    if not wanted:
        raise Malformed("Nothing would be left. To end the watch, use the button below.")
    if len(wanted) > MOST_WATCHED:
        raise Malformed("A watch has at most 1,000 entries.", [Fault("/more", "has more than 1,000 entries")])
    store.watch_instead(held.watch_id, wanted)
    return view.go(visit, f"{LINK.format(token=token)}?done=changed")


@door.page("POST", f"{LINK}/test", who=door.ANYONE, again=_shown, bound=_token)
def tried(visit: Visit, token: str) -> Response:
    """Send a test to the webhook."""
    held = watch_letters.opened(token)
    if held.webhook is None or held.state is State.ASKED:
        raise Malformed("This watch has no webhook.")
    now = clock.now()
    watches.count_test(held)
    try:
        watch_letters.news_by_webhook(held, watch_letters.trial(held, clock.instant(now)), now)
    except outbound.NotDelivered:
        return view.go(visit, f"{LINK.format(token=token)}?done=not-taken")
    return view.go(visit, f"{LINK.format(token=token)}?done=taken")


@door.page("GET", f"{LINK}/stop", who=door.ANYONE)
def leaving(visit: Visit, token: str) -> Response:
    """One button that ends the watch."""
    return _leaving(visit, None, token)


def _leaving(visit: Visit, problem: Problem | None, token: str) -> Response:
    held = watch_letters.opened(token)
    return view.render(
        visit,
        "portal/watch_stop.html",
        http_status=problem.status if problem else 200,
        watch=held,
        problem=problem,
        path=LINK.format(token=token),
        csrf=access.csrf_token(token),
    )


@door.page("POST", f"{LINK}/stop", who=door.ANYONE, again=_leaving, bound=_token, unasked=_one_click)
def stopped(visit: Visit, token: str) -> Response:
    """End the watch."""
    store.end(watch_letters.opened(token))
    if _one_click(visit):  # whose sender follows no redirect
        return view.render(visit, "portal/watch_done.html", done="ended")
    return view.go(visit, ENDED)
