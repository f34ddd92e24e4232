"""Edge: an endpoint that speaks OpenAI's chat completions, by the official client (extra `llm`).

The client retries what may pass (429 with Retry-After, 5xx, time-outs). Ours are the bounds that it lacks: no answer
takes longer or grows larger than we say, and no redirect carries a text to another place.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from factcheck.distribution import needing
from factcheck.errors import AuthError, Rejected, ServerError, failure

if TYPE_CHECKING:
    from openai import OpenAI

_NO_KEY = "none"
"""For servers of this machine, which ask for none; the client refuses to send nothing."""
_LARGEST = 2_000_000
_RETRIES = 3
_REFUSED = (401, 403)
_NOT_FOUND = 404


class Reply(NamedTuple):
    """The model's words, and the tokens that the endpoint counted; None where it did not."""

    content: str
    question: int | None
    answer: int | None


class _Lax(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Message(_Lax):
    content: str


class _Choice(_Lax):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Lax):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)


class _Completion(_Lax):
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


class Endpoint:
    """One model at one address; may be asked from several threads."""

    def __init__(
        self,
        url: str,
        key: str | None,
        model: str,
        *,
        seconds: float,
        retries: int = _RETRIES,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`seconds` is what one attempt may take; raises InstallError without the extra."""
        with needing("llm", "--helper llm"):
            import openai
        self._url, self._model = url, model
        self._http = httpx.Client(transport=_Bounded(seconds, trust), timeout=seconds, follow_redirects=False)
        self._client: OpenAI = openai.OpenAI(
            api_key=key or _NO_KEY, base_url=url, max_retries=retries, timeout=seconds, http_client=self._http
        )

    def close(self) -> None:
        """Close the connections; what is under way fails."""
        self._http.close()

    def ask(self, messages: list[dict[str, str]], schema: dict[str, Any], *, limit: int) -> Reply:
        """The model's answer in the form of the schema, of at most `limit` tokens.

        Raises AuthError where the key is refused, ServerError where there is no such model or address; Rejected
        (NO_ANSWER, BAD_ANSWER) for what concerns this question alone.
        """
        import openai

        form = {"type": "json_schema", "json_schema": {"name": "claims", "strict": True, "schema": schema}}
        said: Any = messages
        try:
            raw = self._client.chat.completions.with_raw_response.create(
                model=self._model, messages=said, response_format=form, max_completion_tokens=limit, temperature=0
            )  # type: ignore[call-overload]
            body: bytes = raw.http_response.content
        except openai.APIStatusError as error:
            raise self._refused(error.status_code) from error
        except openai.APITimeoutError as error:
            raise Rejected("NO_ANSWER", "the endpoint did not answer in time, also when asked again") from error
        except openai.APIConnectionError as error:
            cause = error.__cause__
            why = type(cause).__name__ if isinstance(cause, httpx.HTTPError) else failure(cause or error)  # type: ignore[arg-type]
            raise Rejected("NO_ANSWER", f"the endpoint could not be reached ({why})") from error
        return _read(body)

    def _refused(self, status: int) -> Exception:
        if status in _REFUSED:
            hint = "set FACTCHECK_LLM_KEY, or correct the file `llm.key_file`"
            return AuthError(f"the endpoint does not accept the key (HTTP {status})", subject=self._url, hint=hint)
        if status == _NOT_FOUND:
            hint = "correct url and model under [llm] in factcheck.toml"
            what = f"has no model {self._model}, or no chat completions (HTTP 404)"
            return ServerError(what, subject=self._url, hint=hint)
        return Rejected("NO_ANSWER", f"the endpoint refused (HTTP {status})")


def _read(body: bytes) -> Reply:
    if len(body) >= _LARGEST:
        raise Rejected("BAD_ANSWER", f"the answer is larger than {_LARGEST:,} bytes")
    try:
        found = _Completion.model_validate_json(body)
    except ValidationError as error:
        raise Rejected("BAD_ANSWER", "the endpoint's answer is no chat completion") from error
    choice = found.choices[0]
    if choice.finish_reason == "length":
        raise Rejected("BAD_ANSWER", "the model's answer was cut short at its limit")
    if found.usage is None:
        return Reply(choice.message.content, None, None)
    return Reply(choice.message.content, found.usage.prompt_tokens, found.usage.completion_tokens)


class _Bounded(httpx.HTTPTransport):
    """A transport whose answers end in time, and are cut where they are too large; never packed ones, which swell."""

    def __init__(self, seconds: float, trust: ssl.SSLContext | None) -> None:
        super().__init__(verify=trust or True, trust_env=False)
        self._seconds = seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, bounded; one that says nothing in the place of a packed one."""
        request.headers["Accept-Encoding"] = "identity"
        until = time.monotonic() + self._seconds
        response = super().handle_request(request)
        if "content-encoding" in response.headers:
            response.close()
            return httpx.Response(response.status_code, content=b"packed although asked not to be", request=request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Short(response.stream, until, request)
        return response


class _Short(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, until: float, request: httpx.Request) -> None:
        self._inner, self._until, self._request = inner, until, request

    def __iter__(self) -> Iterator[bytes]:
        left = _LARGEST
        for chunk in self._inner:
            if time.monotonic() > self._until:
                raise httpx.ReadTimeout("the answer takes too long", request=self._request)
            yield chunk[:left]
            left -= min(left, len(chunk))
            if not left:
                return

    def close(self) -> None:
        self._inner.close()
