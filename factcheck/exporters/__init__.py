"""Committed versions as files that editors, readers and programs can open."""

from factcheck.exporters.contract import ExportContext, Exported, Rendered
from factcheck.exporters.profile_files import find, profiles
from factcheck.exporters.profiles import Profile
from factcheck.exporters.registry import formats, render
from factcheck.exporters.view import view
from factcheck.exporters.write import write
from factcheck.exporters.write_folder import write_folder

__all__ = [
    "ExportContext",
    "Exported",
    "Profile",
    "Rendered",
    "find",
    "formats",
    "profiles",
    "render",
    "view",
    "write",
    "write_folder",
]
