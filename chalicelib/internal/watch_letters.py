"""What watchers are sent: mails with one link to manage or end them, and signed webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain import webhook
from chalicelib.domain.errors import Gone
from chalicelib.domain.tidings import News, Tiding
from chalicelib.domain.watching import Watch
from chalicelib.internal import access, letters, mail, outbound
from chalicelib.store import codec
from chalicelib.store.registry import watches
from chalicelib.web import language, shown, watch_words

PAGE = "/portal/watches/{token}"
_ID = 16


def token(watch_id: str) -> str:
    """What opens the pages of a watch. It is drawn from the secret of this service: the tables hold nothing of it."""
    return watch_id + base64.urlsafe_b64encode(_drawn("link", watch_id)).decode().rstrip("=")


def opened(given: str) -> Watch:
    """The watch that a link opens; ``Gone`` if it is over or was never made."""
    watch_id = given[:_ID]
    if not hmac.compare_digest(token(watch_id).encode(), given.encode()):
        raise Gone
    return watches.need(watch_id)


def secret(watch_id: str) -> str:
    """What the webhooks of a watch are signed with."""
    return webhook.secret_text(_drawn("webhook", watch_id))


def address(watch: Watch, after: str = "") -> str:
    """The page of a watch, or one below it."""
    return shown.url(PAGE.format(token=token(watch.watch_id)) + after)


def ask_to_confirm(watch: Watch, names: Sequence[str]) -> None:
    """Ask whether an address is its owner's. By itself the link changes nothing."""
    _mail(watch, "watch_confirm", names=names, address=address(watch))


def paused(watch: Watch) -> None:
    """Tell the owner that a webhook failed for more than a day."""
    _mail(watch, "watch_paused", address=address(watch))


def news_by_mail(watch: Watch, told: Sequence[Tiding]) -> None:
    """Tell the owner what changed."""
    lines = [watch_words.line(each) for each in told]
    _mail(watch, "watch_news", lines=lines, address=address(watch), stop=address(watch, "/stop"))


def news_by_webhook(watch: Watch, told: Tiding, now: datetime) -> None:
    """Tell the owner's machine of one change; ``outbound.NotDelivered`` if it did not take it."""
    content = json.dumps(payload(told), ensure_ascii=False, separators=(",", ":")).encode()
    message_id = message_id_of(watch.watch_id, told)
    timestamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "factory-id-webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": webhook.signature(secret(watch.watch_id), message_id, timestamp, content),
    }
    outbound.post(str(watch.webhook), content, headers)


def message_id_of(watch_id: str, told: Tiding) -> str:
    """The same for every attempt to tell one change to one watcher, and no other."""
    return "msg_" + hashlib.sha256(f"{watch_id} {told.key}".encode()).hexdigest()[:32]


def payload(told: Tiding) -> dict[str, Any]:
    """A change as machines are told it."""
    data = codec.to_json(told)
    for name in ("kind", "at", "record", "event"):
        del data[name]
    path = f"/f/{told.factory_id}" if told.code is None else f"/c/{told.code}"
    return {"type": told.kind.value, "timestamp": told.at, "data": {**data, "url": shown.url(path)}}


def trial(watch: Watch, at: str) -> Tiding:
    """Something to try a webhook with: it says of itself that it is a test."""
    first = watch.about[0]
    return Tiding(News.TEST, at, f"WATCH#{watch.watch_id}", 0, first, "", at[:10])


def _mail(watch: Watch, name: str, **context: Any) -> None:
    spoken = language.choose(watch.language, None)
    message = letters.written(watch.email, spoken, name, **context)
    message["List-Unsubscribe"] = f"<{address(watch, '/stop')}>"
    message[mail.WATCH] = watch.watch_id
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.send(message)


def _drawn(purpose: str, watch_id: str) -> bytes:
    key = access.SETTINGS.csrf_secret or "no secret set"
    return hmac.new(key.encode(), f"watch {purpose} {watch_id}".encode(), hashlib.sha256).digest()
