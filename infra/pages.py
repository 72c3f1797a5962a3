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
    names = _names(templates, without)
    environment.compile_templates(target, zip=None, ignore_errors=False, filter_func=names.__contains__)
    return names


def flatten_pages(templates: Path, stage: Path, without: tuple[str, ...] = ()) -> list[str]:
    """As ``compile_pages``, but so that a function needs no Jinja to show them (``infra/flat``)."""
    from infra import flat

    pages = importlib.import_module(PAGES)
    environment = pages.environment(FileSystemLoader(templates))
    target = stage / COMPILED
    target.mkdir(parents=True, exist_ok=True)
    (target / "__init__.py").write_text("", encoding="utf-8")
    names = _names(templates, without)
    sheets = {name: pages.squeeze((templates / name).read_text("utf-8")) for name in names if name.endswith(".css")}
    (target / "sheets.py").write_text(f"SHEETS = {sheets!r}\n", encoding="utf-8")
    for name in names:
        if name not in sheets:
            source = flat.source(environment, name)
            (target / f"{pages.module_name(name)}.py").write_text(source, encoding="utf-8")
    return names


def _names(templates: Path, without: tuple[str, ...]) -> list[str]:
    files = [path for path in templates.rglob("*") if path.suffix in SOURCES]
    names = sorted(path.relative_to(templates).as_posix() for path in files)
    return [name for name in names if not without or not name.startswith(without)]
