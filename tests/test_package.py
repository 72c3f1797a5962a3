"""What is deployed answers by itself, is small, and is the same bytes every time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra import rollback
from infra.engine import CREDENTIALS, REGION, Engine
from infra.function_process import FunctionProcess
from infra.package import PROJECT, SURFACES, Built
from tests import events
from tests.published import CODE, FACTORY_ID, GTIN, NAME, publish
from tests.test_qr import pixels, read

pytest_plugins = ["tests.conftest_builds"]
pytestmark = pytest.mark.xdist_group("package")

MISTYPED = "C1EWZEPEEX2"
# Nothing listens there: what needs the database has to say so.
NO_DATABASE = "http://127.0.0.1:9"
ENVIRONMENT = {"SURFACE": "public", "DYNAMODB_ENDPOINT": NO_DATABASE}
# What the packaged public function is asked, and what its answer must hold. Append to prove more of it.
ASKED: list[tuple[str, dict[str, Any], int, str]] = [
    ("health", events.get("/healthz"), 200, '"status":"ok"'),
    ("the API described", events.get("/openapi.json"), 200, '"openapi":"3.1'),
    ("the API for people", events.get("/docs/{topic}", path={"topic": "look-up"}), 200, "/v1/certificates/{code}"),
    ("home", events.get("/"), 200, "</html>"),
    ("mistyped", events.get("/c/{code}", path={"code": MISTYPED}), 400, "</html>"),
    ("certificate", events.get("/c/{code}", path={"code": CODE}), 503, "</html>"),
    ("certificate-json", events.get("/v1/certificates/{code}", path={"code": CODE}), 503, '"status":503'),
    ("qr", events.get("/qr/{kind}/{file}", path={"kind": "c", "file": f"{CODE}.svg"}), 200, "<svg"),
]


@pytest.fixture(scope="module")
def public_function(builds: dict[str, Built], tmp_path_factory: pytest.TempPathFactory) -> Iterator[FunctionProcess]:
    folder = tmp_path_factory.mktemp("function")
    with FunctionProcess(builds["public"].archive, folder, ENVIRONMENT) as function:
        yield function


# With a database that has them, what the same zip answers.
HELD: list[tuple[str, dict[str, Any], str]] = [
    ("factory", events.get("/f/{factory_id}", path={"factory_id": FACTORY_ID}), f"<bdi>{NAME}</bdi>"),
    ("factory-json", events.get("/v1/factories/{factory_id}", path={"factory_id": FACTORY_ID}), f'"name":"{NAME}"'),
    ("certificate", events.get("/c/{code}", path={"code": CODE}), '<h1 id="status">Valid</h1>'),
    ("certificate-json", events.get("/v1/certificates/{code}", path={"code": CODE}), '"status":"valid"'),
    ("product", events.get("/01/{gtin}", path={"gtin": GTIN}), "Jersey T-shirt"),
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A database with a factory, its certificate and a product."""
    with Engine() as engine:
        publish(engine.client("dynamodb"), engine.public_table)
        yield engine


@pytest.fixture(scope="module")
def served_function(
    builds: dict[str, Built], engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FunctionProcess]:
    environment = {
        "SURFACE": "public",
        "BASE_URL": "https://factory-id.example",
        "PUBLIC_TABLE": engine.public_table,
        "DYNAMODB_ENDPOINT": engine.url,
        "AWS_REGION": REGION,
        **{name.upper(): value for name, value in CREDENTIALS.items()},
    }
    with FunctionProcess(builds["public"].archive, tmp_path_factory.mktemp("served"), environment) as function:
        yield function


@pytest.mark.parametrize(("event", "holds"), [case[1:] for case in HELD], ids=[case[0] for case in HELD])
def test_the_public_zip_alone_shows_what_is_on_record(
    served_function: FunctionProcess, event: dict[str, Any], holds: str
) -> None:
    answer = served_function.invoke(event)
    assert answer["statusCode"] == 200
    assert holds in answer["body"]


