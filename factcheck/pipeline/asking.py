"""A language model as a helper of `claims`: announced, asked within a budget, and never asked the same twice.

Answers are kept in the desk's state folder by what was asked, so that a second run sends only what is new.
"""

from __future__ import annotations

import functools
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ValidationError

from factcheck import fs, settings, web
from factcheck.claims import prompting
from factcheck.claims.helping import Answer, Asked
from factcheck.errors import ConfigError, Rejected, UsageError
from factcheck.models import digest
from factcheck.pipeline.progress import Progress, duration, silent
from factcheck.settings.model import Llm

if TYPE_CHECKING:
    from factcheck.claims.endpoint import Endpoint

NAME = "llm"
FOLDER = "llm-answers"
_MILLION = 1_000_000
_PATIENCE = 3
"""Questions in a row that may fail before no more are sent."""
_TOKENS_A_SECOND = 40


class Plan(NamedTuple):
    """What would be sent, and what that takes by estimate: tokens, cost (None where no price is set), seconds.

    `cached` questions are answered already; `over` are left out because they would exceed the budget.
    """

    host: str
    model: str
    articles: int
    questions: int
    characters: int
    tokens: int
    cost: float | None
    seconds: float
    cached: int
    over: int

    def as_dict(self) -> dict[str, Any]:
        """The same for --json."""
        return self._asdict()

    def __str__(self) -> str:
        cost = "cost unknown (set price_in and price_out)" if self.cost is None else f"cost about {self.cost:,.2f}"
        articles = f"{self.articles:,} {'article' if self.articles == 1 else 'articles'}"
        over = f"; {self.over:,} questions would exceed the budget and are left out" if self.over else ""
        cached = f"; {self.cached:,} questions are answered already" if self.cached else ""
        return (
            f"to {self.host} (model {self.model}): sentences of {articles}, {self.characters:,} characters in "
            f"{self.questions:,} {'question' if self.questions == 1 else 'questions'}, about {self.tokens:,} tokens, "
            f"{cost}, about {duration(self.seconds)}{over}{cached}"
        )


Agree = Callable[[Plan], bool]
"""Whether a person agrees to what the plan says."""


class _Kept(BaseModel):
    content: str


class Budget:
    """Tokens and cost that a run may still use; a question is counted at its most until its answer came."""

    def __init__(self, limits: Llm) -> None:
        self._limits = limits
        self._used_in = self._used_out = 0
        self._lock = threading.Lock()

    def take(self, question: int, answer: int) -> bool:
        """Whether so many tokens are left; then they are taken."""
        with self._lock:
            wanted_in, wanted_out = self._used_in + question, self._used_out + answer
            price = cost(self._limits, wanted_in, wanted_out)
            most = self._limits.max_cost
            if wanted_in + wanted_out > self._limits.max_tokens or (most is not None and (price or 0) > most):
                return False
            self._used_in, self._used_out = wanted_in, wanted_out
            return True

    def settle(self, question: int, answer: int) -> None:
        """Gives back what was taken and not used; less than nothing where more was used."""
        with self._lock:
            self._used_in -= question
            self._used_out -= answer

    @property
    def used(self) -> int:
        """Tokens used."""
        return self._used_in + self._used_out


def cost(limits: Llm, question: int, answer: int) -> float | None:
    """What so many tokens cost; None where no price is set."""
    if limits.price_in is None or limits.price_out is None:
        return None
    return (question * limits.price_in + answer * limits.price_out) / _MILLION


