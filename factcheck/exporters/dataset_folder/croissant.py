"""Croissant 1.1 with the responsible-AI fields. Its root is a schema.org Dataset, which search engines read. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from factcheck.exporters.dataset_folder.facts import Facts, File, agreed
from factcheck.exporters.fields import TABLES, described
from factcheck.exporters.flat_tables import KEYS, REFERRING

CONFORMS_TO: Final = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")
_CONTEXT: Final = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification gives, key by key; a reader warns of any other."""
_TYPES: Final = {pl.String: "sc:Text", pl.Int64: "sc:Integer", pl.Float64: "sc:Float", pl.Datetime: "sc:DateTime"}


def croissant(facts: Facts, files: Sequence[File]) -> dict[str, Any]:
    """The description as JSON-LD."""
    context = facts.context
    said: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS_TO),
        "name": facts.name,
        "alternateName": facts.title,
        "description": describe(facts),
        "url": context.desk_url,
        "version": facts.version,
        "license": facts.licence and facts.licence.address_or_id,
        "identifier": identity(facts),
        "creator": {"@type": "sc:Organization", "name": context.desk_name, "url": context.desk_url},
        "publisher": {"@type": "sc:Organization", "name": context.desk_name, "url": context.desk_url},
        "inLanguage": facts.languages,
        "keywords": ["fact-checking", "claims", "verdicts"],
        "dateCreated": context.committed_at.isoformat(),
        "dateModified": context.committed_at.isoformat(),
        "datePublished": context.committed_at.isoformat(),
        "isAccessibleForFree": True,
        "isLiveDataset": True,
        "citeAs": cite(facts),
        **_responsible(facts),
        "distribution": [_file(file) for file in files],
        "recordSet": [_records(file) for file in files],
    }
    return {key: value for key, value in said.items() if value not in (None, "", [])}


def describe(facts: Facts) -> str:
    """What the folder holds and of which version, profile and rule it is."""
    counted = ", ".join(f"{count:,} {verdict}" for verdict, count in facts.verdicts.items()) or "no verdict yet"
    context = facts.context
    tag = f", tagged {context.tag}" if context.tag else ""
    return (
        f"Claims from the news, checked by people of {context.desk_name}: {facts.n_claims:,} claims ({counted}). "
        f"Version {context.version} of the dataset{tag}, committed at {context.committed_at.isoformat()}, "
        f"by the export profile {facts.profile.name}. Rule in force: {context.policy or 'none recorded'}."
    )


def identity(facts: Facts) -> str:
    """What names this version of this dataset for ever."""
    return f"{facts.context.dataset_id or facts.name}@{facts.context.version_hash}"


def cite(facts: Facts) -> str:
    """How to name the version in a text."""
    context = facts.context
    return (
        f"{context.desk_name} ({context.committed_at.year}). {facts.title}, version {context.version} "
        f"(hash {context.version_hash[:16]}). {context.desk_url}"
    )


def _responsible(facts: Facts) -> dict[str, Any]:
    """The responsible-AI fields, as far as the desk knows: what it does not record is not guessed."""
    context = facts.context
    checkers = context.measured.get("checkers")
    who = "Checkers of the desk" if checkers is None else f"{int(checkers):,} checkers of the desk"
    imported = f" {facts.n_imported:,} verdicts were imported and not counted from answers." if facts.n_imported else ""
    span = None if facts.said_between is None else [day.isoformat() for day in facts.said_between]
    rules = "; ".join(facts.policies) or "none yet"
    protocol = (
        "Each checker answers without seeing the answers of others: verified, disputed, opinion, unproven or not a "
        "claim, with a reason and evidence. A rule turns the answers into a verdict "
        f"(rules in this table: {rules}); ties and low agreement go to people.{imported}"
    )
    per_item = None
    if facts.votes is not None:
        least, most, mean = facts.votes
        per_item = f"{mean:g} on average, {least:,} at least, {most:,} at most, of the claims that anybody answered."
    return {
        "rai:dataCollection": (
            "Sentences that state something checkable were cut by rules out of articles that the desk reads, "
            "or added by its staff; how much one looks worth checking is in check_worthiness."
        ),
        "rai:dataCollectionType": ["Web articles", "Manual human curation"],
        "rai:dataCollectionTimeFrame": span,
        "rai:dataAnnotationPlatform": ["Label Studio"],
        "rai:dataAnnotationProtocol": [protocol],
        "rai:dataAnnotationAnalysis": [agreed(facts)],
        "rai:annotationsPerItem": per_item,
        "rai:annotatorDemographics": [f"{who} answered. Nothing about them is in the data, and no id of theirs."],
        "rai:personalSensitiveInformation": [
            "Claimants are named as articles name them. Checkers and editors are not in it, not even by a pseudonym."
        ],
        "rai:dataUseCases": ["Research on claims and fact-checks; finding claims that were checked before."],
        "rai:dataLimitations": [
            "A claim without a verdict is not a false one.",
            "What was chosen looked worth checking: shares of verdicts say nothing of how often somebody is right.",
        ],
        "rai:dataBiases": ["Outlets, languages and topics are those that the desk reads."],
        "rai:dataSocialImpact": (
            "Verdicts change. Before one is shown again, look it up in a newer version or in status_history."
        ),
        "rai:dataReleaseMaintenancePlan": (
            "Every version has its own folder. What was withdrawn is in no table of a newer one but status_history."
        ),
    }


def _file(file: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": TABLES[file.table],
        "contentUrl": file.name,
        "contentSize": f"{file.n_bytes} B",
        "encodingFormat": "application/x-parquet",
        "sha256": file.sha256,
    }


def _records(file: File) -> dict[str, Any]:
    keys = [{"@id": f"{file.table}/{name}"} for name in KEYS[file.table]]
    return {
        "@type": "cr:RecordSet",
        "@id": file.table,
        "name": file.table,
        "description": TABLES[file.table],
        "key": keys[0] if len(keys) == 1 else keys,
        "field": [_field(file, name, dtype) for name, dtype in file.frame.schema.items()],
    }


def _field(file: File, name: str, dtype: pl.DataType) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{file.table}/{name}",
        "name": name,
        "description": described(name, file.table),
        "dataType": _TYPES[dtype.base_type()],
        "source": {"fileObject": {"@id": file.name}, "extract": {"column": name}},
    }
    if name == "claim_id" and file.table in REFERRING:
        found["references"] = {"field": {"@id": "verdicts/claim_id"}}
    return found
