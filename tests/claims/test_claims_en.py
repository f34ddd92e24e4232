"""English claimants: each order, slot and flag, on invented sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.claims import extract
from factcheck.claims.grammar import grammar
from factcheck.claims.lexicon import lexicon
from factcheck.claims.names import Names
from factcheck.claims.reporting import find, holds_verb
from factcheck.claims.words import words
from tests.claims.test_claims_extract import articles

NOBODY = None
PRONOUN = "(pronoun)"
WORDS = lexicon("en")


def claimant(sentence: str, *known: str) -> str | None:
    """Who reports in a sentence by itself; `known` were named before."""
    names = Names()
    for name in known:
        names.add(name)
    found = find(sentence, WORDS, was_open=False, names=names)
    if found is None:
        return NOBODY
    return PRONOUN if found.who is None else sentence[slice(*found.who)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Orla Penhallow said that the weir had burst.", "Orla Penhallow"),
        ("The harbour board says fees will rise in June.", "The harbour board"),
        ("The weir had burst, Penhallow said.", "Penhallow"),
        ("The weir had burst, said Penhallow.", "Penhallow"),
        ("The weir, Penhallow said on Friday, had burst twice.", "Penhallow"),
        ("The weir has nine cracks, said Penhallow, including one near the lock.", "Penhallow"),
        ('"It burst at four in the morning," said Orla Penhallow, a lock keeper.', "Orla Penhallow"),
        ('"It burst at four in the morning," said a spokesman for the Tarn Valley water board.',
         "a spokesman for the Tarn Valley water board"),
        ('"It burst at four in the morning," Penhallow told the Evening Bell.', "Penhallow"),
        ('Penhallow: "It burst at four in the morning."', "Penhallow"),
        ("According to Penhallow, the weir burst twice.", "Penhallow"),
        ("The weir burst twice, according to a new survey by the county.", "a new survey by the county"),
        ("In the words of Orla Penhallow, the weir was a ruin.", "Orla Penhallow"),
        ("Penhallow is quoted as saying the weir was a ruin.", "Penhallow"),
        ("She told reporters that the weir had burst.", PRONOUN),
        ("The weir had burst, she said.", PRONOUN),
    ],
)  # fmt: skip
def test_each_order(sentence: str, expected: str) -> None:
    assert claimant(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Later, three lock keepers told her the weir had burst.", "three lock keepers"),
        ("Orla Penhallow once said the weir could not burst.", "Orla Penhallow"),
        ("Penhallow on Tuesday said the weir had burst.", "Penhallow"),
        ("Penhallow last week repeatedly warned that the weir would burst.", "Penhallow"),
        ("Penhallow in a letter to the county said the weir had burst.", "Penhallow"),
        ("In a statement the company said the weir was safe.", "the company"),
        ("On Tuesday Penhallow said the weir was safe.", "Penhallow"),
        ("After the flood officials said the weir was safe.", "officials"),
        ("Speaking to the Tarn Valley Herald Penhallow claimed the weir was safe.", "Penhallow"),
        ("Speaking to reporters, Penhallow claimed the weir was safe.", "Penhallow"),
        ("Orla Penhallow, who keeps the lock at Sele, said the weir was safe.", "Orla Penhallow"),
        ("Orla Penhallow, 54, of Sele, said the weir was safe.", "Orla Penhallow"),
        ("Orla Penhallow, the lock keeper, said the weir was safe.", "Orla Penhallow, the lock keeper"),
        ("The lock keeper, Orla Penhallow, said the weir was safe.", "The lock keeper, Orla Penhallow"),
        ("The keeper of the lower lock Orla Penhallow said the weir was safe.",
         "The keeper of the lower lock Orla Penhallow"),
        ("Penhallow -- keeper of the lower lock, a post of honour -- said the weir was safe.", "Penhallow"),
        ("Orla Penhallow, of Sele, Va., said the weir was safe.", "Orla Penhallow"),
        ("Asked about the weir, Penhallow did not answer, but said it was safe.", "Penhallow"),
        ("Penhallow, however, said the weir was safe.", "Penhallow"),
        ("Residents living nearby said the weir was loud.", "Residents"),
        ("A group of scientists said the weir was safe.", "A group of scientists"),
        ("Nearly eight of 10 anglers say they fear the weir.", "Nearly eight of 10 anglers"),
        ("Penhallow and her deputy said the weir was safe.", "Penhallow and her deputy"),
        ("The river rose and police said the weir was safe.", "police"),
        ("Penhallow left the board, saying that the weir was unsafe.", "Penhallow"),
        ("Penhallow tried to argue that the weir was safe.", "Penhallow"),
        ("The Tarn Valley Times reported that the weir was safe.", "The Tarn Valley Times"),
        ("Prime Minister Theodora May said the weir was safe.", "Prime Minister Theodora May"),
        ("Sele Weir Keeper Admits Gate Was Open", "Sele Weir Keeper"),
    ],
)  # fmt: skip
def test_what_may_stand_between_subject_and_verb_or_before_them(sentence: str, expected: str) -> None:
    assert claimant(sentence) == expected


def test_an_aside_after_a_quotation_that_was_open_is_no_part_of_the_name() -> None:
    sentence = "It burst at four,” Sen. Orla Penhallow (R-Ohio) said."
    found = find(sentence, WORDS, was_open=True, names=Names())
    assert found is not None
    assert found.who is not None
    assert sentence[slice(*found.who)] == "Sen. Orla Penhallow"


@pytest.mark.parametrize(
    "auxiliary",
    ["said", "says", "has said", "had said", "will say", "would say", "is saying", "has also said", "did say"],
)
def test_each_tense(auxiliary: str) -> None:
    assert claimant(f"Orla Penhallow {auxiliary} that the weir is safe.") == "Orla Penhallow"


@pytest.mark.parametrize(
    "sentence",
    [
        "Penhallow was about to leave at the time of the alleged theft.",  # an adjective
        "Anglers and their guides have been urged to keep off the weir.",  # a passive
        "Penhallow was told that the weir had burst.",
        "The claims of the anglers were heard in May.",  # nouns
        "Penhallow's claims cost the board nine million pounds.",
        "Police reports from the lock fill nine boxes.",
        "Nine unsigned reports lay on the desk.",
        "Penhallow declined the offer to say more.",  # an infinitive
        "To say so would be wrong.",
        "The weir, called Long Tom, burst in May.",  # a participle
        "The crack found in the weir was long.",
        "The United States bought nine pumps.",  # a name
        "Sele Weekly Reports was sold in May.",
        "It was raining, said Tuesday.",  # no speaker
        "The weir burst in May and the river rose.",
        "According to plan, the weir was opened in May.",
        "Everything he said about the weir was wrong.",
    ],
)  # fmt: skip
def test_participles_passives_nouns_and_names_report_nothing(sentence: str) -> None:
    assert claimant(sentence) is NOBODY


@pytest.mark.parametrize(
    ("flag", "reports", "silent"),
    [
        ("speech", "Penhallow denied the theft.", None),
        ("delivers", "Penhallow found that the weir was cracked.", "Penhallow found a crack in the weir."),
        (
            "delivers",
            "Penhallow wrote in a letter that the weir was cracked.",
            "Penhallow wrote a letter to the board.",
        ),
        ("delivers", "The survey shows a crack of nine metres.", "Penhallow showed a crack of nine metres."),
        ("believes", "Penhallow thinks the weir is cracked.", "Penhallow thinks of the weir."),
        ("judges", "Penhallow accused the board of neglect.", "Penhallow accused the board."),
        ("names", "Penhallow called the weir “a ruin”.", "Penhallow called the police."),
        ("names", "Penhallow described the weir as a ruin.", "Penhallow described the weir."),
        ("commits", "Penhallow refused to open the weir.", "Penhallow refused the tea."),
    ],
)
def test_a_verb_reports_with_what_its_flag_asks_for(flag: str, reports: str, silent: str | None) -> None:
    known = grammar("en")
    assert known is not None
    assert any(flag in hit.value.flags for hit in known.verbs.find(words(reports)))
    assert claimant(reports) is not NOBODY
    if silent:
        assert claimant(silent) is NOBODY


def test_a_deed_reports_only_of_one_who_spoke_before() -> None:
    sentence = "Penhallow rejected the plan."
    assert claimant(sentence) is NOBODY
    assert claimant(sentence, "Orla Penhallow") == "Penhallow"


def test_the_outermost_report_counts_and_the_first_of_two_alike() -> None:
    assert claimant("The board warned that the weir was cracked, Penhallow said.") == "Penhallow"
    assert claimant("Penhallow said the board had warned that the weir was cracked.") == "Penhallow"


@pytest.mark.parametrize("noun", ["weir", "crack", "morning", "nine metres"])
def test_what_does_not_speak_is_no_claimant(noun: str) -> None:
    assert claimant(f"Beside the lock and the {noun} found that it was late.") is NOBODY


def test_a_claimant_has_no_finite_verb_and_is_never_long() -> None:
    long = "The keeper " + "of the lock " * 6
    assert claimant(f"{long}said the weir was safe.") in {"The keeper", NOBODY}
    assert claimant("The man that the board hired in May said the weir was safe.") is NOBODY


def test_a_label_of_a_transcript_holds_no_verb() -> None:
    assert holds_verb("Penhallow said", WORDS)
    assert not holds_verb("Orla Penhallow", WORDS)


PARTS = [
    "Orla Penhallow", "the board", "said", "claims", "has", "been", "accused", ",", "of", "the", "who", "“safe”", '"',
    ":", "—", "and", "that", "in a letter", "on Friday", "told", "'s", "reports", ".", "she", "15,000", "to",
    "\x00\x00",
]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=14))
def test_whatever_the_sentence_is_a_claimant_is_a_piece_of_it_that_is_no_verb(parts: list[str]) -> None:
    sentence = " ".join(parts)
    found = find(sentence, WORDS, was_open=False, names=Names())
    if found is None:
        return
    assert 0 <= found.verb[0] < found.verb[1] <= len(sentence)
    if found.who is not None:
        who = sentence[slice(*found.who)]
        assert who.strip() == who != ""
        assert found.who[1] <= found.verb[0] or found.verb[1] <= found.who[0]
        assert not {"said", "told"} & set(who.split())


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Some say the mill lost 400 people in 2019.", "say"),
        ("Company returns show the mill lost 400 people in 2019.", "show"),
        ("The mill lost 400 people, according to emails posted by a leaker.", "according to"),
    ],
)
def test_what_nobody_with_a_name_says_is_reported_by_nobody(text: str, verb: str) -> None:
    named = "Ann Lee, the mayor of Harlow, said the mill was closed."
    *_, claim = extract(articles(f"{named}\n\n{text}", lang="en")).claims.to_dicts()
    assert (claim["claimant"], claim["reporting_verb"]) == (None, verb)


@pytest.mark.parametrize(
    ("text", "claimant", "verb"),
    [
        ('We had 400 people in that mill," Ann Lee wrote.', "Ann Lee", "wrote"),
        ("We had 400 people in that mill,” Ann Lee told the Harlow Star on Sunday.", "Ann Lee", "told"),
        ("It separated the big units into smaller ones,'' the report says.", "the report", "says"),
        ("Said Ann Lee: “We had 400 people in that mill.”", "Ann Lee", "Said"),
        ("“The old mill must stop at once, all 400 people of it.”― Ann Lee.", "Ann Lee", "―"),
    ],
)
def test_who_closes_a_quotation_that_was_opened_before_says_it(text: str, claimant: str, verb: str) -> None:
    *_, claim = extract(articles(text, lang="en")).claims.to_dicts()
    assert (claim["claimant"], claim["reporting_verb"]) == (claimant, verb)


def test_a_quotation_over_sentences_ends_with_the_speaker_who_closes_it() -> None:
    text = "Bob Ray said: “We had 400 people. The mill was the largest,” he said. “It closed in 2019,” said Ann Lee."
    found = extract(articles(text, lang="en")).claims["claimant"].to_list()
    assert found == ["Bob Ray", "Bob Ray", "Ann Lee"]


@pytest.mark.parametrize(
    ("text", "claimant", "verb"),
    [
        ("The mill closed in 2019, according to local media reports.", "local media reports", "according to"),
        ("The vote comes on Friday, a senior WTA board aide told the Star.", "a senior WTA board aide", "told"),
        (
            '"It insists on the "mill first" rule and raises the pressure on us and its "mill first"" Ann said.',
            "Ann",
            "said",
        ),
        ("Harlow's said it would close 12 of its shops in May.", "Harlow's", "said"),
    ],
)
def test_a_noun_behind_a_source_a_role_with_capitals_and_a_name_like_a_genitive(
    text: str, claimant: str, verb: str
) -> None:
    (claim,) = extract(articles(text, lang="en")).claims.to_dicts()
    assert (claim["claimant"], claim["reporting_verb"]) == (claimant, verb)


def test_who_cried_it_is_part_of_the_sentence() -> None:
    text = "“There are 40 sharks in that water!” Ann Lee added. “Who did it?” Ann asked the crew. She left in May 2019."
    quotes = extract(articles(text, lang="en")).claims.select("quote", "claimant").rows()
    assert quotes[0] == ("“There are 40 sharks in that water!” Ann Lee added.", "Ann Lee")
    assert quotes[-1][0] == "She left in May 2019."


def test_another_speaker_behind_a_quotation_does_not_take_what_was_quoted_before() -> None:
    text = "Bob Ray said: “We had 400 people here. The mill was the largest of 12” and Ann Lee said it closed in 2019."
    first, *_ = extract(articles(text, lang="en")).claims["claimant"].to_list()
    assert first == "Bob Ray"
