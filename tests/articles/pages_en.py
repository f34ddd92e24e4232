"""Pages of invented papers in English, in the forms that their systems make."""

# ruff: noqa: E501 - markup as pages have it

from __future__ import annotations

from tests.articles.page_parts import EN, MENU_EN, OTHER_EN, Form, ld, links, meta, page, ps


def british_paper() -> Form:
    """A British paper: NewsArticle beside the JSON-LD of a list, a title with the site's name, a standfirst."""
    url = "https://www.lowbridgepost.example/news/2024/mar/14/buses"
    related = {
        "@type": "ItemList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "item": {"@type": "NewsArticle", "headline": OTHER_EN, "datePublished": "2019-01-01T00:00:00Z"},
            }
        ],
    }
    own = {
        "@type": "NewsArticle", "headline": "Council buys 42 buses", "url": url,
        "datePublished": "2024-03-14T09:00:00.000Z", "dateModified": "2024-05-01T09:00:00.000Z",
        "publisher": {"@type": "Organization", "name": "Lowbridge Post", "logo": {"@type": "ImageObject"}},
    }  # fmt: skip
    lead = "The second bridge of the town is to open a year early, the council has promised."
    head = (
        f'<title>Council buys 42 buses | Buses | Lowbridge Post</title><link rel="canonical" href="{url}">'
        + ld(related) + ld(own) + meta(og__title="Council buys 42 buses | Lowbridge Post", article__modified_time="2024-05-01T09:00:00Z")
    )  # fmt: skip
    body = (
        f'{MENU_EN}<main><article><h1>Council buys 42 buses</h1><div data-gu-name="standfirst"><p>{lead}</p></div>'
        f'<address>By Ann Sample</address><div class="article-body">{ps(EN)}</div></article></main>'
        f"<section><h2>Most viewed</h2>{links(OTHER_EN)}</section>"
    )
    return Form(
        page(body, head, "en"), "Council buys 42 buses", "2024-03-14", "Lowbridge Post", url, (lead, *EN), (OTHER_EN,)
    )


def amp() -> Form:
    """An AMP page: its own elements, the address of the whole page as canonical."""
    url = "https://lowbridgepost.example/news/buses"
    own = {
        "@type": "NewsArticle",
        "headline": "Council buys 42 buses",
        "mainEntityOfPage": url,
        "datePublished": "2024-03-14T09:00:00Z",
    }
    head = (
        f'<title>Council buys 42 buses</title><link rel="canonical" href="{url}"><link rel="amphtml" href="{url}/amp">'
        + ld(own)
    )
    body = (
        '<amp-sidebar><ul><li><a href="/">Home</a></li></ul></amp-sidebar><article><h1>Council buys 42 buses</h1>'
        '<amp-img src="x.jpg" alt="a bus in the rain" width="1" height="1"></amp-img>'
        f'{ps(EN[:2])}<amp-ad type="x"></amp-ad>{ps(EN[2:])}</article>'
    )
    return Form(page(body, head, "en"), "Council buys 42 buses", "2024-03-14", None, url, EN, ("in the rain",))


def wrong_site_name() -> Form:
    """og:site_name is left as the system ships it is no name; the page's own node knows better."""
    own = {
        "@type": "NewsArticle",
        "headline": "Council buys 42 buses",
        "datePublished": "14 March 2024",
        "publisher": [{"@type": "Organization", "name": "Lowbridge Post"}],
    }
    head = "<title>Council buys 42 buses</title>" + ld(own) + meta(og__site_name="https://lowbridgepost.example")
    body = f"<article><h1>Council buys 42 buses</h1>{ps(EN)}</article>"
    return Form(page(body, head, "en"), "Council buys 42 buses", "2024-03-14", "Lowbridge Post", None, EN)


def epoch_in_data() -> Form:
    """An empty date in JSON-LD, a broken one in meta, the right one in the text."""
    own = {"@type": "NewsArticle", "headline": "Council buys 42 buses", "datePublished": "1970-01-01T00:00:00Z"}
    head = "<title>Council buys 42 buses</title>" + ld(own) + meta(article__published_time="{{date}}")
    body = f'<article><h1>Council buys 42 buses</h1><div class="byline">By Ann Sample | 14 March 2024</div>{ps(EN)}</article>'
    return Form(page(body, head, "en"), "Council buys 42 buses", "2024-03-14", None, None, EN)


