"""A day at the registry, with something of each kind in it: each promise is tried."""

from __future__ import annotations

from tests.safety.play import Play


def script(play: Play) -> None:
    """Syncs, statements, links, merges, clocks; replies that are lost."""
    play.sync([(0, "X", 2, 0, 3), (1, "X", 1, 0, 1)], key="first")
    play.certify("S-0", 1, 0)
    play.repeat("first")
    play.sync([(0, "X", 1, 1, 3)])
    play.privacy("S-0", {"city": "private"})
    play.trouble.coming = ["lost"]
    play.certify("S-1", 2, 0)
    play.state("N-1", "suspended", 0, foreign=True)
    play.state("N-1", "suspended", 0, foreign=False)
    play.collide((0, "Y", 3, 1, 3), {"audits": "private"})
    for side in ("factory", "member"):
        play.agree("S-0", 0, side, True)
    play.trouble.coming = ["gone"]
    play.edit("S-1", "Bogura")
    play.merge("S-1", "S-0")
    play.unmerge("S-1")
    play.close("S-1")
    play.reopen("S-1")
    play.end("S-0", 0, "factory")
    play.sync([(0, "Y", 4, 1, 3)])
    play.agree("S-0", 0, "member", True)
    play.later(3, midnight=True)
    play.earlier()
