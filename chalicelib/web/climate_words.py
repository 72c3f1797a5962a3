"""The words of a climate plan's forms: what each input is called, what helps to fill it in, and what comes next."""

from __future__ import annotations

from chalicelib.web.words import N_

LABELS = {
    "hazard": N_("Hazard"),
    "other": N_("Another hazard"),
    "likelihood": N_("Likelihood"),
    "impact": N_("Impact"),
    "exposure": N_("What is exposed"),
    "exposure_public": N_("Show what is exposed to everybody"),
    "measure": N_("What is done about it"),
    "owner": N_("Who sees to it"),
    "due": N_("Done by"),
    "stage": N_("How far is it?"),
    "risk": N_("Risk"),
    "words": N_("In your words"),
    "opportunities": N_("Opportunities"),
    "strategies": N_("Strategies"),
    "audiences": N_("Told to"),
    "technologies": N_("Technologies"),
    "finance": N_("Finance"),
    "services": N_("Services"),
    "done": N_("This step is done"),
}
"""What each input is called."""

WORDS = {
    "risks": N_("What you looked at"),
    "strategies": N_("How you chose them"),
    "communication": N_("How and when you tell them"),
    "means": N_("What you still look for"),
}
"""What the free text of each step is called."""

ABOUT = {
    "risks": N_("Which hazards could hit your site, your workers and your suppliers, and what could you gain?"),
    "strategies": N_("What do you do first, what later, and how does it fit your business?"),
    "communication": N_("Who has to know, and how do they hear of it?"),
    "means": N_("What do you need to carry it out, and who could provide it?"),
}
"""What each step is about, in a sentence."""

HINTS = {
    "hazard": N_("What could happen at your site, or on the way to it."),
    "other": N_("If it is not in the list, in English: locusts, dust storms."),
    "exposure": N_("Buildings, machines, people, goods, roads. Only you see this, unless you tick the box below."),
    "measure": N_("Everybody reads this once you publish. Name no private persons."),
    "owner": N_("A role, such as Maintenance manager, not a person's name. Nobody else ever sees it."),
    "due": N_("After this day a measure that is not done shows as overdue."),
    "words": N_("At most 1,000 characters. Only you see this."),
    "lines": N_("One a line, at most 12. Only you see this."),
}
"""What helps to fill an input in."""

CHOOSE, OTHER = N_("Choose one"), N_("Choose one, or name another below")

LIKELIHOOD = {
    1: N_("1, rare: once in a working life"),
    2: N_("2, unlikely: once in ten years"),
    3: N_("3, possible: every few years"),
    4: N_("4, likely: every year or two"),
    5: N_("5, nearly certain: every year"),
}
IMPACT = {
    1: N_("1, slight: hours lost"),
    2: N_("2, small: a day lost"),
    3: N_("3, moderate: days lost, or people unwell"),
    4: N_("4, severe: weeks lost, or people hurt"),
    5: N_("5, very severe: the site or lives at risk"),
}

AUDIENCES = {
    "workers": N_("Workers"),
    "buyers": N_("Buyers"),
    "community": N_("The neighbourhood"),
    "authorities": N_("Authorities"),
}

NEXT = {
    "overdue": N_("A measure is overdue: say that it is done, or set another day."),
    "looked_at": N_("Say what you looked at to find your risks."),
    "risk": N_("Add the first risk."),
    "opportunities": N_("Name what you could gain."),
    "strategies": N_("Write down your strategies."),
    "measure": N_("Give a risk a measure and a day."),
    "audiences": N_("Choose whom you tell."),
    "how": N_("Say how and when you tell them."),
    "means": N_("Name a technology, finance or service that you need."),
    "done": N_("Look the step over and tick that it is done."),
    "high": N_("A high risk has no measure yet."),
    "review": N_("A year has passed: go through the plan again."),
}
"""What comes next, by ``climate.TASKS`` and what else is noticed."""