def test_the_public_zip_alone_draws_a_code_that_leads_to_the_page(served_function: FunctionProcess) -> None:
    answer = served_function.invoke(events.get("/qr/{kind}/{file}", path={"kind": "f", "file": f"{FACTORY_ID}.svg"}))
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, "image/svg+xml")
    assert read(pixels(answer["body"])) == f"HTTPS://FACTORY-ID.EXAMPLE/F/{FACTORY_ID}"


def names(built: Built) -> set[str]:
    with zipfile.ZipFile(built.archive) as packed:
        return set(packed.namelist())


@pytest.mark.parametrize(("event", "status", "holds"), [case[1:] for case in ASKED], ids=[case[0] for case in ASKED])
def test_the_public_zip_alone_answers(
    public_function: FunctionProcess, event: dict[str, Any], status: int, holds: str
) -> None:
    answer = public_function.invoke(event)
    assert answer["statusCode"] == status
    assert holds in answer["body"]


@pytest.mark.parametrize("surface", SURFACES)
def test_a_zip_has_less_than_four_megabytes(builds: dict[str, Built], surface: str) -> None:
    assert builds[surface].archive.stat().st_size < SURFACES[surface].most_bytes


@pytest.mark.parametrize("surface", SURFACES)
def test_every_module_has_bytecode_of_the_runtime_that_the_template_asks_for(
    builds: dict[str, Built], surface: str
) -> None:
    template = json.loads(builds[surface].template.read_text())
    runtime = template["Resources"]["APIHandler"]["Properties"]["Runtime"]
    tag = runtime.replace("python", "cpython-").replace(".", "")
    held = names(builds[surface])
    sources = {Path(name) for name in held if name.endswith(".py")}
    assert {str(path.parent / "__pycache__" / f"{path.stem}.{tag}.pyc") for path in sources} <= held


def test_bytecode_is_never_checked_against_its_source(builds: dict[str, Built]) -> None:
    with zipfile.ZipFile(builds["public"].archive) as packed:
        for name in packed.namelist():
            if name.endswith(".pyc"):
                assert int.from_bytes(packed.read(name)[4:8], "little") == 0b01, name


@pytest.mark.parametrize("surface", SURFACES)
def test_a_zip_holds_nothing_that_fits_one_machine_only(builds: dict[str, Built], surface: str) -> None:
    assert not [name for name in names(builds[surface]) if re.search(r"\.(so|pyd|dylib)$", name)]


def test_the_public_zip_shows_pages_without_jinja(builds: dict[str, Built]) -> None:
    held = names(builds["public"])
    assert not [name for name in held if name.startswith("jinja2")]
    assert "chalicelib/web/compiled/factory_html.pyc" in held


@pytest.mark.parametrize("surface", SURFACES)
def test_a_zip_holds_nothing_of_the_desk(builds: dict[str, Built], surface: str) -> None:
    desk = {"factory_id", "infra", "bench", "tests", "demo", "factory_labels"} - set(SURFACES[surface].packages)
    assert not [name for name in names(builds[surface]) if name.partition("/")[0] in desk]


def test_the_public_zip_can_neither_write_nor_mail(builds: dict[str, Built]) -> None:
    forbidden = ("chalicelib/internal", "chalicelib/store/registry", "chalicelib/store/models", "pynamodb", "botocore")
    assert not [name for name in names(builds["public"]) if name.startswith(forbidden)]


@pytest.mark.parametrize("surface", [name for name, surface in SURFACES.items() if surface.services])
def test_the_zip_has_what_the_clients_of_its_surface_read(
    builds: dict[str, Built], surface: str, tmp_path: Path
) -> None:
    with zipfile.ZipFile(builds[surface].archive) as packed:
        packed.extractall(tmp_path)
    program = """
import sys
from botocore.session import Session
for service in sys.argv[1:]:
    client = Session().create_client(service, region_name="eu-central-1",
                                     aws_access_key_id="a", aws_secret_access_key="b")
    assert client.meta.endpoint_url.endswith(".eu-central-1.amazonaws.com"), client.meta.endpoint_url
assert sys.modules["botocore"].__file__.startswith(sys.path[0])
"""
    subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{program}",
            *SURFACES[surface].services,
        ],
        check=True,
        env={"PATH": "/usr/bin:/bin"},
    )


