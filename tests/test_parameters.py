"""The operator's list, the templates and the settings name the same variables."""

from __future__ import annotations

import json
import re

import pytest

from infra.package import PROJECT, SURFACES, Built

pytest_plugins = ["tests.conftest_builds"]

SET_ON_A_DESK = {"DYNAMODB_ENDPOINT", "SES_ENDPOINT", "S3_ENDPOINT", "KMS_ENDPOINT"}
READ_BY_OTHERS = {"SSL_CERT_FILE"}  # by OpenSSL itself


def read_by_settings() -> set[str]:
    source = (PROJECT / "chalicelib" / "settings.py").read_text(encoding="utf-8")
    return {name for name in re.findall(r'env\.get\("([A-Z_]+)"', source) if not name.startswith("AWS_")}


def variables(built: Built) -> dict[str, object]:
    template = json.loads(built.template.read_text(encoding="utf-8"))
    found: dict[str, object] = template["Resources"]["APIHandler"]["Properties"]["Environment"]["Variables"]
    return found


def test_the_templates_set_what_the_settings_read(builds: dict[str, Built]) -> None:
    told = {name for surface in SURFACES for name in variables(builds[surface])}
    assert told - READ_BY_OTHERS == read_by_settings() - SET_ON_A_DESK


@pytest.mark.parametrize("surface", SURFACES)
def test_the_list_for_people_has_every_parameter(builds: dict[str, Built], surface: str) -> None:
    listed = set(re.findall(r"`(\w+)`", (PROJECT / "infra" / "parameters.md").read_text(encoding="utf-8")))
    template = json.loads(builds[surface].template.read_text(encoding="utf-8"))
    assert set(template["Parameters"]) - {"CodeBucket", "CodeKey"} <= listed
    assert set(variables(builds[surface])) <= listed
