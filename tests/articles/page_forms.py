"""Every form of a page that is written down here."""

from __future__ import annotations

from tests.articles import pages_ar, pages_en, pages_fa
from tests.articles.page_parts import Form

__all__ = ["FORMS", "Form"]

FORMS = (*pages_fa.FORMS, *pages_ar.FORMS, *pages_en.FORMS)
