"""What is made from the templates before packaging: Python modules, so that a function starts without parsing them."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

from jinja2 import FileSystemLoader

PAGES = "chalicelib.web.pages"
LOCALES = "infra.locales"
COMPILED = Path("chalicelib/web/compiled")
LANGUAGES = Path("chalicelib/web/locale")
SOURCES = {".html", ".xml", ".txt", ".svg", ".css"}


def make_locales() -> None:
    """Make the modules with the languages' texts in the project itself, where they are not under version control."""
    if importlib.util.find_spec(LOCALES):
        importlib.import_module(LOCALES).build()


def narrow_locales(stage: Path, without: tuple[str, ...]) -> None:
    """Leave out of a stage's languages what stands only in templates and code that it has not."""
    importlib.import_module(LOCALES).narrow(stage / LANGUAGES, without)


def compile_pages(templates: Path, stage: Path, without: tuple[str, ...] = ()) -> list[str]:
    """Compile ``templates`` into ``stage``/chalicelib/web/compiled and return their names, but those beginning so.

    The environment is the one that the pages themselves use, so its options can't differ. Raises Jinja's
    TemplateSyntaxError.
    """
    if not templates.is_dir():
        return []
    target = stage / COMPILED
    target.mkdir(parents=True, exist_ok=True)
    environment = importlib.import_module(PAGES).environment(FileSystemLoader(templates))
    files = [path for path in templates.rglob("*") if path.suffix in SOURCES]
    names = sorted(path.relative_to(templates).as_posix() for path in files)
    names = [name for name in names if not without or not name.startswith(without)]
    environment.compile_templates(target, zip=None, ignore_errors=False, filter_func=names.__contains__)
    return names
