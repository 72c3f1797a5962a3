"""Compiles the Jinja templates into Python modules, so that a function starts without parsing them."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

from jinja2 import FileSystemLoader

PAGES = "chalicelib.web.pages"
COMPILED = Path("chalicelib/web/compiled")
TEMPLATES = {".html", ".xml", ".txt", ".svg", ".css", ".jinja", ".j2"}


def compile_pages(templates: Path, stage: Path) -> list[str]:
    """Compile ``templates`` into ``stage``/chalicelib/web/compiled and return their names.

    Files of other kinds, such as message catalogues, are copied beside them under their own names. Raises Jinja's
    TemplateSyntaxError. The environment is the one that the pages themselves use, so its options can't differ.
    """
    if not templates.is_dir():
        return []
    target = stage / COMPILED
    target.mkdir(parents=True, exist_ok=True)
    environment = importlib.import_module(PAGES).environment(FileSystemLoader(templates))
    names = sorted(path.relative_to(templates).as_posix() for path in templates.rglob("*") if path.is_file())
    compiled = [name for name in names if Path(name).suffix in TEMPLATES]
    environment.compile_templates(target, zip=None, ignore_errors=False, filter_func=compiled.__contains__)
    for name in set(names) - set(compiled):
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(templates / name, destination)
    return compiled
