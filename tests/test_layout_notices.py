"""Advertisements, tables and mastheads are told from articles; in doubt a text is an article."""

import pytest

from benchmarks.layout_exact import count_kinds, count_page
from benchmarks.pages.notice_pages import notice_page
from newspage.chinese import count_offers
from newspage.config import LayoutConfig
from newspage.layout import arrange_page
from newspage.model import RegionKind
from tests.drawings import drawn

BOTH = pytest.mark.parametrize("vertical", [False, True], ids=["horizontal", "vertical"])
PAGE = """
<HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH>

    aaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbbbb
aaaaaaaaaaaaaaaaaaaaaaaa  bbbbbbbbbbbbbbbbbbbbbb。
"""


def kinds_below(box: str, vertical: bool) -> tuple[set[str], str]:
    """What regions a box under an article makes, "article" for those of articles; and its text."""
    page = drawn(PAGE + box, vertical=vertical)
    arranged = arrange_page(page.detection, page.image, LayoutConfig())
    found = [r for r in arranged.regions if not set(page.label(r.lines)) & set("Hab")]
    text = "".join(line.text for r in found for line in r.lines)
    kinds = {"article" if r.article else r.kind.value for r in found}
    return kinds, "".join(sorted(text))


ADVERTISEMENT = (
    "<秦大方醫師>",
    "專治眼科雜症不論新舊均可立愈凡患",
    "砂眼赤眼者從速就診每日上午九時起",
    "至十二時下午二時至六時診金一元出",
    "診加倍貧病不計備有各種眼藥水函購",
    "每瓶大洋五角外埠郵費加一各大藥房",
    "均有代售診所山城北路三十二號",
    "電話九一五七〇",
)
STORY = (
    "<山城電話局減價>",
    "　　山城電話局昨日宣布，自下月一日",
    "起，電話月租減價一元，由五元減為四",
    "元。據局長談，此次減價，係應各界之",
    "請求，局中收入雖減，而用戶可望增加",
    "，故仍可維持。又該局新址在北路三十",
    "二號，前日已經遷入，並備有公用電話",
    "兩具，市民均稱便利云。",
)


def framed(lines: tuple[str, ...]) -> str:
    """A drawing of lines in a frame; a line in large type takes a row more."""
    rows = []
    for line in lines:
        width = sum(1 if c in "<>" else 2 for c in line)
        rows.append("| " + line + " " * (40 - width) + " |")
        rows += ["|" + " " * 42 + "|"] if line.startswith("<") else []
    edge = "+" + "-" * 42 + "+"
    return "\n".join(("", edge, *rows, edge, ""))


@BOTH
def test_a_long_list_of_offers_in_a_frame_is_an_advertisement(vertical: bool) -> None:
    """Without a sentence, with an address, hours and prices; all its text is kept."""
    kinds, text = kinds_below(framed(ADVERTISEMENT), vertical)
    assert kinds == {"advertisement"}
    assert text == "".join(sorted("".join(ADVERTISEMENT).strip("<").replace(">", "")))


@BOTH
def test_a_story_about_prices_in_a_frame_is_an_article(vertical: bool) -> None:
    """Though it names a telephone, prices and an address: it is set as sentences."""
    assert kinds_below(framed(STORY), vertical)[0] == {"article"}


@BOTH
def test_rows_of_names_and_times_are_a_table(vertical: bool) -> None:
    """Without rules between them."""
    rows = [
        f"{name}　{hour}：一五　{hour}：四八　二{hour}：三六"
        for name, hour in zip("山水林石田", "一二三四五", strict=True)
    ]
    table = "\n".join(("", "<行車時刻>", "", *rows, ""))
    assert kinds_below(table, vertical)[0] <= {"table", "other"}


def test_the_box_of_a_papers_name_is_a_masthead() -> None:
    """Its name, the date and the price do not make an advertisement."""
    box = (
        "<<山城晨報>>",
        "第二千三百四十六號",
        "社址北大街五十七號",
        "發行人顧雲林",
        "每份售洋三分",
    )
    drawing = framed(tuple(line.replace("<<", "<").replace(">>", ">") for line in box))
    assert kinds_below(drawing, vertical=False)[0] == {"masthead"}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("电话6611203，地址：北门路117号", {"telephone", "address"}),
        ("遺失聲明", {"notice"}),
        ("昨日上午，各界人士在山城集會。", set()),
        ("", set()),
    ],
)
def test_offers_are_counted_by_kind(text: str, kinds: set[str]) -> None:
    """In simplified and in traditional characters."""
    assert set(count_offers(text)) == kinds


@pytest.mark.parametrize("seed", [8, 10])
def test_articles_between_notices_stay_articles(seed: int) -> None:
    """On a vertical and a horizontal page of notices: no text of an article leaves it for them."""
    sheet = notice_page(seed)
    counts, page = count_page(sheet, 1.08)
    kinds = count_kinds(sheet, page)
    furniture = {str(kind) for kind in RegionKind}
    assert not [kind for role, kind in kinds if role == "article" and kind in furniture]
    assert counts.apart > 200
    assert counts.apart_in < 0.4 * counts.apart
