"""The page that shows a claim, on the desk's own site, and the id by which feeds know an entry for ever."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from factcheck import web
from factcheck.errors import ConfigError
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.profiles import Profile

_NAMESPACE: Final = uuid.UUID("6f2d0a52-55a3-5c0d-9a3e-2a3f4b8f7f10")
"""Drawn once; another one would give every entry of every feed a new id."""


def address(profile: Profile, context: ExportContext, claim_id: str) -> str:
    """The address of the claim's page, by the profile's `review_url`."""
    return profile.claimreview.review_url.format(desk_url=context.desk_url.rstrip("/"), claim_id=claim_id)


def page(profile: Profile, context: ExportContext, row: Mapping[str, Any]) -> str:
    """The address of the page of a view's row: an editor's where it is a web address, else that of the claim's page."""
    written = row["page_url"]
    return written if written and web.is_web_address(written) else address(profile, context, row["claim_id"])


def pattern(profile: Profile, context: ExportContext) -> tuple[str, str]:
    """What stands before and after the claim's id in the address of its page, for expressions over many."""
    before, _, after = address(profile, context, "{claim_id}").partition("{claim_id}")
    return before, after.replace("{claim_id}", "")


def check(profile: Profile, context: ExportContext) -> None:
    """Raises ConfigError where the address of a page is no web address."""
    found = address(profile, context, "clm")
    if not web.is_web_address(found):
        raise ConfigError(
            f"the address of a claim's page is no web address: {found}",
            subject=profile.name,
            hint="set url under [desk] in factcheck.toml, or review_url under [claimreview] in the profile",
        )


def entry_id(context: ExportContext, *parts: str) -> str:
    """The id of an entry (RFC 4122, version 5): from dataset and claim alone, whatever site or profile shows it."""
    return uuid.uuid5(_NAMESPACE, "\n".join((context.dataset_id, *parts))).urn
