"""``factory-id labels products.csv`` and ``--gtin … --serials …``: a label with a code of its own for each item."""

from __future__ import annotations

import argparse
import secrets
import time
from pathlib import Path
from typing import Any

from factory_id import label_check, label_items
from factory_id.bar import Bar, lasting
from factory_id.endings import DONE, Stopped, WrongUse
from factory_id.label_check import Sample
from factory_id.label_file import LabelFile
from factory_id.label_items import Wanted
from factory_id.service import Refused, Service
from factory_labels import layouts
from factory_labels.layouts import Job, Layout
from factory_labels.links import Unfit

_MISSING = "This command needs some libraries more: pip install 'factory-id[labels]'."
_SAMPLE = 200


def add(parser: Any) -> None:
    """Its options."""
    parser.add_argument("--gtin", help="the product whose items get a label each")
    parser.add_argument("--serials", metavar="A0001..A0500|FILE", help="their serial numbers; in a file one a line")
    parser.add_argument("--lot", default="", help="their lot, if it is to stand in the code")
    parser.add_argument("--layout", choices=layouts.LAYOUTS, help="a sheet that is sold (avery-l7160)")
    parser.add_argument("--label-mm", metavar="WxH", help="width and height of a label, with --cols and --rows")
    parser.add_argument("--level", choices=("L", "M", "Q", "H"), default="Q", help="error correction (Q)")
    parser.add_argument("--crop-marks", action="store_true", help="lines at the edge to cut along")
    parser.add_argument("--workers", type=int, default=2, help="processes that draw (2)")
    parser.add_argument("--sample", type=int, default=_SAMPLE, help=f"how many are read back ({_SAMPLE}); 0 for none")
    parser.add_argument("--seed", type=int, help="of the chance by which these are chosen, to choose the same again")
    parser.add_argument("--unpublished", action="store_true", help="print labels of products that are not on record")


def meant(chosen: argparse.Namespace) -> bool:
    """Whether serialised labels are asked for, not sheets of factories."""
    return bool(chosen.gtin or chosen.serials or any(each.lower().endswith(".csv") for each in chosen.factory))


def run(chosen: argparse.Namespace, service: Service) -> int:
    """Print them, and read some back; the exit code says that all of these were read."""
    _check_use(chosen)
    began = time.monotonic()
    named = (
        label_items.of_serials(chosen.gtin, chosen.serials, chosen.lot)
        if chosen.gtin
        else label_items.of_table(Path(chosen.factory[0]))
    )
    wanted = label_items.looked_through(_root(service), named, chosen.level)
    try:
        job = layouts.job(
            _layout(chosen),
            chosen.level,
            wanted.version,
            (wanted.lines, wanted.letters),
            chosen.size,
            marks=chosen.crop_marks,
        )
    except Unfit as error:
        raise WrongUse(f"{error}.") from error
    if not chosen.unpublished:
        _check_on_record(wanted, service)
    checked = _written(chosen, job, wanted)
    pages = -(-wanted.total // job.layout.labels)
    print(
        f"{chosen.out.name}: {wanted.total:,} labels on {pages:,} pages, codes {job.code:.1f} mm wide; "
        f"in {lasting(time.monotonic() - began)}."
    )
    print(f"Read back at {label_check.DPI} dpi, letter by letter: {checked}." if checked else "None was read back.")
    return DONE


def _written(chosen: argparse.Namespace, job: Job, wanted: Wanted) -> str:
    """Write the file; which labels were read back, nothing for none. ``Stopped``, and no file, if one could not be."""
    file = LabelFile(chosen.out, job, wanted.digest, f"{wanted.total} labels")
    try:
        already = min(wanted.total, file.done * job.layout.labels)
        with Bar("labels", wanted.total, already) as bar:
            if already:
                bar.note(f"Going on where an earlier run ended: {already:,} of {wanted.total:,} labels are drawn.")
            file.write(iter(wanted), chosen.workers, bar.advance)
        if not chosen.sample:
            file.finish()
            return ""
        seed = chosen.seed if chosen.seed is not None else secrets.randbelow(1_000_000)
        sample = Sample.of(wanted.total, chosen.sample, seed)
        with Bar("read back", len(sample.numbers())) as bar:
            wrong = label_check.unread(file.part, job, wanted, sample, chosen.workers, bar.advance)
        if wrong:
            file.forget()
            raise Stopped(f"{len(wrong)} of {sample} could not be read back, the first {wrong[0]}. There is no file.")
        file.finish()
        return str(sample)
    finally:
        file.close()


def _check_use(chosen: argparse.Namespace) -> None:
    if chosen.gtin and (chosen.factory or not chosen.serials):
        raise WrongUse("--gtin goes with --serials, and with nothing else that is to be printed.")
    if not chosen.gtin and (len(chosen.factory) != 1 or chosen.serials or chosen.lot):
        raise WrongUse("Name one CSV file with the columns gtin and serial, or give --gtin and --serials.")
    if chosen.poster or chosen.out.is_dir():
        raise WrongUse("-o names the file that the labels are written to, and there is no poster of items.")
    if chosen.workers < 1 or chosen.sample < 0:
        raise WrongUse("--workers takes 1 or more, --sample 0 or more.")
    try:
        import segno
    except ImportError as error:
        raise WrongUse(_MISSING) from error
    if not segno or (chosen.sample and label_check.missing()):
        raise WrongUse(
            f"{_MISSING} Without {label_check.missing()} nothing can be read back: --sample 0 prints unread."
        )


def _layout(chosen: argparse.Namespace) -> Layout:
    own = (chosen.paper, chosen.cols, chosen.rows, chosen.label_mm)
    if chosen.layout and any(own):
        raise WrongUse("Either --layout, or --paper, --cols, --rows and --label-mm.")
    if not any(own):
        return layouts.LAYOUTS[chosen.layout or "avery-l7160"]
    label = None
    if chosen.label_mm:
        try:
            across, down = (float(side) for side in chosen.label_mm.lower().replace("×", "x").split("x"))
        except ValueError as error:
            raise WrongUse("--label-mm takes width and height, such as 50x30.") from error
        label = across, down
    return layouts.grid(chosen.paper or "a4", chosen.cols or 3, chosen.rows or 7, label)


def _root(service: Service) -> str:
    """Where codes lead: to the address that the service calls its own."""
    answer: Any = service.call("GET", "/.well-known/gs1resolver").json()
    root = answer.get("resolverRoot") if isinstance(answer, dict) else None
    if not isinstance(root, str) or not root.startswith(("http://", "https://")):
        raise Stopped("The answer is not that of a resolver. Is the URL that of the service?")
    return root


def _check_on_record(wanted: Wanted, service: Service) -> None:
    for gtin in wanted.gtins:
        try:
            service.call("GET", f"/v1/products/{gtin}")
        except Refused as error:
            raise WrongUse(f"{gtin}: {error} Its labels would lead nowhere; --unpublished prints them.") from error
