"""What members and factories say of their links, done to the service over HTTP and to the model."""

from __future__ import annotations

from dataclasses import replace

from tests.safety import invariants as must
from tests.safety.compared import MEMBERS, Compared
from tests.safety.model import Link, Site
from tests.world import Answer, Caller


class Linking(Compared):
    """The steps that change a link."""

    def agree(self, name: str, member: int, side: str, public: bool) -> None:
        """One side says whether a link may show."""
        site, member_id = self.sites[name], MEMBERS[member]
        link = self._link(site, member_id, side)
        answer, _ = self.send(*self._of_link(name, member, side, "PUT"), {"public": public})
        if self._refuses(site, link, side, public):
            self.tally.must(must.WHO, 400 <= answer.status < 500, "a link of", name, answer.status)
            return self.compare(name)
        link, news = link or Link(mandated=False), False
        if not (self._is_beside(site, member_id, link) or self._stands(site, member_id, link, public)):
            if member_id not in site.links:  # a word of its own: what was said of another record stays there
                link.mandated = link.factory = link.member = False
            news = link.agree(side, public) or member_id not in site.links
            site.links[member_id] = link
        self._answered(site, "link", answer, refused=False, news=news)
        hiding = [] if public else self._led_links(site, member_id)
        for other, each in hiding:
            if each.hide(side):
                other.events.append("link")
        return self.compare(name, *site.led)

    def _refuses(self, site: Site, link: Link | None, side: str, public: bool) -> bool:
        """Whether a word is refused: of who may not say it, or on a merged record, which only hides what it showed."""
        if side == "member":
            return bool(site.leads_to) or (link is not None and link.ended == "factory")
        hides = link is not None and link.confirmed and not link.ended and not public
        return link is None or link.ended == "member" or (bool(site.leads_to) and not hides)

    def _stands(self, site: Site, member_id: str, link: Link, public: bool) -> bool:
        """Whether a link of a merged record needs no word on this one: it shows already, or is hidden where it is."""
        return member_id not in site.links and (link.shows if public else link.opens)

    def end(self, name: str, member: int, side: str) -> None:
        """One side ends a link: until it takes it up again itself, whatever the other side or a batch says."""
        site, member_id = self.sites[name], MEMBERS[member]
        link, over = self._living(site, member_id, side), self.sites[self.stands_for(name)].links.get(member_id)
        sees_another = side == "member" and bool(site.leads_to) and over is not None and over.ended != "member"
        answer, again = self.send(*self._of_link(name, member, side, "DELETE"))
        if link is None or sees_another:
            self.tally.same(must.WHO, answer.status, 404, "the end of a link that", side, "has not, of", name)
            return self.compare(name)
        done = answer.status == 204 or (again and answer.status == 404)  # it was done, and the answer lost
        self.tally.must(must.ANSWER, done, "the end of a link of", name, answer.status, answer.text)
        ending = self._led_links(site, member_id)
        if not self._is_beside(site, member_id, link):
            ending.append((site, link))
            site.links[member_id] = link
        for other, each in ending:
            each.end(side)
            other.events.append("link_ended")
        return self.compare(name, *site.led)

    def _link(self, site: Site, member_id: str, side: str) -> Link | None:
        """The link as a side has it; the factory, if its own does not show, by a record that was merged into it."""
        own = site.links.get(member_id)
        led = sorted((self.sites[name] for name in site.led), key=lambda each: each.factory_id)
        held = [each.links[member_id] for each in led if member_id in each.links]
        counts = own is not None and not (own.ended and any(link.shows for link in held))
        if side == "member" or counts or not held:
            return own
        return replace(min(held, key=lambda link: (not link.shows, bool(link.ended))))

    def _living(self, site: Site, member_id: str, side: str) -> Link | None:
        """The link that a side can end: its own; else the factory one of a record that was merged into it."""
        own = site.links.get(member_id)
        if own is not None and not own.ended:
            return own
        led = self._led_links(site, member_id) if side == "factory" else []
        found = [link for other, link in sorted(led, key=lambda each: (not each[1].shows, each[0].factory_id))]
        return replace(found[0]) if found else None

    def _is_beside(self, site: Site, member_id: str, link: Link) -> bool:
        """Whether a link is that of a merged record, beside one of the site's own that ended and stays as it is."""
        own = site.links.get(member_id)
        return own is not None and own is not link and bool(own.ended)

    def _of_link(self, name: str, member: int, side: str, method: str) -> tuple[Caller, str, str]:
        """Who speaks of a link, and where."""
        if side == "factory":
            return self.world.staff, method, f"{self.place(name)}/links/{MEMBERS[member]}"
        caller = (self.world.member, self.world.other_member)[member]
        return caller, method, f"/internal/v1/network/{self.sites[name].factory_id}"

    def _led_links(self, site: Site, member_id: str) -> list[tuple[Site, Link]]:
        """Who hides or ends a link means the factory: on the records that were merged into it, too."""
        led = [(self.sites[name], self.sites[name].links.get(member_id)) for name in site.led]
        return [(other, link) for other, link in led if link is not None and not link.ended]

    def _answered(self, site: Site, action: str, answer: Answer, *, refused: bool, news: bool) -> None:
        if refused:
            self.tally.same(must.WHO, answer.status, 409, action, "of a record that does not take it", answer.text)
            return
        self.tally.same(must.ANSWER, answer.status, 200, action, answer.text)
        if news:
            site.events.append(action)
