"""A licence as the readers of a dataset folder name it: SPDX, an address, the identifiers of dataset hubs. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from factcheck import web

_IDENTIFIER = re.compile(r"[A-Za-z0-9.+-]+")
_OF_HUBS = frozenset(
    {
        *("cc0-1.0", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc-by-nd-4.0"),
        *("cc-by-nc-sa-4.0", "cc-by-nc-nd-4.0", "odbl", "odc-by", "pddl", "mit", "apache-2.0", "bsd-3-clause"),
    }
)
_ODC = {"odbl-1.0": "odbl", "odc-by-1.0": "odc-by", "pddl-1.0": "pddl"}


class Licence(NamedTuple):
    """A licence: what it is called, its address (empty where none is known), and its identifier on dataset hubs."""

    name: str
    url: str
    hub: str


def licence(said: str) -> Licence:
    """The licence of the desk's setting, which is an SPDX expression or an address."""
    if web.is_web_address(said):
        return Licence(said, said, "other")
    identifier = said.lower()
    hub = _ODC.get(identifier, identifier)
    known = _IDENTIFIER.fullmatch(said) and not said.startswith("LicenseRef-")
    url = f"https://spdx.org/licenses/{said}.html" if known else ""
    return Licence(said, url, hub if hub in _OF_HUBS else "other")
