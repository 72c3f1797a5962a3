"""What a packaged function does when it starts: as little as it can, and the same as from the sources."""

from __future__ import annotations

import ast
import json
import random
import ssl
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Chalice

from chalicelib import public
from chalicelib.public import edge, rehearsal, scans
from chalicelib.public.when_asked import Routes
from chalicelib.store import public_table
from chalicelib.web import pages, roads
from infra import roots, routes, shake, template
from infra.package import Built
from tests import events

pytest_plugins = ["tests.conftest_builds"]
SNAPSHOT = """
import json, os, sys
import start
from snapshot_restore_py import get_after_restore
loaded = set(sys.modules)
restored = [getattr(each[0], "__qualname__", "") for each in get_after_restore()]
print(json.dumps({"paths": sorted(start._app.routes), "modules": sorted(loaded), "restored": restored}))
"""
PLAIN = "import json, sys, start; print(json.dumps(sorted(sys.modules)))"


def lazy() -> tuple[Chalice, list[str]]:
    """An app that serves as a package does, and the modules it registered so far."""
    app, registered = Chalice("lazy", configure_logs=False), []

    def register(name: str) -> None:
        registered.append(name)
        app.register_blueprint(public.blueprint(name))

    app.routes = Routes(routes.table(), register)
    return app, registered


@pytest.fixture(autouse=True)
def registered_again() -> Any:
    """A blueprint knows the last app that it was registered with."""
    import app

    yield
    for name in public.MODULES:
        public.blueprint(name)._current_app = app.app


def served(table: dict[str, Any]) -> dict[tuple[str, str], tuple[str, Any]]:
    return {
        (path, method): (entry.view_name, entry.view_function.__wrapped__)
        for path, methods in table.items()
        for method, entry in methods.items()
    }


def test_a_package_serves_what_the_decorators_say_and_nothing_else() -> None:
    eager = Chalice("eager", configure_logs=False)
    for name in public.MODULES:
        eager.register_blueprint(public.blueprint(name))
    app, _ = lazy()
    for path in sorted(eager.routes, reverse=True):  # whatever is asked first
        assert served({path: app.routes[path]}) == served({path: eager.routes[path]})
    assert served(app.routes) == served(eager.routes)
    assert routes.table().keys() == eager.routes.keys()


def test_only_the_module_that_serves_a_path_is_registered() -> None:
    app, registered = lazy()
    assert "GET" in app.routes["/f/{factory_id}"]
    assert registered == ["factory"]
    app.routes["/v1/factories/{factory_id}"], app.routes["/c/{code}"]
    assert registered == ["factory", "certificate"]


def test_a_path_that_nobody_serves_has_no_methods() -> None:
    app, registered = lazy()
    assert app.routes["/unheard-of"] == {}
    assert registered == []


def test_a_module_that_could_not_be_imported_is_tried_again() -> None:
    tries: list[str] = []

    def register(name: str) -> None:
        tries.append(name)
        if len(tries) == 1:
            raise OSError("too many open files")
        table["/"] = {"GET": None}  # type: ignore[dict-item]

    table = Routes({"/": ("site",)}, register)
    with pytest.raises(OSError, match="too many"):
        table["/"]
    assert table["/"] == {"GET": None}
    assert tries == ["site", "site"]


def test_a_table_that_nobody_asked_yet_is_served_by_a_url_and_imports_no_more_than_is_asked() -> None:
    app, registered = lazy()
    by_url = roads.Roads(app, app.routes, "https://factory-id.example")
    assert by_url(events.get_by_url("/healthz"), None)["statusCode"] == 200
    assert by_url(events.get_by_url("/no/such/page"), None)["statusCode"] == 404
    assert registered == ["site"]


def test_the_rehearsal_reads_nothing_counts_nobody_and_draws_no_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def call(self, *_: Any) -> Any:
            raise AssertionError("read")

        def close(self) -> None: ...

    lines: list[str] = []
    drawn: list[tuple[str, str]] = []
    render = pages.render
    monkeypatch.setattr(public_table, "_wire", Refusing())
    monkeypatch.setattr(edge, "SETTINGS", _with_scan_secret())
    monkeypatch.setattr(scans, "log_line", lines.append)
    monkeypatch.setattr(
        pages,
        "render",
        lambda name, page, **rest: drawn.append((name, page.language.code)) or render(name, page, **rest),
    )
    state = random.getstate()
    app, registered = lazy()
    rehearsal.rehearse(app)
    assert sorted(registered) == sorted(public.MODULES)
    assert lines == []
    assert random.getstate() == state
    assert {name for name, _ in drawn} == {"home.html", "factory.html", "certificate.html"}
    assert len({code for _, code in drawn}) == 8


def _with_scan_secret() -> Any:
    from dataclasses import replace

    return replace(edge.SETTINGS, scan_secret="0" * 32)


