"""Fixtures that several rooms share; each lives in a module of its own."""

from __future__ import annotations

from tests.live_server import label_studio, studio_environment

__all__ = ["label_studio", "studio_environment"]
