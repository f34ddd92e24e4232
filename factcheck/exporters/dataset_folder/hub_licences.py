"""What dataset hubs call a licence: their own short list of identifiers. Pure."""

from __future__ import annotations

from typing import Final

from factcheck.licences import Licence

OTHER: Final = "other"
_OF_HUBS: Final = frozenset(
    {
        *("cc0-1.0", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-4.0", "cc-by-nd-4.0"),
        *("cc-by-nc-sa-4.0", "cc-by-nc-nd-4.0", "odbl", "odc-by", "pddl", "mit", "apache-2.0", "bsd-3-clause"),
    }
)
_ODC: Final = {"odbl-1.0": "odbl", "odc-by-1.0": "odc-by", "pddl-1.0": "pddl"}


def hub_identifier(licence: Licence) -> str:
    """The identifier that hubs filter by, `other` for a licence that they do not list."""
    identifier = licence.id.lower()
    hub = _ODC.get(identifier, identifier)
    return hub if hub in _OF_HUBS else OTHER
