"""The words of the quality report, in English and Chinese."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "zh"]

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Text quality: {}", "文本质量报告：{}"),
    "compared": ("Truth: {}. Judged: {}.", "标准文本：{}；受检文本：{}。"),
    "pages": ("Pages", "版面"),
    "page": ("Page", "版面"),
    "all": ("All text", "合计"),
    "mean": ("Mean page", "各版平均"),
    "characters": ("Characters", "字数"),
    "page_cer": ("CER", "字错率"),
    "cer_counts": ("S / I / D", "替换／插入／删除"),
    "wrong": ("Wrong", "错字"),
    "extra": ("Too many", "多字"),
    "missing": ("Missing", "少字"),
    "errors_per_10000": ("Per 10,000", "万字差错"),
    "moved": ("Misplaced", "错位"),
    "word_errors": ("WER", "词错率"),
    "segmentation": ("Articles P / R / F", "文章划分 P／R／F"),
    "article_order": ("Article order", "文章次序"),
    "line_order": ("Line order", "行次序"),
    "kind": ("Kind", "类别"),
    "printed": ("As printed", "原文"),
    "read": ("As judged", "受检文本"),
    "scan": ("Scan", "扫描图"),
    "nothing": ("nothing", "（无）"),
    "failed": ("Pages that could not be judged", "未能评测的版面"),
    "no_result": ("{}: nothing was made of this page.", "{}：没有对应的受检文本。"),
    "none": ("No difference was found.", "未发现差异。"),
    "more": ("{} more differences of this page are not shown.", "本版另有 {} 处差异未列出。"),
    "more_pages": (
        "{} more pages are not in this table; --json and --csv list all of them.",
        "另有 {} 个版面未列入此表；--json 与 --csv 列出全部版面。",
    ),
    "limits": (
        "Differences are shown of the {} worst pages, at most {} of a page.",
        "差异只列差错最多的 {} 个版面，每版至多 {} 处。",
    ),
    "limit_of_pictures": (
        "The first {} of each page have a picture, where the scan is at hand.",
        "每版前 {} 处附扫描图（如有扫描件）。",
    ),
    "no_record": (
        "No pictures: only page records say where their text stands on the scan.",
        "无扫描图：只有版面记录载有文字在扫描件上的位置。",
    ),
    "no_scan": ("No pictures: {}", "无扫描图：{}"),
    "gone": ("This page could not be read again: {}", "本版无法再次读取：{}"),
    "how_spaces": (
        "White space, width of characters and the kind of quotes and dashes do not count.",
        "空白、全角与半角之别、引号与破折号的样式均不计。",
    ),
    "how_furniture": (
        "Captions, masthead, advertisements and other text of no article do not count.",
        "图片说明、报头、广告等非正文内容不计。",
    ),
    "how_cer": (
        "CER: edits (S substituted, I inserted, D deleted) per character, order counted.",
        "字错率：编辑次数（S 替换、I 插入、D 删除）与字数之比，次序计入。",
    ),
    "how_quality": (
        "Wrong, too many, missing: the same with misplaced passages set aside.",
        "错字、多字、少字：剔除错位段落后的统计；万字差错为三者之和。",
    ),
    "how_articles": (
        "Articles: characters in the right article, of those judged (P) and those printed (R).",
        "文章划分：归入正确文章的字数，占受检字数（P）与原文字数（R）之比。",
    ),
}


def translate_words(key: str, language: Language, *values: object) -> str:
    """Return a text of the report in a language, with values put in."""
    return WORDS[key][language == "zh"].format(*values)
