"""All forms of a verb from its stems: templates such as `{past}{person}` over tables of endings. Pure.

A template holds names in braces. A name is one of the verb's own stems, or a table of the language (persons,
negations, auxiliaries); each entry of a table gives one form, and a form for which the verb lacks a stem is none.
Stems may be several, parted by `|`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

_NAME = re.compile(r"\{(\w+)\}")


def forms(templates: Iterable[str], stems: Mapping[str, str], tables: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The forms of a verb, each once, in the order of templates and tables.

    Raises ValueError for a name that is no table and no stem any verb of this language could have.
    """
    seen: set[str] = set()
    for template in templates:
        names = list(dict.fromkeys(_NAME.findall(template)))
        choices = [stems[name].split("|") if name in stems else tables.get(name, ()) for name in names]
        for chosen in itertools.product(*choices):
            values = dict(zip(names, chosen, strict=True))
            form = " ".join(_NAME.sub(lambda match, values=values: values[match[1]], template).split())  # type: ignore[misc]
            if form and form not in seen:
                seen.add(form)
                yield form
