"""`learn`: amounts of check-worthiness from the desk's own verdicts, in a file that the desk may choose to use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl
from pydantic import ValidationError

from factcheck import fs
from factcheck.claims.worthiness import Amounts, shipped
from factcheck.errors import ConfigError, UsageError
from factcheck.models import Choice, digest
from factcheck.notation import toml_table
from factcheck.pipeline.desk import Desk
from factcheck.settings import FILE_NAME, Settings

if TYPE_CHECKING:
    from factcheck.claims.learning import Learnt

FOLDER = "amounts"
_FACTS = (str(Choice.VERIFIED), str(Choice.DISPUTED))


class Proposed(NamedTuple):
    """What was learnt, and the file it stands in; the setting that would use it."""

    learnt: Learnt
    path: Path
    setting: str

    def as_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        found = self.learnt
        return {
            "file": self.setting, "facts": found.facts, "opinions": found.opinions,
            "average_precision": found.after, "average_precision_before": found.before,
            "changes": {name: {"before": old, "after": new} for name, (old, new) in found.changes.items()},
        }  # fmt: skip


def chosen(settings: Settings) -> Amounts:
    """The amounts that the desk uses: its own where `[claims] amounts` names a file, else the package's.

    Raises ConfigError for a file that is missing or wrong.
    """
    if settings.claims.amounts is None:
        return shipped()
    path = settings.root / settings.claims.amounts
    hint = f"correct [claims] amounts in {FILE_NAME}, or take it out to use the amounts of the package"
    try:
        text = path.read_text("utf-8")
        found = Amounts.model_validate(toml_table(text))
    except FileNotFoundError as error:
        raise ConfigError("is named in [claims] amounts and is not there", subject=str(path), hint=hint) from error
    except (OSError, UnicodeDecodeError, ValueError, ValidationError) as error:
        raise ConfigError(f"holds no amounts: {_first(error)}", subject=str(path), hint=hint) from error
    return found.model_copy(update={"name": f"{path.stem}-{digest(text)[:8]}"})


def learnt(settings: Settings, *, seed: int) -> Proposed:
    """What the desk's verdicts say of each signal, written as the next file of its folder `amounts`.

    Raises UsageError where too few claims have a verdict.
    """
    from factcheck.claims.learning import LEAST, learn

    desk = Desk(settings)
    data = desk.readable()
    verdicts = data.verdicts().select("claim_id", "verdict").rename({"claim_id": "group_id"}).collect()
    claims = (
        data.claims()
        .select("claim_id", "group_id", "quote", "lang", "reporting_verb")
        .collect()
        .join(verdicts, on="group_id", how="left", maintain_order="left")
        .with_columns(
            is_fact=pl.when(pl.col("verdict").is_in(_FACTS))
            .then(True)
            .when(pl.col("verdict") == str(Choice.OPINION))
            .then(False)
        )
    )
    there = [path.stem for path in (settings.root / FOLDER).glob("*.toml")]
    name = f"{max((int(stem) for stem in there if stem.isdecimal()), default=0) + 1:04}"
    found = learn(claims, chosen(settings), name=name, seed=seed)
    if found is None:
        raise UsageError(
            f"there are not yet {LEAST} claims found to be facts and {LEAST} found to be opinions",
            subject=settings.dataset_uri,
            hint="the amounts of the package go on to count; try again when more claims have a verdict",
        )
    path = settings.root / FOLDER / f"{name}.toml"
    fs.make_folder(path.parent)
    fs.replace(path, _written(found).encode())
    return Proposed(found, path, f"{FOLDER}/{name}.toml")


def _written(found: Learnt) -> str:
    lines = [
        "# Check-worthiness in log odds: the base of each language and the amount of each signal.",
        f"# By `factcheck learn`: from {found.facts} claims found to be facts and {found.opinions} to be opinions.",
        f"# Average precision on claims held out: {found.after:.3f}; of the amounts before: {found.before:.3f}.",
        "",
        "[base]",
        *(f"{lang} = {value:.2f}" for lang, value in found.amounts.base.items()),
        "",
        "[amounts]",
        *(f'"{name}" = {value:.2f}' for name, value in found.amounts.amounts.items()),
    ]
    return "\n".join(lines) + "\n"


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
    return str(error).splitlines()[0]
