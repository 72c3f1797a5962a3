"""What holds on every route of both surfaces, whatever it is for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.safety import mutated, real, texts
from tests.safety.stage import Stage, stage

IN_CI = 1500
FORWARDS = "&".join(f"{name}=//evil.example/" for name in ("next", "url", "return_to", "redirect", "continue", "to"))


@pytest.fixture(scope="module")
def staged() -> Iterator[Stage]:
    with stage() as held:
        yield held


@pytest.mark.safety("resolver.next-ignored")
def test_no_address_can_be_made_to_lead_to_another_site(staged: Stage) -> None:
    met = 0
    for sent in real.all_of(staged):
        query = "&".join(filter(None, [sent.query, FORWARDS]))
        headers = {"Content-Type": sent.media, **staged.callers[sent.caller], **sent.headers}
        answer = staged.ask(sent.method, f"{sent.path}?{query}", headers, sent.content)
        location = str(answer.headers.get("Location", ""))
        assert not location or location.startswith(("http://127.0.0.1:8000/", "/")), (sent, location)
        assert not location.startswith("//"), (sent, location)
        assert "://evil" not in location, (sent, location)
        met += bool(location)
        if staged.wrote:
            staged.put_back()
    assert met > 20


@pytest.mark.safety("requests.mutated")
def test_mutated_requests_of_every_route_bring_no_fault_of_ours_and_nobody_elses_data() -> None:
    done = mutated.run(IN_CI)
    assert done.lost == []
    assert done.tried == IN_CI
    assert len([route for route, answered in done.routes.items() if answered]) > 350
    assert {200, 303, 400, 401, 403, 404} <= set(done.statuses)


@pytest.mark.safety("requests.any-text")
def test_any_text_in_every_field_is_refused_by_name_or_shown_as_nothing_but_text() -> None:
    done = texts.run(1, every=2)
    assert done.lost == []
    assert done.taken > 40
    assert done.met > 300
    assert len(done.fields) > 200