@pytest.mark.parametrize("surface", SURFACES)
def test_every_module_of_ours_in_the_zip_can_be_imported(
    builds: dict[str, Built], surface: str, tmp_path: Path
) -> None:
    with zipfile.ZipFile(builds[surface].archive) as packed:
        packed.extractall(tmp_path)
    modules = [
        name[:-3].replace("/", ".") for name in names(builds[surface]) if re.fullmatch(r"chalicelib/.*\.py", name)
    ]
    wanted = sorted({module.removesuffix(".__init__") for module in modules if ".compiled." not in module})
    program = (
        f"import sys, importlib; sys.path.insert(0, {str(tmp_path)!r}); [*map(importlib.import_module, {wanted!r})]"
    )
    environment = {"PATH": "/usr/bin:/bin", "SURFACE": surface, "AWS_REGION": "eu-central-1"}
    subprocess.run([sys.executable, "-S", "-c", program], check=True, env=environment)


@pytest.mark.parametrize("surface", SURFACES)
def test_the_template_is_one_that_cloudformation_accepts(builds: dict[str, Built], surface: str) -> None:
    # Off the process: the linter warns of its own dependencies.
    command = [sys.executable, "-m", "cfnlint", str(builds[surface].template), str(PROJECT / "infra" / "tables.yaml")]
    assert subprocess.run(command, check=False, capture_output=True, text=True).stdout == ""


# What names a function itself and calls none: versions, what watches it, and a URL, which has a qualifier besides.
NO_CALLERS = {
    *("AWS::Lambda::Version", "AWS::Lambda::Alias", "AWS::Logs::LogGroup"),
    *("AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Lambda::Url"),
}


@pytest.mark.parametrize("name", [*SURFACES, "photos"])
def test_every_function_is_called_by_the_alias_that_a_roll_back_moves(builds: dict[str, Built], name: str) -> None:
    template = (
        json.loads(builds[name].template.read_text())
        if name in SURFACES
        else yaml.safe_load((PROJECT / "infra" / "photos.yaml").read_text())
    )
    resources = template["Resources"]
    functions = {name for name, each in resources.items() if each["Type"] == "AWS::Lambda::Function"}
    assert functions
    aliases = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::Lambda::Alias"]
    assert sorted((each["FunctionName"]["Ref"], each["Name"]) for each in aliases) == [
        (function, rollback.ALIAS) for function in sorted(functions)
    ]
    for function in functions:
        direct = (f'{{"Ref": "{function}"}}', f'["{function}", "Arn"]', f"${{{function}.Arn}}", f"${{{function}}}")
        calling = {
            f"{logical} calls {function}"
            for logical, each in resources.items()
            if each["Type"] not in NO_CALLERS and any(way in json.dumps(each) for way in direct)
        }
        assert calling == set()


@pytest.mark.parametrize("surface", SURFACES)
def test_a_function_is_ready_before_it_is_first_asked(builds: dict[str, Built], surface: str, tmp_path: Path) -> None:
    template = json.loads(builds[surface].template.read_text())
    assert template["Resources"]["APIHandler"]["Properties"]["Handler"] == "start.app"
    with zipfile.ZipFile(builds[surface].archive) as packed:
        packed.extractall(tmp_path)
    program = f"""
import sys; sys.path.insert(0, {str(tmp_path)!r})
import gc, start
if {surface!r} == "internal":
    from chalicelib.store import models
    assert models.RegistryItem._connection.connection._client is not None
assert gc.isenabled() and gc.get_freeze_count() > 10_000
assert "segno" not in sys.modules
"""
    environment = {"PATH": "/usr/bin:/bin", "SURFACE": surface, "AWS_REGION": "eu-central-1"}
    subprocess.run([sys.executable, "-S", "-c", program], check=True, env=environment)
