"""Pages of invented papers in Persian, in the forms that their systems make."""

# ruff: noqa: E501 - markup as pages have it

from __future__ import annotations

from tests.articles.page_parts import FA, MENU_FA, OTHER_FA, Form, ld, links, meta, page, ps


def wordpress_fa() -> Form:
    """WordPress in Persian with an SEO plug-in's @graph."""
    url = "https://nikpress.example/?p=4410"
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "@id": "https://nikpress.example/#website", "name": "نیک‌پرس"},
            {"@type": "Organization", "@id": "https://nikpress.example/#org", "name": "نیک‌پرس"},
            {"@type": "WebPage", "@id": url, "url": url, "name": "خرید ۴۲ اتوبوس تازه - نیک‌پرس", "datePublished": "2024-10-01T05:00:00Z"},
            {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "item": {"name": "خانه"}}]},
            {"@type": "NewsArticle", "headline": "خرید ۴۲ اتوبوس تازه", "mainEntityOfPage": {"@id": url},
             "datePublished": "2024-10-03T06:45:00+00:00", "dateModified": "2026-11-20T06:45:00+00:00",
             "publisher": {"@id": "https://nikpress.example/#org"}},
        ],
    }  # fmt: skip
    head = f'<title>خرید ۴۲ اتوبوس تازه - نیک‌پرس</title><link rel="canonical" href="{url}">' + ld(graph)
    body = (
        f'<header class="site-header"><div class="today">پنجشنبه ۵ آذر ۱۴۰۵</div>{MENU_FA}</header><main>'
        f'<article class="post-4410 post type-post"><header><h1 class="entry-title">خرید ۴۲ اتوبوس تازه</h1>'
        f'<span class="posted-on">۱۲ مهر ۱۴۰۳</span></header><div class="entry-content">{ps(FA)}</div></article></main>'
        f'<aside class="widget-area"><h3>آخرین اخبار</h3>{links(OTHER_FA)}</aside>'
        '<footer class="site-footer"><p>تمام حقوق برای نیک‌پرس محفوظ است.</p></footer>'
    )
    return Form(page(body, head), "خرید ۴۲ اتوبوس تازه", "2024-10-03", "نیک‌پرس", url, FA, (OTHER_FA, "محفوظ"))


def jalali_text_only() -> Form:
    """A home-made system: the date in Jalali text with a clock, a clock of today in the head, no data at all."""
    body = (
        '<div id="top"><div class="date-now">جمعه ۶ آذر ۱۴۰۵ - ساعت ۱۶:۲۰</div></div>'
        f'<div id="menu">{MENU_FA}</div><div class="newsbox"><h1>آغاز ساخت پل دوم</h1>'
        '<div class="info"><span>کد خبر: ۸۸۱۲۳۴۵</span> <span>۱۲ مهر ۱۴۰۳ - ۱۰:۱۵</span></div>'
        f'<div class="khabar-matn">{ps(FA)}</div></div>'
    )
    return Form(page(body, "<title>آغاز ساخت پل دوم</title>"), "آغاز ساخت پل دوم", "2024-10-03", None, None, FA)


def jalali_labelled() -> Form:
    """A date behind its label, after the article, with a moment of change in front of it."""
    body = (
        f'{MENU_FA}<div class="content"><h1>آغاز ساخت پل دوم</h1><div class="body">{ps(FA)}</div>'
        '<div class="foot">آخرین به‌روزرسانی: ۲۰ آبان ۱۴۰۵ - ۰۹:۰۰</div>'
        '<div class="foot">تاریخ انتشار: ۱۲ مهر ۱۴۰۳ - ۱۰:۱۵ | کد خبر: ۷۷۱</div></div>'
    )
    return Form(page(body, "<title>پیک | آغاز ساخت پل دوم</title>"), "آغاز ساخت پل دوم", "2024-10-03", None, None, FA)


def jalali_in_address() -> Form:
    """The day stands in the page's address alone."""
    url = "https://bazar.example/1403/07/12/bridge"
    head = f'<title>آغاز ساخت پل دوم</title><link rel="canonical" href="{url}">'
    body = f"{MENU_FA}<article><h1>آغاز ساخت پل دوم</h1>{ps(FA)}</article>"
    return Form(page(body, head), "آغاز ساخت پل دوم", "2024-10-03", None, url, FA)


def lazy_images() -> Form:
    """Pictures with words for who cannot see them, captions, and the same picture once more without scripts."""
    figure = (
        '<figure><img data-src="a.jpg" alt="دو اتوبوس آبی در میدان"><noscript><img src="a.jpg" alt="دو اتوبوس"></noscript>'
        "<figcaption>عکس: بایگانی پیک بهار</figcaption></figure>"
    )
    body = f"<article><h1>خرید اتوبوس</h1><time datetime='2024-10-03'>۱۲ مهر</time>{ps(FA[:2])}{figure}{ps(FA[2:])}</article>"
    return Form(
        page(body, "<title>خرید اتوبوس</title>"), "خرید اتوبوس", "2024-10-03", None, None, FA, ("میدان", "بایگانی")
    )


