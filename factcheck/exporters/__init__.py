"""Committed versions as files that editors, readers and programs can open."""

from factcheck.exporters.changes import KINDS, changes
from factcheck.exporters.contract import ExportContext, Exported, Rendered
from factcheck.exporters.profile_files import find, profiles
from factcheck.exporters.profiles import Profile
from factcheck.exporters.registry import format_of, formats, render, shown
from factcheck.exporters.selection import select
from factcheck.exporters.view import SCHEMA as VIEW
from factcheck.exporters.view import view
from factcheck.exporters.write import write
from factcheck.exporters.write_folder import write_folder

__all__ = [
    "KINDS",
    "VIEW",
    "ExportContext",
    "Exported",
    "Profile",
    "Rendered",
    "changes",
    "find",
    "format_of",
    "formats",
    "profiles",
    "render",
    "select",
    "shown",
    "view",
    "write",
    "write_folder",
]
