"""The command line: which commands there are, where the service is, and with which key."""

from __future__ import annotations

import argparse
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from factory_id import certificates, fetch_keys, keys, labels, log_audit, receipt, staff, sync, verify, verify_offline
from factory_id.endings import STOPPED, WRONG_USE, Stopped, WrongUse
from factory_id.service import Refused, Service

_EPILOG = """\
FACTORY_ID_URL says where the service is, FACTORY_ID_KEY holds the key; --url and --key-file win over them.
A key is never given as an argument, since every user of a machine can read these.

exit codes: 0 all was done, 1 some of it was refused, is not valid or only declared, 2 wrong use (nothing was sent),
3 could not go on
"""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    found = argparse.ArgumentParser(
        prog="factory-id",
        description="Talks to a Factory ID service: for ICS and the registry's operators.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    found.add_argument("--url", help="where the service is, such as https://factory-id.example (FACTORY_ID_URL)")
    found.add_argument("--key-file", type=Path, help="a file that holds the API key (instead of FACTORY_ID_KEY)")
    found.add_argument(
        "--patience", type=float, default=900, metavar="SECONDS", help="how long to try a service that is down (900)"
    )
    commands = found.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (sync, verify, fetch_keys, verify_offline, receipt, log_audit, labels, certificates, keys, staff):
        module.add(commands)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code."""
    chosen = parser().parse_args(arguments)
    try:
        url = _url(chosen)
        service = Service(url, _key(chosen), patience=chosen.patience, note=_note) if url else None
        try:
            code: int = chosen.run(chosen, service)
        finally:
            if service is not None:
                service.close()
    except WrongUse as error:
        return _ended(str(error), WRONG_USE)
    except Stopped as error:
        return _ended(str(error), STOPPED)
    except Refused as error:
        return _ended(f"The service refused: {error}", STOPPED)
    except OSError as error:
        return _ended(f"{error.filename or 'A file'}: {error.strerror}", STOPPED)
    except KeyboardInterrupt:
        return _ended("Interrupted. Run the same command again: what was done stays done.", STOPPED)
    return code


def _url(chosen: argparse.Namespace) -> str:
    url = getattr(chosen, "service_url", None) or chosen.url or os.environ.get("FACTORY_ID_URL", "")
    if getattr(chosen, "offline", False):
        return "https://factory-id.invalid"  # is never asked
    if not url and getattr(chosen, "needs_url", True):
        raise WrongUse("Say where the service is: set FACTORY_ID_URL, or give --url before the command.")
    return str(url)


def _key(chosen: argparse.Namespace) -> str:
    if not chosen.needs_key:
        return ""
    if chosen.key_file is None:
        key = os.environ.get("FACTORY_ID_KEY", "").strip()
    else:
        try:
            key = chosen.key_file.read_text(encoding="ascii").strip()
            if chosen.key_file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) and os.name == "posix":
                _note(f"Others on this machine may read {chosen.key_file}: chmod 600 {chosen.key_file}")
        except (OSError, UnicodeError) as error:
            raise WrongUse(f"The key in {chosen.key_file} cannot be read.") from error
    if not key:
        raise WrongUse("A key is needed: put it into FACTORY_ID_KEY, or into a file named by --key-file.")
    if not key.startswith("fid_") or not key.isascii() or len(key.split()) != 1:
        raise WrongUse("This is no key: one begins with fid_ and has no blanks.")
    return key


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _ended(text: str, code: int) -> int:
    _note(f"factory-id: {text}")
    return code
