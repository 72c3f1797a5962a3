"""What holds on every route of both surfaces, whatever it is for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.safety import mutated, real, texts
from tests.safety.stage import Stage, stage

IN_CI = 1500
FORWARDS = "&".join(f"{name}=//evil.example/" for name in ("next", "url", "return_to", "redirect", "continue", "to"))


@pytest.mark.safety("resolver.next-ignored")
def test_no_address_can_be_made_to_lead_to_another_site() -> None:
    with stage() as staged:
        led = [*_led(staged)]
    assert len(led) > 20
    assert [each for each in led if each.startswith("//") or not each.startswith(("http://127.0.0.1:8000/", "/"))] == []


def _led(staged: Stage) -> Iterator[str]:
    """Where the requests of every route lead, with words in their questions that lead elsewhere with others."""
    for sent in real.all_of(staged):
        query = "&".join(filter(None, [sent.query, FORWARDS]))
        headers = {"Content-Type": sent.media, **staged.callers[sent.caller], **sent.headers}
        answer = staged.ask(sent.method, f"{sent.path}?{query}", headers, sent.content)
        if "Location" in answer.headers:
            yield str(answer.headers["Location"])
        if staged.wrote:
            staged.put_back()


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
    assert done.taken > 15
    assert done.met > 150
    assert len(done.fields) > 150
