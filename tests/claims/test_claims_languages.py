"""A language of claims is a folder of files: nothing in the code names one, and a new folder is read at once."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import factcheck.claims
from factcheck.claims import extract, language_files
from factcheck.claims.affiliations import affiliation
from factcheck.claims.grammar import grammar
from factcheck.claims.language_files import languages
from factcheck.claims.lexicon import language_of, lexicon
from factcheck.claims.sentences import paragraphs
from factcheck.claims.words import words
from factcheck.claims.worthiness import shipped
from factcheck.languages import folders
from factcheck.text import direction_of_language
from tests.eval.claims_eval import articles_of

PACKAGE = Path(factcheck.claims.__file__).parent
NO_LANGUAGE = {("verb_forms.py", "en")}
"""What only looks like a code: the template of participles in "-en"."""

TOY = {
    "structure.toml": """
[identity]
script = "[A-Za-z]"
letters = "[ŵŷ]"
at_least = 0.02

[sentences]
stops = "¶"
abbreviations = ["Kap"]

[structure]
greetings = ["saluvi"]
function_words = ["la", "de"]
""",
    "signals.toml": """
base = -3.0

[[signal]]
name = "quantity"
terms = ["milo*"]
""",
    "grammar.toml": """
word_order = "case_marked"

[subjects]
told = "ergative"

[templates]
told = ["{stem}{past}"]
one = ["{noun}"]

[tables]
past = ["is", "ais"]

[[verbs]]
templates = ["told"]
stems = [{ stem = "dir" }]

[[nouns]]
class = "role"
templates = ["one"]
stems = ["ministor"]

[classes]
ergative = ["nu"]
according = ["lau"]
institution = ["banko"]
pronoun = ["ŵi"]
complementizer = ["ke"]
""",
    "affiliations.toml": """
role = "last"

[classes]
determiner = ["la"]
""",
}
ARTICLE = """Kap. ministor Tom Ŵeld nu diris ke la ponto kostis 12 milojn¶ La urbo estas granda kaj bela nun.
Ŵi nu diris ke la ŝuldo kreskis je 30 procentoj.
Saluvi, karaj amikoj.
La Nacia banko lau la prezoj falis je 4 procentoj."""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A language of four small files beside a copy of the package's own."""
    data = tmp_path / "data"
    shutil.copytree(str(folders.folder()), data)
    (data / "xx").mkdir()
    for name, text in TOY.items():
        (data / "xx" / name).write_text(text, "utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(folders, "folder", lambda: data)
        _forget()
        yield
    _forget()


def _forget() -> None:
    """Empties what the modules of the room remember of the files."""
    folders.known.cache_clear()
    folders.read.cache_clear()
    for found in pkgutil.iter_modules([str(PACKAGE)]):
        for value in vars(importlib.import_module(f"factcheck.claims.{found.name}")).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


@pytest.mark.usefixtures("toy")
def test_a_folder_is_a_language() -> None:
    assert "xx" in languages()
    made = extract(articles_of([ARTICLE], "xx"))
    found = {claim["quote"][:9]: claim for claim in made.claims.iter_rows(named=True)}
    assert made.rejected["code"].to_list() == ["GREETING"]
    first, second, again, last = found.values()
    assert first["quote"].endswith("milojn¶")
    assert (first["claimant"], first["claimant_role"], first["reporting_verb"]) == (
        "ministor Tom Ŵeld",
        "ministor",
        "diris",
    )
    assert second["quote"].startswith("La urbo")
    assert second["claimant"] is None
    assert again["claimant"] == first["claimant"]
    assert last["claimant"] == "La Nacia banko"
    assert last["claimant_organisation"] == "Nacia banko"
    assert "quantity +1.68" in first["reasons"]
    assert shipped().base["xx"] == -3.0


@pytest.mark.usefixtures("toy")
def test_a_text_without_a_language_is_known_by_the_letters_of_a_folder() -> None:
    assert language_of("La ŵento ŷas ŵasta en la ŵalo.", None) == "xx"
    assert language_of("The wind is strong in the valley.", None) == "en"


def test_the_folder_of_a_language_is_forgotten_with_it() -> None:
    assert languages() == ("ar", "en", "fa", "tr", "ur")
    assert grammar("xx") is None
    assert not lexicon("xx").function_words


@pytest.mark.parametrize("lang", ["../fa", "fa/../fa", "", "FA", "."])
def test_what_is_no_language_reads_no_file(lang: str) -> None:
    assert language_files.read(lang, "structure") is None


def test_no_module_names_a_language() -> None:
    named = {
        (path.name, node.value)
        for path in sorted(PACKAGE.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in languages()
    }
    assert named == NO_LANGUAGE


@pytest.mark.parametrize("lang", languages())
def test_every_language_has_all_that_claims_read(lang: str) -> None:
    assert grammar(lang) is not None
    assert lexicon(lang).function_words
    assert lexicon(lang).turning_words
    assert lang in shipped().base
    # The same reasons in every language, so that one page explains them all.
    assert {signal.name for signal in lexicon(lang).signals} >= {signal.name for signal in lexicon("en").signals}


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Belediye, köprünün kırk gün içinde açılacağını ve ücretin düşeceğini açıkladı.", "tr"),
        ("وزیر نے کہا کہ پل چالیس دن میں کھل جائے گا اور ٹیکس کم ہوگا۔", "ur"),
        ("وزیر گفت پل تا چهل روز دیگر باز می‌شود و مالیات کم خواهد شد.", "fa"),
        ("قال الوزير إن الجسر سيفتح بعد أربعين يوما وإن الضريبة ستنخفض.", "ar"),
        ("The minister said the bridge would open in forty days.", "en"),
        ("گزارشگر از لاہور و ملتان درباره کرکت نوشت و گفت بازی پنج روز طول کشید.", "fa"),
    ],
)
def test_the_language_of_a_text_that_names_none(text: str, lang: str) -> None:
    assert language_of(text, None) == lang


