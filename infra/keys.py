"""The keys that sign, of ``keys.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from infra import stack

TEMPLATE = Path(__file__).with_name("keys.yaml")


def deploy(client: Any, name: str) -> dict[str, str]:
    """The outputs of the keys' stack, ``SigningKey`` and ``ReceiptKey``: ARNs. ``client``: CloudFormation.

    Deploying again keeps the keys that are there. Raises stack.DeployError.
    """
    template = {"TemplateBody": TEMPLATE.read_text(encoding="utf-8")}
    return stack.deploy(client, f"{name}-keys", template, {"Prefix": name})
