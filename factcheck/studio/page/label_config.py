"""The labeling config as code: what a checker sees, and the names under which the answers come back."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from factcheck.languages import Language
from factcheck.studio.page.translations import WORDINGS, Wording

VERDICT, RATIONALE, EVIDENCE, CONFIDENCE = "verdict", "rationale", "evidence", "confidence"
CONTROLS = (VERDICT, RATIONALE, EVIDENCE, CONFIDENCE)

VARIABLES = ("claim", "context", "about", "notice")
"""Fields of a task's data that the page shows; every task has all of them."""

VOTES = "votes"
"""The field that a task in the leads' queue has besides: what the checkers said, without who said it."""

# One project holds every language, so the direction is that of each paragraph: unicode-bidi: plaintext, or in the
# context the dir of the article's language, with the marked claim flowing along even where it begins in Latin. The
# page's own words and rows run in the desk's direction. Text shrinks to its content, which would leave a Persian line
# ordered right but standing at the left edge: its line is made a block as wide as the page. The side panels speak of
# regions, which no claim has, and take a quarter of the page: a checker at work does without them.
# Label Studio escapes the style's text, so a rule with `>` in it never applies.
_STYLE = """
.fc {direction: %s}
.fc, .fc *, .fc textarea::placeholder {unicode-bidi: plaintext; text-align: start}
.fc-about *, .fc-context p, .fc .lsf-choices, .fc .lsf-choices * {unicode-bidi: isolate}
.fc textarea::placeholder {direction: %s}
.fc .lsf-richtext, .fc .lsf-richtext__container {width: 100%%}
.fc .lsf-richtext__line {display: block; width: 100%%}
.fc-claim {padding: 8px 16px; border-radius: 8px; background: rgba(59, 111, 212, 0.1)}
.fc-claim .lsf-richtext__line {font-size: 24px; line-height: 1.9; font-weight: 600}
.fc-notice .lsf-richtext__line {color: #b3261e; font-weight: 600}
.fc-context {padding: 4px 16px}
.fc-context p {font-size: 17px; line-height: 2}
.fc-context mark {unicode-bidi: normal; background: #ffe58a; color: inherit; padding: 2px 0; border-radius: 3px}
.fc-about {padding: 4px 16px}
.fc-about p {line-height: 1.9}
.fc-votes {padding: 4px 16px}
.fc-votes section {display: flex; flex-wrap: wrap; gap: 12px}
.fc-votes article {flex: 1 1 220px; padding: 4px 12px; border: 1px solid #c8ccd4; border-radius: 8px}
.fc-votes article p {line-height: 1.8; overflow-wrap: anywhere}
.lsf-root_mode_labelstream .lsf-sidepanels__wrapper {display: none}
.lsf-root_mode_labelstream .lsf-sidepanels {padding-right: 0 !important}
"""


def label_config(language: Language) -> str:
    """The XML of the checkers' labeling config, with labels and hints in the desk's language.

    One required single choice carries the verdict, so that no contradictory answer can exist; its stored values are
    those of `models.Choice` whatever the language. Keys 1 to 4 choose, as the translations name them.
    """
    words = WORDINGS[language]
    return _config(words, words.verdict)


def queue_config(language: Language) -> str:
    """The XML of the leads' labeling config: the same controls under what the checkers said, side by side."""
    words = WORDINGS[language]
    said = f"""{_header(words.votes)}
<View className="fc-votes"><HyperText name="{VOTES}" value="${VOTES}" inline="true" clickableLinks="true"/></View>
"""
    return _config(words, words.decision, said)


def _config(words: Wording, question: str, said: str = "") -> str:
    return f"""<View className="fc">
<Style>{_STYLE % (words.direction, words.direction)}</Style>
<View className="fc-notice"><Text name="notice" value="$notice" selectionEnabled="false"/></View>
<View className="fc-claim"><Text name="claim" value="$claim" selectionEnabled="false"/></View>
<View className="fc-context"><HyperText name="context" value="$context" inline="true"/></View>
<View className="fc-about"><HyperText name="about" value="$about" inline="true" clickableLinks="true"/></View>
{said}{_header(question)}
<Choices name="{VERDICT}" toName="claim" choice="single-radio" showInline="true" required="true">
{_verdicts(words)}
</Choices>
{_header(words.rationale)}
<TextArea name="{RATIONALE}" toName="claim" rows="3" editable="true" showSubmitButton="false"
 placeholder={quoteattr(words.rationale_hint)}/>
{_header(words.evidence)}
<TextArea name="{EVIDENCE}" toName="claim" rows="2" editable="true" showSubmitButton="false"
 placeholder={quoteattr(words.evidence_hint)}/>
{_header(words.confidence)}
<Choices name="{CONFIDENCE}" toName="claim" choice="single-radio" showInline="true">
{_confidences(words)}
</Choices>
</View>"""


def _header(text: str) -> str:
    return f'<Header value={quoteattr(text)} size="5"/>'


def _verdicts(words: Wording) -> str:
    return "\n".join(
        f'<Choice value={quoteattr(label)} alias="{choice}" hotkey="{key}"/>'
        for key, (choice, label) in enumerate(words.choices.items(), start=1)
    )


def _confidences(words: Wording) -> str:
    return "\n".join(f'<Choice value={quoteattr(label)} alias="{level}"/>' for level, label in words.levels.items())