def test_urdu_runs_from_right_to_left_and_turkish_does_not() -> None:
    assert direction_of_language("ur") == "rtl"
    assert direction_of_language("tr") == "ltr"


def test_the_small_letter_of_a_turkish_capital() -> None:
    assert [word.key for word in words("IŞIK İNCE", lexicon("tr").small)] == ["ışık", "ince"]
    assert lexicon("tr").date.search("KASIM AYINDA") is not None


def test_the_full_stop_of_urdu_ends_a_sentence_with_a_space_behind_it_or_none() -> None:
    text = "بارش ہوئی۔ سڑک بند ہے۔ڈیم بھر گیا۔"
    (paragraph,) = paragraphs(text, "ur")
    assert [text[start:end] for start, end in paragraph.sentences] == ["بارش ہوئی۔", "سڑک بند ہے۔", "ڈیم بھر گیا۔"]


@pytest.mark.parametrize(
    ("claimant", "lang", "role", "organisation"),
    [
        ("Samsun Valiliği Sözcüsü Ali Er", "tr", "Samsun Valiliği Sözcüsü", "Samsun Valiliği"),
        ("Samsun Valiliği", "tr", None, "Samsun Valiliği"),
        ("Ali Er", "tr", None, None),
        ("محکمہ موسمیات کے ڈائریکٹر سرفراز خان", "ur", "محکمہ موسمیات کے ڈائریکٹر", "محکمہ موسمیات"),
        ("وزیر خزانہ عائشہ ملک", "ur", "وزیر خزانہ", None),
        ("سٹیٹ بینک", "ur", None, "سٹیٹ بینک"),
        ("عائشہ ملک", "ur", None, None),
    ],
)
def test_what_a_claimant_is_and_speaks_for(
    claimant: str, lang: str, role: str | None, organisation: str | None
) -> None:
    assert affiliation(claimant, lang) == (role, organisation)


@pytest.mark.parametrize(
    ("lang", "lead", "body", "other"),
    [
        (
            "tr",
            "Samsun limanına geçen yıl dört bin gemi geldi.",
            "Samsun limanına geçen yıl toplam dört bin yük gemi geldi.",
            "Samsun limanına geçen yıl toplam dört bin yük gemi gelmedi.",
        ),
        (
            "ur",
            "کراچی بندرگاہ پر گزشتہ سال چار ہزار جہاز آئے۔",
            "کراچی بندرگاہ پر گزشتہ سال چار ہزار مال بردار جہاز آئے۔",
            "کراچی بندرگاہ پر گزشتہ سال چار ہزار مال بردار جہاز نہیں آئے۔",
        ),
    ],
)
def test_a_lead_that_the_body_says_again_is_one_claim_and_a_denial_is_not(
    lang: str, lead: str, body: str, other: str
) -> None:
    def repeated(*sentences: str) -> list[str]:
        made = extract(articles_of(["\n".join(sentences)], lang))
        return made.rejected.filter(pl.col("code") == "REPEATED")["payload"].to_list()

    assert repeated(lead, body) == [lead]
    assert repeated(lead, other) == []


_PIECES = st.sampled_from([
    "Bakan Yılmaz", "İstanbul'da", "dedi", ",", ".", '"', "söyledi", "göre", "IŞIK", "Dr.", "ve", "diyen", "ki", "12,5",
    "وزیر", "نے", "کہا", "کہ", "۔", "احمد", "کے مطابق", "کا کہنا ہے", ":", "“", "”", "؟", "\n", "اور",
])  # fmt: skip


@given(st.lists(_PIECES, min_size=1, max_size=30), st.sampled_from(["tr", "ur"]))
def test_whatever_stands_in_a_text_its_claims_are_pieces_of_it(pieces: list[str], lang: str) -> None:
    text = " ".join(pieces)
    made = extract(articles_of([text], lang))
    assert made.rejected.filter(pl.col("code") == "UNEXPECTED").is_empty()
    for claim in made.claims.iter_rows(named=True):
        assert text[claim["start"] : claim["end"]] == claim["quote"]
        assert claim["claimant"] is None or claim["claimant"] in text
