"""Made-up factories, the same for the same seed: names, countries, categories and certificates spread as in life."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate, count

from chalicelib.domain import identity
from chalicelib.domain.certificate import Certificate
from chalicelib.domain.factory import Factory, IcsStatement
from chalicelib.domain.identity import ALPHABET

DAY = date(2026, 11, 22)
_COUNTRIES = {"CN": 38, "BD": 16, "IN": 14, "TR": 9, "VN": 8, "PK": 5, "MA": 3, "TN": 3, "PT": 2, "KH": 1, "EG": 1}
_CATEGORIES = {"apparel": 40, "knitwear": 22, "fabric": 14, "woven_garments": 12, "denim": 9, "footwear": 8, "yarn": 5}
_STANDARDS = {"gots": 20, "grs": 12, "oeko-tex-standard-100": 30, "sa8000": 6, "iso-14001": 9, "fairtrade-textile": 1}
_TRADE = "Textile Garments Knit Composite Fashion Apparels Dyeing Spinning Mills Knitwear Industries Denim Bags"
_FORMS = ("Ltd.", "Co., Ltd.", "Pvt. Ltd.", "San. ve Tic. A.Ş.", "S.A.R.L.", "Lda.", "JSC")
_SYLLABLES = "ba be bo cha da de di do fa ga gu ha hi ja ka ki ko la li lo ma me mi mo na ni no pa ra ri ro sa se su ta"
_HAN = "恒达锦绣华盛隆昌宏远东方新世纪金龙瑞丰顺兴嘉美佳荣天成永泰明辉宝联"


class MadeUp:
    """Factories by number. Own words follow Zipf's law: a few stand in thousands of names, most in a handful."""

    def __init__(self, seed: int = 7, vocabulary: int = 40_000) -> None:
        self._random = random.Random(seed)  # nosec B311: made-up names
        self._places = count()  # in the status lists
        syllables = _SYLLABLES.split()
        lengths = (2, 2, 3, 3, 3, 4, 4, 5)
        made = {
            "".join(self._random.choices(syllables, k=self._random.choice(lengths))) + self._random.choice("nrtml ")
            for _ in range(vocabulary)
        }
        self._own = sorted(word.strip().title() for word in made)
        self._random.shuffle(self._own)
        self._weights = list(accumulate(1 / (place + 10) for place in range(len(self._own))))

    def factories(self, number: int) -> Iterator[tuple[Factory, list[Certificate]]]:
        """So many factories with their certificates."""
        for _ in range(number):
            yield self._factory()

    def _factory(self) -> tuple[Factory, list[Certificate]]:
        pick = self._random
        country = _one(pick, _COUNTRIES)
        own = pick.choices(self._own, cum_weights=self._weights, k=pick.choice((1, 2, 2, 3)))
        trade = pick.sample(_TRADE.split(), k=pick.choice((1, 1, 2)))
        name = " ".join([*own, *trade, pick.choice(_FORMS)])
        fields = {
            "name": name,
            "country": country,
            "city": pick.choice(self._own[:300]),
            "product_categories": sorted({_one(pick, _CATEGORIES) for _ in range(pick.choice((1, 2, 2, 3)))}),
        }
        if country == "CN":
            fields["local_name"] = "".join(pick.choices(_HAN, k=4)) + "纺织有限公司"
        elif pick.random() < 0.2:
            fields["aliases"] = [f"{own[0]} {pick.choice(self._own)}"]
        factory_id = identity.new_factory_id(country, _chooser(pick))
        ics = IcsStatement(version=1, on="2026-01-01", fields=fields)
        held = pick.choice((0, 0, 0, 0, 0, 0, 1, 1, 2, 3))
        made = Factory(factory_id, ics=ics, published=True, updated_at=f"{DAY}T08:00:00Z")
        return made, [self._certificate(factory_id, name) for _ in range(held)]

    def _certificate(self, factory_id: str, name: str) -> Certificate:
        start = DAY + timedelta(days=self._random.randint(-700, 30))
        standard = _one(self._random, _STANDARDS)
        code = identity.new_certificate_code(_chooser(self._random))
        return Certificate(
            code=code,
            number=code,
            standard_id=standard,
            standard_name=standard,
            certifier_id="sureseal",
            certifier="Sureseal",
            holder_id=factory_id,
            holder_name=name,
            scope="",
            products=(),
            valid_from=start,
            valid_to=start + timedelta(days=365),
            confirmed=True,
            history=(),
            status_index=next(self._places),
        )


def mistyped(name: str, pick: random.Random) -> str:
    """A name with one edit in its longest word: a letter wrong, missing, too many, or two swapped."""
    word = max((word for word in name.split() if "." not in word), key=len)
    at = pick.randrange(len(word) - 1)
    letter = pick.choice("abcdefghijklmnopqrstuvwxyz")
    edited = pick.choice(
        (
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return name.replace(word, edited, 1)


def _chooser(pick: random.Random) -> identity.Chooser:
    """A code that counts, with its check character, from ten picks."""
    return identity.drawn("made up", "".join(pick.choices(ALPHABET, k=10)))


def _one(pick: random.Random, weights: dict[str, int]) -> str:
    return pick.choices(list(weights), list(weights.values()))[0]
