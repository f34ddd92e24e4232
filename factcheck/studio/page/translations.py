"""What the checkers' page says, in the desk's languages; the stored values never depend on it."""

from __future__ import annotations

from typing import NamedTuple

from factcheck.languages import Language
from factcheck.models import Choice, Confidence
from factcheck.text import Direction


class Wording(NamedTuple):
    """The words of one language."""

    direction: Direction
    verdict: str
    verified: str
    disputed: str
    opinion: str
    not_a_claim: str
    rationale: str
    rationale_hint: str
    evidence: str
    evidence_hint: str
    confidence: str
    low: str
    medium: str
    high: str
    context: str
    claimant: str
    outlet: str
    date: str
    source: str
    also_in: str
    unknown: str
    withdrawn: str
    decision: str
    votes: str
    sure: str
    no_reason: str
    settled: str

    @property
    def choices(self) -> dict[str, str]:
        """The label of each `models.Choice`, in the order of the keys."""
        return {
            Choice.VERIFIED: self.verified,
            Choice.DISPUTED: self.disputed,
            Choice.OPINION: self.opinion,
            Choice.NOT_A_CLAIM: self.not_a_claim,
        }

    @property
    def levels(self) -> dict[str, str]:
        """The label of each `models.Confidence`."""
        return {Confidence.LOW: self.low, Confidence.MEDIUM: self.medium, Confidence.HIGH: self.high}


WORDINGS: dict[Language, Wording] = {
    "en": Wording(
        direction="ltr",
        verdict="What is true of this claim?",
        verified="Verified",
        disputed="Disputed",
        opinion="Opinion",
        not_a_claim="Not a checkable claim",
        rationale="Rationale",
        rationale_hint="Why? Two sentences are enough.",
        evidence="Evidence",
        evidence_hint="Links (\u2066https://…\u2069), one a line.",
        confidence="How sure are you?",
        low="Not very",
        medium="Fairly",
        high="Very",
        context="Where it stands",
        claimant="Said by",
        outlet="Outlet",
        date="Date",
        source="Article",
        also_in="Also in",
        unknown="not named",
        withdrawn="This claim was withdrawn. Please skip it.",
        decision="What do you decide?",
        votes="What the checkers said",
        sure="confidence",
        no_reason="No reason given",
        settled="This claim is no longer contested. Please skip it.",
    ),
    "fa": Wording(
        direction="rtl",
        verdict="دربارهٔ این ادعا چه می‌توان گفت؟",
        verified="تأیید شد",
        disputed="محل مناقشه",
        opinion="اظهار نظر",
        not_a_claim="ادعای قابل بررسی نیست",
        rationale="استدلال",
        rationale_hint="چرا؟ دو جمله کافی است.",
        evidence="شواهد",
        evidence_hint="نشانی‌ها (\u2066https://…\u2069)، هر کدام در یک سطر.",
        confidence="چقدر مطمئن هستید؟",
        low="کم",
        medium="متوسط",
        high="زیاد",
        context="جای آن در متن",
        claimant="گوینده",
        outlet="رسانه",
        date="تاریخ",
        source="مقاله",
        also_in="همچنین در",
        unknown="نام برده نشده",
        withdrawn="این ادعا پس گرفته شده است. لطفاً از آن بگذرید.",
        decision="تصمیم شما چیست؟",
        votes="نظر بررسی‌کنندگان",
        sure="اطمینان",
        no_reason="دلیلی نوشته نشده",
        settled="دربارهٔ این ادعا دیگر اختلافی نیست. لطفاً از آن بگذرید.",
    ),
    "ar": Wording(
        direction="rtl",
        verdict="ماذا يقال في هذا الادعاء؟",
        verified="ثبتت صحته",
        disputed="محل خلاف",
        opinion="رأي",
        not_a_claim="ليس ادعاءً يمكن التحقق منه",
        rationale="التعليل",
        rationale_hint="لماذا؟ تكفي جملتان.",
        evidence="الأدلة",
        evidence_hint="روابط (\u2066https://…\u2069)، رابط في كل سطر.",
        confidence="ما مدى تأكدك؟",
        low="قليل",
        medium="متوسط",
        high="كبير",
        context="موضعه في النص",
        claimant="القائل",
        outlet="الوسيلة الإعلامية",
        date="التاريخ",
        source="المقال",
        also_in="ورد أيضاً في",
        unknown="غير مسمّى",
        withdrawn="سُحب هذا الادعاء. يرجى تخطيه.",
        decision="ما قرارك؟",
        votes="ما قاله المدققون",
        sure="الثقة",
        no_reason="لم يُذكر سبب",
        settled="لم يعد هذا الادعاء محل خلاف. يرجى تخطيه.",
    ),
}
