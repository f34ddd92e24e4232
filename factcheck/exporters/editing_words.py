"""What the workbook tells editors of the columns that they fill in, in the languages of desks."""

from __future__ import annotations

from factcheck.exporters.labels import Label


def _rule(en: str, fa: str, ar: str) -> Label:
    return {"en": en, "fa": fa, "ar": ar}


RULES: dict[str, Label] = {
    "claim_reviewed": _rule(
        "The claim in words that stand alone: who said what, when. Best under 75 characters, without the verdict. "
        "Words in brown italics are a proposal of the program: nobody's until you change them or approve the row.",
        "ادعا با جمله‌ای که به‌تنهایی فهمیده شود: چه کسی چه گفت و کی. "
        "بهتر است کمتر از ۷۵ نویسه باشد و نتیجه در آن نیاید. "
        "نوشتهٔ مایل قهوه‌ای پیشنهاد برنامه است و تا آن را عوض یا ردیف را تأیید نکنید، از کسی نیست.",
        "الادعاء بجملة تُفهم وحدها: من قال ماذا ومتى. الأفضل أقل من 75 حرفاً ومن دون النتيجة. "
        "النص البني المائل اقتراح من البرنامج، ولا يُنسب إلى أحد حتى تغيّره أو تعتمد الصف.",
    ),
    "headline": _rule(
        "Headline of the page. Shown where the state is approved or published.",
        "تیتر صفحه. وقتی وضعیت «تأیید دبیر» یا «منتشرشده» باشد نمایش داده می‌شود.",
        "عنوان الصفحة. يظهر حين تكون الحالة «معتمد» أو «منشور».",
    ),
    "summary": _rule(
        "Why the verdict is what it is, in a few sentences. Emptying the cell takes your words back.",
        "در چند جمله: چرا نتیجه این است. خالی‌کردن خانه نوشته‌تان را پس می‌گیرد.",
        "لماذا هذه هي النتيجة، في بضع جمل. إفراغ الخلية يسحب نصك.",
    ),
    "page_url": _rule(
        "Address of the page, https://..., where it is another than the one on the desk's own site.",
        "نشانی صفحه با https:// اگر صفحه در جایی جز سایت میز باشد.",
        "رابط الصفحة https://... إن كانت في غير موقع المكتب.",
    ),
    "topic": _rule(
        "One topic, in the same words for claims that belong together.",
        "یک موضوع؛ برای ادعاهای هم‌خانواده همان واژه‌ها را بنویسید.",
        "موضوع واحد، بالكلمات نفسها للادعاءات المترابطة.",
    ),
    "editorial_state_label": _rule(
        "Choose one of the list. A verdict that changed after you approved or published asks for a review: "
        "only you end that, by choosing again.",
        "یکی از فهرست را برگزینید. اگر نتیجه پس از تأیید یا انتشار عوض شود، نیازمند بازبینی است "
        "و تنها شما با گزینش دوباره به آن پایان می‌دهید.",
        "اختر من القائمة. إذا تغيّرت النتيجة بعد الاعتماد أو النشر لزمت مراجعة، ولا ينهيها إلا اختيارك من جديد.",
    ),
}
"""By column, what its comment says."""
CHOOSE = _rule("Choose one of the list.", "یکی از فهرست را برگزینید.", "اختر من القائمة.")
