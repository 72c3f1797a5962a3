"""The worker that tells watchers of changes: woken by the stream of the registry, and each minute in any case.

What it does follows from what lies in the outbox and in the lists of what is owed, and from nothing that the stream
says: a stream that is late, lost or repeated changes nothing but the minute. It may be killed at any point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from chalicelib import clock, journal
from chalicelib.domain.tidings import News, Tiding
from chalicelib.domain.watching import State, Watch
from chalicelib.internal import failing, mail, outbound, watch_letters
from chalicelib.store.registry import deliveries, endings, outbox, watches

SECONDS = 40
"""For one run: nothing is sent later. A claim, and the function, last longer than this and the slowest webhook."""
WORKERS = 8
MOST_IN_A_MAIL = 50
MOST_WEBHOOKS = 20


@failing.discreet
def handler(_event: Mapping[str, Any], _context: object) -> dict[str, int]:
    """What Lambda calls, for the stream and for the schedule alike. Says how many owners it told something."""
    return {"told": run(clock.now())}


def run(now: datetime, seconds: float = SECONDS, workers: int = WORKERS) -> int:
    """One sweep: note what changed and what ends soon, then tell whom it concerns. Says how many were told."""
    end = clock.ticking() + seconds
    endings.note(now.date())
    waiting = outbox.waiting()
    journal.say("outbox", waiting=len(waiting), oldest_seconds=_oldest(waiting, now))
    for told in waiting:
        if clock.ticking() > end:
            return 0
        deliveries.spread(told, now)
        outbox.done(told)
    due = deliveries.due(now)
    if workers == 1:
        return sum(map(_telling(now, end), due))
    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(_telling(now, end), due))


def _oldest(waiting: Sequence[Tiding], now: datetime) -> int:
    """For how many seconds the oldest has waited. What ends by itself was learned long before it was news."""
    times = [clock.parsed(told.at) for told in waiting if told.kind is not News.EXPIRES]
    return max((int((now - at).total_seconds()) for at in times), default=0)


def _telling(now: datetime, end: float) -> Any:
    def tell_one(watch_id: str) -> bool:
        try:
            return clock.ticking() < end and tell(watch_id, now, end)
        except Exception as error:  # whatever it is, the others are told; its claim runs out, and it is tried again
            journal.failed("watcher_not_told", error)
            return False

    return tell_one


def tell(watch_id: str, now: datetime, end: float) -> bool:
    """Tell the owner of a watch what is owed, as much as fits before ``end``; says whether anything was told."""
    claimed = deliveries.claim(watch_id, now)
    if claimed is None:
        return False
    watch = watches.load(watch_id)
    if watch is None or watch.state is not State.ACTIVE:
        deliveries.drop(claimed)
        return False
    told = False
    try:
        for _ in _sent(watch, now, end):
            told = True
    except (outbound.NotDelivered, mail.NotSent) as error:
        journal.failed("watcher_not_told", error, watch=watch_id)
        _failed(watch, deliveries.Claim(watch_id, 0, claimed.version) if told else claimed, now)
        return told
    deliveries.release(claimed, now)
    return told


def _sent(watch: Watch, now: datetime, end: float) -> Iterator[None]:
    """Send what is owed, in order; cross out each part as soon as it was taken. What is left waits for the next run."""
    owed = deliveries.owed(watch.watch_id)
    if watch.webhook is None:
        part = owed[:MOST_IN_A_MAIL]
        if part:
            watch_letters.news_by_mail(watch, part)
            deliveries.crossed_out(watch.watch_id, part)
            yield
        return
    for each in owed[:MOST_WEBHOOKS]:
        if clock.ticking() >= end:
            return
        watch_letters.news_by_webhook(watch, each, now)
        deliveries.crossed_out(watch.watch_id, [each])
        yield


def _failed(watch: Watch, claimed: deliveries.Claim, now: datetime) -> None:
    if deliveries.failed(claimed, now) is not None:
        return
    if watch.webhook is None:
        deliveries.postponed(claimed, now)
        return
    if watches.pause(watch.watch_id):
        try:
            watch_letters.paused(watch)
        except mail.NotSent as error:
            journal.failed("mail_not_sent", error, about="pause", watch=watch.watch_id)
    deliveries.drop(claimed)
