"""Pages of invented papers in Arabic, in the forms that their systems make."""

# ruff: noqa: E501 - markup as pages have it

from __future__ import annotations

from tests.articles.page_parts import AR, MENU_AR, OTHER_AR, Form, links, meta, page, ps


def drupal_ar() -> Form:
    """Drupal in Arabic: RDFa of the day on a span, fields in boxes, the site's name before the title."""
    head = "<title>صوت الوادي | ثلاث مدارس جديدة في وادي الورد</title>" + meta(
        og__title="صوت الوادي | ثلاث مدارس جديدة في وادي الورد", og__site_name="صوت الوادي"
    )
    body = (
        f'{MENU_AR}<div class="node node--type-article"><h1 class="page-title"><span property="schema:name">ثلاث مدارس جديدة في وادي الورد</span></h1>'
        '<span property="dc:date dc:created" content="2024-02-08T10:30:00+00:00" datatype="xsd:dateTime" rel="sioc:has_creator">الخميس, 02/08/2024</span>'
        f'<div class="field field-name-body"><div class="field-items"><div class="field-item even" property="content:encoded">{ps(AR)}</div></div></div></div>'
        f'<div class="block"><h2>مواضيع ذات صلة</h2>{links(OTHER_AR)}</div>'
    )
    return Form(
        page(body, head, "ar"), "ثلاث مدارس جديدة في وادي الورد", "2024-02-08", "صوت الوادي", None, AR, (OTHER_AR,)
    )


def arabic_text_date() -> Form:
    """A date in Arabic words below the headline, with the months' Syrian names."""
    body = (
        f'{MENU_AR}<div class="main"><h1>ثلاث مدارس جديدة</h1><div class="small">تاريخ النشر: 8 شباط 2024</div>'
        f'<div class="txt">{ps(AR)}</div></div>'
    )
    return Form(page(body, "<title>ثلاث مدارس جديدة</title>", "ar"), "ثلاث مدارس جديدة", "2024-02-08", None, None, AR)


def arabic_time_without_datetime() -> Form:
    """<time> with words only, and one of the newest story in the side bar."""
    body = (
        f"<header><time>الخميس 26 نوفمبر 2026</time>{MENU_AR}</header>"
        f'<aside><ul><li><a href="/1">{OTHER_AR}</a><time datetime="2026-11-25">أمس</time></li></ul></aside>'
        f"<main><h1>ثلاث مدارس جديدة</h1><time>8 فبراير 2024</time>{ps(AR)}</main>"
    )
    return Form(
        page(body, "<title>ثلاث مدارس جديدة</title>", "ar"),
        "ثلاث مدارس جديدة",
        "2024-02-08",
        None,
        None,
        AR,
        (OTHER_AR,),
    )


def breaks_for_paragraphs() -> Form:
    """An old system: one box, paragraphs parted by two line breaks, no element for any of them."""
    body = f"{MENU_AR}<h1>ثلاث مدارس جديدة</h1><div class='text'>{'<br><br>'.join(AR)}</div>"
    head = "<title>ثلاث مدارس جديدة</title>" + meta(article__published_time="2024-02-08")
    return Form(page(body, head, "ar"), "ثلاث مدارس جديدة", "2024-02-08", None, None, AR)


def web_forms() -> Form:
    """The whole page in one form, as a system of Arab ministries does, with state in a hidden field."""
    body = (
        f'<form id="aspnetForm"><input type="hidden" name="__VIEWSTATE" value="abc"><select><option>العربية</option></select>{MENU_AR}'
        f'<div class="news-details"><h1>ثلاث مدارس جديدة</h1><span id="ctl00_lblDate">08/02/2024</span>{ps(AR)}</div></form>'
    )
    return Form(
        page(body, "<title>ثلاث مدارس جديدة</title>", "ar"),
        "ثلاث مدارس جديدة",
        "2024-02-08",
        None,
        None,
        AR,
        ("العربية",),
    )


FORMS = (
    drupal_ar,
    arabic_text_date,
    arabic_time_without_datetime,
    breaks_for_paragraphs,
    web_forms,
)
