"""Edge: vectors from an endpoint that speaks OpenAI's `embeddings`, on this machine unless a person named another.

The texts go to that address and nowhere else: redirects are not followed, proxies of the environment not asked. The key
stands in a header, and in no message. Answers are bounded in time and size; what may pass (429, 5xx) is asked again.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence

import httpx
import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from factcheck import web
from factcheck.errors import AuthError, InsecureUrl, ProtocolError, ServerError, Unavailable
from factcheck.matching.e5_weights import Floats
from factcheck.matching.embedding import told

LOCAL = "http://127.0.0.1:11434/v1"
"""Where Ollama listens."""
_AT_A_TIME = 64
_BYTES_OF_A_NUMBER = 32
_TRIES = 4
_REFUSED = (401, 403)
_AGAIN = (408, 429)
_BROKEN = 500


class _Lax(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Item(_Lax):
    index: int
    embedding: list[float] = Field(min_length=1)


class _Answer(_Lax):
    data: list[_Item]


class Endpoint:
    """One embedding model at one address."""

    def __init__(
        self,
        model: str,
        dimension: int,
        *,
        url: str = LOCAL,
        key: str | None = None,
        seconds: float = 60,
        wait: Callable[[float], None] = time.sleep,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`dimension` is what the model is known to give, `seconds` what one attempt may take.

        Raises InsecureUrl where texts and key would travel unencrypted to another machine.
        """
        if web.can_be_overheard(url):
            raise InsecureUrl("could be read on its way", subject=url, hint="use an https address")
        self._model, self._dimension, self._url = model, dimension, url.rstrip("/")
        self._wait = wait
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        # Never packed, so that the bound on an answer's size is one on what it holds.
        headers["Accept-Encoding"] = "identity"
        self._http = httpx.Client(
            headers=headers, timeout=seconds, follow_redirects=False, trust_env=False, verify=trust or True
        )
        self._seconds = seconds

    @property
    def name(self) -> str:
        """The model and its address: a model of the same name elsewhere may be another."""
        return f"{self._model} at {self._url}"

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._dimension

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors in the order of the texts, float32 of shape (texts, dimension); 64 texts go in a request.

        Raises Rejected (EMPTY), AuthError where the key is refused, Unavailable where nobody answers, ServerError where
        the request is refused, ProtocolError where the answer has other vectors than were asked for.
        """
        normal = told(texts)
        vectors = np.empty((len(normal), self._dimension), np.float32)
        for first in range(0, len(normal), _AT_A_TIME):
            some = normal[first : first + _AT_A_TIME]
            vectors[first : first + len(some)] = self._read(self._ask(some), len(some))
        return vectors

    def _ask(self, texts: list[str]) -> bytes:
        why = ""
        for attempt in range(_TRIES):
            if attempt:
                self._wait(2.0 ** (attempt - 1))
            try:
                status, content = self._post(texts)
            except httpx.HTTPError as error:
                # The class alone: messages of libraries may repeat what was sent.
                why = type(error).__name__
                continue
            if status == httpx.codes.OK:
                return content
            if status in _REFUSED:
                hint = "correct the key of the embeddings' endpoint"
                raise AuthError(f"the endpoint does not accept the key (HTTP {status})", subject=self._url, hint=hint)
            if status not in _AGAIN and status < _BROKEN:
                hint = f"check that the address is right and has the embedding model {self._model}"
                raise ServerError(f"the endpoint refused (HTTP {status})", subject=self._url, hint=hint)
            why = f"HTTP {status}"
        hint = "start it, or run the same command again later; vectors that were computed are kept"
        raise Unavailable(f"the embeddings' endpoint gave no answer ({why})", subject=self._url, hint=hint)

    def _post(self, texts: list[str]) -> tuple[int, bytes]:
        body = {"model": self._model, "input": texts, "encoding_format": "float"}
        largest = (1 + len(texts)) * self._dimension * _BYTES_OF_A_NUMBER + 10_000
        until = time.monotonic() + self._seconds
        with self._http.stream("POST", f"{self._url}/embeddings", json=body) as response:
            content = b""
            if response.status_code == httpx.codes.OK:
                if "content-encoding" in response.headers:
                    raise self._other("is packed although asked not to be")
                for chunk in response.iter_raw():
                    content += chunk
                    if len(content) > largest:
                        raise self._other(f"is larger than {largest:,} bytes")
                    if time.monotonic() > until:
                        raise httpx.ReadTimeout("too slow")
            return response.status_code, content

    def _read(self, content: bytes, count: int) -> Floats:
        try:
            items = _Answer.model_validate_json(content).data
        except ValidationError as error:
            raise self._other("is no list of embeddings") from error
        if sorted(item.index for item in items) != list(range(count)):
            raise self._other(f"has not one vector for each of {count} texts")
        items.sort(key=lambda item: item.index)
        lengths = {len(item.embedding) for item in items}
        if lengths != {self._dimension}:
            raise self._other(f"has vectors of {max(lengths)} numbers in place of {self._dimension}")
        vectors = np.array([item.embedding for item in items])
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or not norms.all():
            raise self._other("has a vector without a direction")
        unit: Floats = (vectors / norms).astype(np.float32)
        return unit

    def _other(self, what: str) -> ProtocolError:
        hint = f"check that {self._model} is an embedding model of {self._dimension} numbers"
        return ProtocolError(f"the answer {what}", subject=self._url, hint=hint)