def no_h1() -> Form:
    """No h1; the title tag has the site's name after it, og:title is whole."""
    head = "<title>خرید ۴۲ اتوبوس تازه برای نیک‌شهر - خبرگزاری بهار</title>" + meta(
        og__site_name="خبرگزاری بهار", article__published_time="2024-10-03T10:15:00+03:30"
    )
    body = f'{MENU_FA}<div class="title">خرید ۴۲ اتوبوس تازه برای نیک‌شهر</div><div class="item-text">{ps(FA)}</div>'
    return Form(page(body, head), "خرید ۴۲ اتوبوس تازه برای نیک‌شهر", "2024-10-03", "خبرگزاری بهار", None, FA)


def two_h1() -> Form:
    """The site's name is an h1 as well, and comes first."""
    head = "<title>خرید اتوبوس تازه</title>" + meta(og__site_name="پیک بهار")
    body = (
        f'<header><h1 class="logo"><a href="/">پیک بهار</a></h1>{MENU_FA}</header><article><h1>خرید اتوبوس تازه</h1>'
        f'<p class="news-date">پنجشنبه ۱۲ مهر ۱۴۰۳ ساعت ۱۰:۱۵</p>{ps(FA)}</article>'
    )
    return Form(page(body, head), "خرید اتوبوس تازه", "2024-10-03", "پیک بهار", None, FA)


def layout_tables() -> Form:
    """Tables for columns, the menu in one of them, and fonts for headlines."""
    body = (
        '<table width="100%"><tr><td colspan="2"><a href="/">خانه</a> | <a href="/a">بایگانی</a></td></tr>'
        f'<tr><td class="side"><a href="/1">{OTHER_FA}</a></td><td class="main"><h1>خرید اتوبوس</h1>'
        f"<font size=2>۱۲ مهر ۱۴۰۳</font>{ps(FA)}</td></tr></table>"
    )
    return Form(
        page(body, "<title>خرید اتوبوس</title>"), "خرید اتوبوس", "2024-10-03", None, None, FA, (OTHER_FA, "بایگانی")
    )


def lead_in_a_box() -> Form:
    """The lead in a box of its own between headline and text."""
    lead = "شورای شهر نیک‌شهر با خرید ۴۲ اتوبوس و ساخت پل دوم موافقت کرد."
    body = (
        f'{MENU_FA}<div class="news"><h1>خرید اتوبوس</h1><div class="introtext">{lead}</div><ul class="tools"><li>چاپ</li></ul>'
        f'<div class="item-body"><div itemprop="articleBody">{ps(FA)}</div></div></div>'
    )
    head = "<title>خرید اتوبوس</title>" + meta(article__published_time="2024-10-03T10:15:00+03:30")
    return Form(page(body, head), "خرید اتوبوس", "2024-10-03", None, None, (lead, *FA), ("چاپ",))


def other_story_first() -> Form:
    """The first node and the first article element are of another story, with its address."""
    url = "https://bahar.example/news/202"
    other = {
        "@type": "NewsArticle",
        "headline": OTHER_FA,
        "url": "https://bahar.example/news/101",
        "datePublished": "2020-01-01",
        "publisher": {"name": "بهار"},
    }
    own = {
        "@type": "NewsArticle",
        "headline": "خرید ۴۲ اتوبوس تازه",
        "url": url,
        "datePublished": "2024-10-03",
        "publisher": {"name": "بهار"},
    }
    head = f'<title>خرید ۴۲ اتوبوس تازه</title><link rel="canonical" href="{url}">' + ld([other, own])
    card = f'<article class="card"><h3><a href="/news/101">{OTHER_FA}</a></h3><time datetime="2020-01-01">۱۱ دی</time></article>'
    body = f"<section>{card}</section><article><h1>خرید ۴۲ اتوبوس تازه</h1>{ps(FA)}</article>"
    return Form(page(body, head), "خرید ۴۲ اتوبوس تازه", "2024-10-03", "بهار", url, FA, (OTHER_FA,))


def read_also_inside() -> Form:
    """Boxes of other stories and a call for letters between the paragraphs."""
    box = f'<div class="read-also"><h4>بیشتر بخوانید</h4>{links(OTHER_FA)}</div>'
    call = '<div class="newsletter-signup"><p>Get our best stories in your inbox every morning.</p></div>'
    body = f"<article><h1>خرید اتوبوس</h1>{ps(FA[:2])}{box}{ps(FA[2:3])}{call}{ps(FA[3:])}</article>"
    head = "<title>خرید اتوبوس</title>" + meta(article__published_time="2024-10-03T10:15:00+03:30")
    return Form(page(body, head), "خرید اتوبوس", "2024-10-03", None, None, FA, (OTHER_FA, "inbox"))


FORMS = (
    wordpress_fa,
    jalali_text_only,
    jalali_labelled,
    jalali_in_address,
    lazy_images,
    no_h1,
    two_h1,
    layout_tables,
    lead_in_a_box,
    other_story_first,
    read_also_inside,
)