class Model:
    """The desk's language model, a `claims.helping.Helper`; asks nobody before `agree` has said so.

    Raises ConfigError where [llm] names no endpoint or model, InsecureUrl for one whose way can be overheard;
    AuthError, ServerError and UsageError (nobody agreed) from `propose`.
    """

    def __init__(
        self,
        desk: settings.Settings,
        environment: Mapping[str, str],
        *,
        agree: Agree,
        progress: Progress = silent,
        endpoint: Callable[..., Endpoint] | None = None,
    ) -> None:
        self._llm, self._desk, self._environment = desk.llm, desk, environment
        if not desk.llm.url or not desk.llm.model:
            missing = "url" if not desk.llm.url else "model"
            hint = f"set {missing} under [llm] in factcheck.toml"
            raise ConfigError(f"names no {missing} for the language model", subject="[llm]", hint=hint)
        self._url = settings.check_url(desk.llm.url, allow_http=desk.llm.allow_http, section="llm")
        self._model = desk.llm.model
        self._folder = desk.state / FOLDER
        self._agree, self._progress, self._endpoint = agree, progress, endpoint
        self.counts: dict[str, int] = {}

    @property
    def name(self) -> str:
        """`llm gpt-x prompt-1`: what claims that it proposed say of themselves."""
        return f"{NAME} {self._model} prompt-{prompting.VERSION}"

    def plan(self, asked: Sequence[Asked]) -> Plan:
        """What would be sent for these questions; asks nobody."""
        return self._plan([one for one in asked if self._kept(one) is None], len(asked))

    def propose(self, asked: Sequence[Asked]) -> list[Answer]:
        """An answer for each, in order: kept ones as they were read, others after a person has agreed."""
        found = {number: kept for number, one in enumerate(asked) if (kept := self._kept(one)) is not None}
        due = {number: one for number, one in enumerate(asked) if number not in found}
        self.counts = {"helper_asked": 0, "helper_cached": len(found)}
        if due:
            plan = self._plan(list(due.values()), len(asked))
            if plan.questions:
                key = settings.llm_key(self._desk, self._environment)
                from factcheck.claims.endpoint import Endpoint  # a client of the network, for those who ask a model

                own: Callable[..., Endpoint] = functools.partial(
                    Endpoint, trust=settings.context(self._desk, self._environment)
                )
                endpoint = (self._endpoint or own)(self._url, key, self._model, seconds=self._llm.timeout)
                try:
                    if not self._agree(plan):
                        hint = "factcheck claims --helper llm --yes   (sends it)"
                        raise UsageError(f"nothing was sent {plan}", subject="--helper llm", hint=hint)
                    found |= _Round(self._llm, endpoint, self._keep).run(due, self._progress, self.counts)
                finally:
                    endpoint.close()
        over = Answer(failure=("BUDGET", "not sent: it would exceed max_tokens or max_cost of [llm]"))
        return [found.get(number, over) for number in range(len(asked))]

    def _plan(self, due: Sequence[Asked], every: int) -> Plan:
        budget = Budget(self._llm)
        within, question, answer = [], 0, 0
        for one in due:
            most = prompting.estimate(one)
            if budget.take(most.question, most.limit):
                budget.settle(0, most.limit - most.answer)
                within.append(one)
                question, answer = question + most.question, answer + most.answer
        waves = math.ceil(len(within) / self._llm.concurrency)
        return Plan(
            web.host(self._url),
            self._model,
            len({one.article_id for one in within}),
            len(within),
            sum(end - start for one in within for start, end in one.sentences),
            question + answer,
            cost(self._llm, question, answer),
            waves + answer / _TOKENS_A_SECOND / self._llm.concurrency,
            every - len(due),
            len(due) - len(within),
        )

    def _path(self, one: Asked) -> Path:
        return self._folder / f"{digest(self._url, prompting.material(self._model, one))}.json"

    def _kept(self, one: Asked) -> Answer | None:
        try:
            kept = _Kept.model_validate_json(self._path(one).read_bytes())
        except (OSError, ValidationError):  # asked again
            return None
        answer = prompting.read(kept.content, one)
        return answer if answer.failure is None else None

    def _keep(self, one: Asked, content: str) -> None:
        fs.make_folder(self._folder, mode=0o700)
        fs.write_private(self._path(one), _Kept(content=content).model_dump_json().encode())


class _Round:
    """The questions of one run, several at a time; ends early where the endpoint fails again and again."""

    def __init__(self, limits: Llm, endpoint: Endpoint, keep: Callable[[Asked, str], None]) -> None:
        self._limits, self._endpoint, self._keep = limits, endpoint, keep
        self._budget = Budget(limits)
        self._failed_in_a_row = 0
        self._stopped = False

    def run(self, due: Mapping[int, Asked], progress: Progress, counts: dict[str, int]) -> dict[int, Answer]:
        """The answers by the number of their question; those that the budget forbids are left out."""
        found: dict[int, Answer] = {}
        pool = ThreadPoolExecutor(self._limits.concurrency)
        try:
            asked = {pool.submit(self._ask, one): number for number, one in due.items()}
            for done, future in enumerate(as_completed(asked), 1):
                progress(done, len(asked))
                answer = future.result()
                if answer is not None:
                    found[asked[future]] = answer
                    counts["helper_asked"] += 1
        except BaseException:
            self._stopped = True
            self._endpoint.close()  # what is under way ends now
            raise
        finally:
            pool.shutdown(cancel_futures=True)
        counts["helper_tokens"] = self._budget.used
        return found

    def _ask(self, one: Asked) -> Answer | None:
        if self._stopped or self._failed_in_a_row >= _PATIENCE:
            return Answer(failure=("NO_ANSWER", f"not sent: the endpoint failed {_PATIENCE} times in a row"))
        most = prompting.estimate(one)
        if not self._budget.take(most.question, most.limit):
            return None
        try:
            reply = self._endpoint.ask(prompting.messages(one), prompting.SCHEMA, limit=most.limit)
        except Rejected as error:  # nobody knows what was counted: the most stays taken
            if error.reason_code == "NO_ANSWER":
                self._failed_in_a_row += 1
            return Answer(failure=(error.reason_code, error.what))
        except BaseException:
            self._stopped = True
            raise
        self._failed_in_a_row = 0
        question = most.question if reply.question is None else reply.question
        used = most.limit if reply.answer is None else reply.answer
        self._budget.settle(most.question - question, most.limit - used)
        answer = prompting.read(reply.content, one)
        if answer.failure is None:
            self._keep(one, reply.content)
        return answer


def desks_model(desk: settings.Settings, *, agree: Agree, progress: Progress = silent) -> Model:
    """The model of [llm], with the key of this process's environment or of the key file."""
    return Model(desk, settings.process_environment(), agree=agree, progress=progress)
