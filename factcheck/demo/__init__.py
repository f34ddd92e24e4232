"""The whole loop on bundled articles: a real Label Studio, simulated checkers, two versions, every export."""

from factcheck.demo.steps import run

__all__ = ["run"]