def test_an_api_calls_versions_that_start_from_a_snapshot_where_there_can_be_one() -> None:
    def finished(snapshots: bool) -> dict[str, Any]:
        uri = {"Fn::Sub": "arn:…/${APIHandler.Arn}/invocations"}
        paths = {"/": {"get": {"x-amazon-apigateway-integration": {"uri": uri}}}}
        resources: dict[str, Any] = {
            "APIHandler": {"Type": "AWS::Serverless::Function", "Properties": {}},
            "APIHandlerInvokePermission": {
                "Type": "AWS::Lambda::Permission",
                "Properties": {"FunctionName": {"Ref": "APIHandler"}},
            },
            "RestAPI": {"Type": "AWS::Serverless::Api", "Properties": {"DefinitionBody": {"paths": paths}}},
        }
        template._call_published_versions(resources, "0" * 64, snapshots=snapshots)
        assert uri == {"Fn::Sub": "arn:…/${APIHandlerAliaslive}/invocations"}
        assert resources["APIHandlerInvokePermission"]["Properties"]["FunctionName"] == {"Ref": "APIHandlerAliaslive"}
        return dict(resources["APIHandler"]["Properties"])

    assert finished(True) == {
        "AutoPublishAlias": "live",
        "AutoPublishCodeSha256": "0" * 64,
        "SnapStart": {"ApplyOn": "PublishedVersions"},
    }
    assert "SnapStart" not in finished(False)


def test_the_authorities_are_those_that_are_named_and_no_others(tmp_path: Path) -> None:
    roots.write(tmp_path)
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.load_verify_locations(tmp_path / roots.FILE)
    names = {dict(part[0] for part in each["subject"])["commonName"] for each in trusting.get_ca_certs()}
    assert names == set(roots.TRUSTED)


def test_an_authority_that_botocore_lost_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(roots.TRUSTED, "Amazon Root CA 9", "0" * 64)
    with pytest.raises(LookupError, match="no Amazon Root CA 9"):
        roots.write(tmp_path)


def test_a_module_is_shaken_to_what_is_wanted_and_what_that_needs() -> None:
    source = (
        "from a import *\nimport b, c.d\nfrom e import f, g\nX = f\nY: int = b\n"
        "def h(): return X\nclass I:\n    z = c\ndef j(): return h(), g\nif Y: pass\n"
    )
    assert (
        shake.shaken(source, ["h"])
        == ast.unparse(
            ast.parse("from a import *\nimport b\nfrom e import f\nX = f\nY: int = b\ndef h(): return X\nif Y: pass")
        )
        + "\n"
    )


@pytest.fixture(scope="module")
def function(builds: dict[str, Built], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cold")
    with zipfile.ZipFile(builds["public"].archive) as packed:
        packed.extractall(folder)
    return folder


def started(function: Path, program: str, **more: str) -> Any:
    environment = {"PATH": "/usr/bin:/bin", "SURFACE": "public", "AWS_REGION": "eu-central-1", **more}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=function, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.xdist_group("package")
def test_it_starts_without_what_makes_dataclasses_compiles_templates_or_writes_help(function: Path) -> None:
    loaded = started(function, PLAIN)
    dear = {"dataclasses", "pydoc", "tempfile", "http.client", "email", "chalicelib.public.factory"}
    site = started(function, "import json, sys; print(json.dumps(sorted(sys.modules)))")
    assert set(loaded) & dear <= set(site)


@pytest.mark.xdist_group("package")
def test_before_a_snapshot_all_is_there_and_each_copy_has_chances_of_its_own(function: Path) -> None:
    told = started(function, SNAPSHOT, AWS_LAMBDA_INITIALIZATION_TYPE="snap-start")
    assert set(routes.table()) <= set(told["paths"])
    assert {f"chalicelib.public.{name}" for name in public.MODULES} <= set(told["modules"])
    assert {f"chalicelib.web.locale.{code}" for code in ("en", "ar", "bn", "zh")} <= set(told["modules"])
    assert told["restored"] == ["Random.seed"]


@pytest.mark.xdist_group("package")
def test_it_trusts_the_bundle_that_lies_in_it(function: Path, builds: dict[str, Built]) -> None:
    assert (function / roots.FILE).is_file()
    resources = json.loads(builds["public"].template.read_text())["Resources"]
    variables = resources["APIHandler"]["Properties"]["Environment"]["Variables"]
    assert variables["SSL_CERT_FILE"] == roots.WHERE
    program = "import json, ssl; print(json.dumps(len(ssl.create_default_context().get_ca_certs())))"
    assert started(function, program, SSL_CERT_FILE=str(function / roots.FILE)) == len(roots.TRUSTED)
    internal = json.loads(builds["internal"].template.read_text())["Resources"]["APIHandler"]["Properties"]
    assert "SSL_CERT_FILE" not in internal["Environment"]["Variables"], "it calls whom its users name"