def live_blog() -> Form:
    """A live blog: each entry with its own time; the page's date is the node's."""
    own = {
        "@type": "LiveBlogPosting", "headline": "Council meeting: as it happened", "datePublished": "2024-03-14T09:00:00Z",
        "liveBlogUpdate": [{"@type": "BlogPosting", "headline": "Vote begins", "datePublished": "2024-03-15T11:00:00Z"}],
    }  # fmt: skip
    entries = "".join(
        f'<section class="entry"><time datetime="2024-03-15T1{n}:00:00Z">1{n}.00</time>{ps((text,))}</section>'
        for n, text in enumerate(EN)
    )
    head = "<title>Council meeting: as it happened</title>" + ld(own)
    body = f"<main><article><h1>Council meeting: as it happened</h1>{entries}</article></main>"
    return Form(page(body, head, "en"), "Council meeting: as it happened", "2024-03-14", None, None, EN)


def microdata() -> Form:
    """Microdata, with the moment of change first."""
    body = (
        '<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Council buys 42 buses</h1>'
        '<meta itemprop="dateModified" content="2025-01-01"><meta itemprop="datePublished" content="2024-03-14">'
        f'<div itemprop="articleBody">{ps(EN)}</div></div>'
    )
    return Form(
        page(body, "<title>Council buys 42 buses</title>", "en"), "Council buys 42 buses", "2024-03-14", None, None, EN
    )


def script_application() -> Form:
    """A page that a script fills; its text stands in the data alone, with markup and references."""
    text = "&lt;p&gt;" + "&lt;/p&gt;&lt;p&gt;".join(EN) + "&lt;/p&gt;"
    own = {
        "@type": ["NewsArticle"],
        "headline": "Council buys 42 buses",
        "datePublished": "2024-03-14T09:00:00Z",
        "articleBody": text,
    }
    head = "<title>Council buys 42 buses</title>" + ld(own)
    return Form(page('<div id="root"></div>', head, "en"), "Council buys 42 buses", "2024-03-14", None, None, EN)


def doubly_escaped() -> Form:
    """Titles escaped twice, in data and in meta tags."""
    own = {
        "@type": "NewsArticle",
        "headline": "Mayor&amp;#8217;s &quot;last&quot; budget",
        "datePublished": "2024-03-14",
    }
    head = "<title>Mayor&amp;#8217;s &quot;last&quot; budget</title>" + ld(own)
    return Form(page(f"<article>{ps(EN)}</article>", head, "en"), 'Mayor’s "last" budget', "2024-03-14", None, None, EN)


def front_page_as_canonical() -> Form:
    """The canonical address is the site's front page on every page; og:url is right."""
    url = "https://lowbridgepost.example/news/buses"
    head = '<title>Council buys 42 buses</title><link rel="canonical" href="https://lowbridgepost.example/">' + meta(
        og__url=url, article__published_time="2024-03-14T09:00:00Z"
    )
    body = f"<article><h1>Council buys 42 buses</h1>{ps(EN)}</article>"
    return Form(page(body, head, "en"), "Council buys 42 buses", "2024-03-14", None, url, EN)


def truncated_title() -> Form:
    """og:title is cut; the headline shown is whole."""
    whole = "Council buys 42 buses and promises a second bridge by the autumn of next year"
    head = f"<title>{whole}</title>" + meta(
        og__title="Council buys 42 buses and promises…", article__published_time="2024-03-14"
    )
    return Form(page(f"<article><h1>{whole}</h1>{ps(EN)}</article>", head, "en"), whole, "2024-03-14", None, None, EN)


FORMS = (
    british_paper,
    amp,
    wrong_site_name,
    epoch_in_data,
    live_blog,
    microdata,
    script_application,
    doubly_escaped,
    front_page_as_canonical,
    truncated_title,
)
