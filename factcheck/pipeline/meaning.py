"""The desk's embeddings, where [matching] asks for them: which model, and the index of the claims with a verdict.

Vectors are kept by model and text under `.factcheck/matching`, so that no text is computed or sent twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from factcheck import settings as settings_package
from factcheck.dataset import Dataset
from factcheck.errors import ConfigError
from factcheck.matching import vector_index, vector_store
from factcheck.matching.embedding import E5, Embedder
from factcheck.matching.embedding_cache import Cached
from factcheck.matching.vector_store import Kept
from factcheck.models import digest
from factcheck.pipeline.earlier_index import FOLDER, is_of_past, mark_of, new_claims
from factcheck.pipeline.progress import Progress, silent
from factcheck.settings import Settings

VECTORS: Final = "vectors"
_AT_A_TIME: Final = 512
_AT_ONCE: Final = 250_000
"""Claims of one segment."""


def embedder(settings: Settings) -> Embedder | None:
    """The desk's model behind the vectors that are kept; None where claims are compared by words alone.

    Raises InstallError where the extra `embed` is missing, ConfigError where the endpoint is not named whole,
    AuthError, InsecureUrl.
    """
    wanted = settings.matching
    if wanted.embedding == "off":
        return None
    return Cached(E5() if wanted.embedding == "local" else _endpoint(settings), settings.state / FOLDER / VECTORS)


def _endpoint(settings: Settings) -> Embedder:
    wanted = settings.matching
    for name in ("url", "model", "dimension"):
        if getattr(wanted, name) is None:
            hint = f"set {name} under [matching] in factcheck.toml"
            raise ConfigError(f"names no {name} for the embeddings", subject="[matching]", hint=hint)
    assert wanted.url
    assert wanted.model
    assert wanted.dimension
    # Whether texts could be read on their way is for the endpoint to say: there is no setting that allows it.
    url = settings_package.check_url(wanted.url, allow_http=True)
    environment = settings_package.process_environment()
    key = settings_package.embedding_key(settings, environment)
    from factcheck.matching.embedding_endpoint import Endpoint  # a client of the network, for those who ask it

    trust = settings_package.context(settings, environment)
    return Endpoint(wanted.model, wanted.dimension, url=url, key=key, seconds=wanted.timeout, trust=trust)


def earlier_vectors(settings: Settings, data: Dataset, model: Embedder, progress: Progress = silent) -> Kept:
    """The vectors of the claims that the lexical index holds, of the newest version; only what is new is computed.

    A claim without a letter or digit has none. What a killed run computed is kept.
    """
    folder = _folder(settings, data, model)
    mark = mark_of(data)
    if mark is None:
        return vector_store.NOTHING
    kept = vector_store.load(folder)
    if kept.mark == mark:
        return kept
    if not is_of_past(data, kept.mark):
        kept = vector_store.NOTHING
    known = [name.decode() for one in kept.segments for name in one.ids]
    new = new_claims(data, known)
    new = new.filter([any(char.isalnum() for char in quote) for quote in new["quote"]])
    segments = []
    for place, some in enumerate(new.iter_slices(_AT_ONCE)):
        ids, quotes = some["claim_id"].to_list(), some["quote"].to_list()
        for first in range(0, len(quotes), _AT_A_TIME):
            model.embed(quotes[first : first + _AT_A_TIME])
            progress(min(place * _AT_ONCE + first + _AT_A_TIME, new.height), new.height)
        segments.append(vector_index.build(ids, model.embed(quotes)))
    return vector_store.add(folder, kept, segments, mark)


def _folder(settings: Settings, data: Dataset, model: Embedder) -> Path:
    return settings.state / FOLDER / f"earlier-{data.id}-{digest(model.name)[:12]}"
