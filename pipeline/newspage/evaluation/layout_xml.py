"""Read ALTO (2 to 4) and PAGE XML (2013 to 2019) as text: articles, furniture, lines, their order.

Only what is compared is read: no place, no confidence, no style. Elements are told by their names,
whatever the version of the schema.

- Order: PAGE `ReadingOrder`, else `readingOrder {index:…}` in `custom`; ALTO `ReadingOrder`, else
  `IDNEXT`; else as the elements follow each other. What an order leaves out comes last.
- Articles: PAGE `OrderedGroup type="article"`, or `structure {type:article; id:…}` in `custom` of
  regions or lines (Transkribus); ALTO `StructureTag TYPE="article"` of blocks or of groups in the
  reading order, or `ComposedBlock TYPE="Article"`. Text outside of them is furniture. A page that
  has none is one article.
- Kinds: headings at the head of an article are its title, others stay where they stand.
- A block is a paragraph; one that says it is a continuation goes on with that before it.

The file is not trusted: entities are not resolved, nothing is fetched, a document type is refused,
and so is what is larger than any page.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from newspage.errors import InputError, MissingDependencyError, RefusedError
from newspage.evaluation.page_texts import ArticleText, LineText, PageText
from newspage.hyphens import Vocabulary, find_broken_word, score_hyphen
from newspage.spacing import WINDOW, needs_space

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_MEGABYTES = 64
"""Size of a file. Judgement: a broadsheet of 60,000 letters with an outline for each has 24 MB."""
MAX_ELEMENTS = 2_000_000
"""Elements of a file. Judgement: such a broadsheet has 300,000; each takes about 200 bytes."""
MAX_DEPTH = 40
"""Elements inside each other. Judgement: a glyph of a cell of a table has a dozen around it."""

_KINDS = {
    "heading": "title",
    "header": "masthead",
    "page-number": "folio",
    "credit": "byline",
    "headline": "title",
    "paragraph": "body",
}
"""Words of PAGE and of other programs for the kinds of text that newspage has words for."""
_HEADS = ("kicker", "title", "deck", "byline")
_FURNITURE = frozenset(
    {"caption", "masthead", "folio", "advertisement", "table", "jump", "unplaced", "footer"}
    | {"marginalia", "signature-mark", "catch-word", "margin"}
)
"""Kinds that belong to no article, whatever group they are in."""
_MARGINS = ("TopMargin", "BottomMargin", "LeftMargin", "RightMargin")
_INSIDE = {"TableRegion": "table", "AdvertRegion": "advertisement"}
"""Kinds of the text regions inside a region that is no text region."""
_TAGS = ("LayoutTag", "StructureTag", "RoleTag", "OtherTag")
_HYPHEN_GOES = 0.5
"""Probability from which a hyphen at a line's end only breaks a word. Judgement: the likelier."""
_PARTED = "\u00ad"
_PARTING = ("¬", _PARTED)
"""Signs that transcribers set where a line's end parts a word; they are no text."""

_Custom = dict[str, dict[str, str]]
"""The attribute `custom`, taken apart: fields by their names, by the name before the brace."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line; `whole` says what it adds to the running text."""

    printed: str
    whole: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that stand together, their kind in newspage's words, and their article."""

    id: str
    kind: str
    lines: Sequence[_Line]
    article: str = ""
    goes_on: bool = False
    """Whether it continues the paragraph before it."""


class _Place(NamedTuple):
    """A place in a reading order: the block that stands there, and its article if one is named."""

    block: str
    article: str = ""


def parse_layout_xml(data: bytes, path: Path) -> PageText:
    """Parse a page in ALTO or PAGE XML; messages call it `path`.

    Raises InputError where it is neither, RefusedError where reading it could do harm,
    MissingDependencyError where lxml is not installed.
    """
    root = _parse_safely(data, path)
    name = _name(root)
    if name == "PcGts":
        return _page_of(_read_page_blocks(root))
    if name == "alto":
        return _page_of(_read_alto_blocks(root))
    raise InputError("layout-xml-unknown", path=path, element=name[:40])


def _parse_safely(data: bytes, path: Path) -> "Element":
    """Return the root element of a document that holds nothing that could do harm."""
    try:
        from lxml import etree
    except ImportError as error:
        raise MissingDependencyError("lxml-missing", path=path) from error
    if len(data) > MAX_MEGABYTES * 1_000_000:
        raise RefusedError("page-text-too-large", path=path, size=f"{MAX_MEGABYTES} MB")
    parsed = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    count = depth = 0
    try:
        for event, element in parsed:
            depth += 1 if event == "start" else -1
            count += event == "start"
            if count == 1 and element.getroottree().docinfo.internalDTD is not None:
                raise RefusedError("layout-xml-document-type", path=path)
            if count > MAX_ELEMENTS or depth > MAX_DEPTH:
                raise RefusedError("layout-xml-too-large", path=path)
    except etree.XMLSyntaxError as error:
        raise InputError("layout-xml-damaged", path=path, reason=str(error)[:120]) from error
    root: Element = parsed.root
    return root


def _name(element: "Element") -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _below(element: "Element", *names: str) -> "Iterator[Element]":
    """Yield the elements of some names anywhere below an element, in their order."""
    return (e for e in element.iter() if e is not element and _name(e) in names)


def _children(element: "Element", *names: str) -> "Iterator[Element]":
    """Yield the children of an element that have one of some names."""
    return (child for child in element if _name(child) in names)


def _kind_of(word: str) -> str:
    """Return newspage's word for the kind of a text; an unknown one is running text."""
    word = word.lower()
    kind = _KINDS.get(word, word)
    return kind if kind in _FURNITURE or kind in _HEADS else "body"


# PAGE XML


def _read_page_blocks(root: "Element") -> list[_Block]:
    """Return the text regions of a PAGE document in reading order."""
    blocks: list[_Block] = []
    claims = []
    for region in _below(root, "TextRegion"):
        custom = _custom_of(region)
        blocks += _page_blocks(region, custom)
        claims.append((_index_of(custom), region.get("id", "")))
    order = next(_below(root, "ReadingOrder"), None)
    if order is not None:
        return _arrange(blocks, _walk_order(order, _page_article))
    if all(index is not None for index, _ in claims):
        claims.sort(key=lambda claim: claim[0] or 0)
        return _arrange(blocks, (_Place(name) for _, name in claims))
    return blocks


def _page_blocks(region: "Element", custom: _Custom) -> Iterator[_Block]:
    """Yield the text of a region, parted where its lines belong to different articles."""
    article, structure = _article_in(custom), custom.get("structure", {}).get("type", "")
    kind = _kind_of(region.get("type", "") if article else structure or region.get("type", ""))
    for parent in region.iterancestors():
        kind = _INSIDE.get(_name(parent), kind)
    lines = list(_page_lines(region))
    if next(_below(region, "TextLine", "TextRegion"), None) is None:
        lines = [_Line(text, text) for text in map(_squeeze, _own_text(region).splitlines())]
    goes_on = region.get("continuation") in ("true", "1")
    yield from _part_by_article(_Block(region.get("id", ""), kind, lines, article, goes_on))


def _page_lines(region: "Element") -> Iterator[_Line]:
    """Yield the lines of a region, by the order that they claim if all of them claim one."""
    found = []
    for element in _children(region, "TextLine"):
        custom, text = _custom_of(element), _squeeze(_page_text(element))
        found.append((_index_of(custom), _Line(text, text, _article_in(custom))))
    if all(index is not None for index, _ in found):
        found.sort(key=lambda item: item[0] or 0)
    return (line for _, line in found)


def _page_text(element: "Element") -> str:
    """Return the text of a line or a word: its own, else that of its parts."""
    text = _own_text(element) or "".join(map(_own_text, _children(element, "Glyph")))
    return text or _join_words(map(_page_text, _children(element, "Word")))


def _own_text(element: "Element") -> str:
    """Return the reading of an element that has the lowest index; empty where it has none."""
    readings = [
        (_number(equivalent.get("index", "")) or 0, number, text.text or "")
        for number, equivalent in enumerate(_children(element, "TextEquiv"))
        for text in _children(equivalent, "Unicode")
    ]
    return min(readings)[2] if readings else ""


def _custom_of(element: "Element") -> _Custom:
    """Return what the attribute `custom` says, as in `structure {type:heading;}`."""
    found: _Custom = {}
    for piece in element.get("custom", "").split("}"):
        name, brace, body = piece.partition("{")
        if brace:
            fields = (field.partition(":") for field in body.split(";"))
            found[name.strip()] = {key.strip(): value.strip() for key, _, value in fields}
    return found


def _index_of(custom: _Custom) -> int | None:
    """Return the place in the reading order that `custom` claims; None where it claims none."""
    return _number(custom.get("readingOrder", {}).get("index", ""))


def _article_in(custom: _Custom) -> str:
    """Return the article that `custom` names; empty where it names none."""
    structure = custom.get("structure", {})
    return structure.get("id", "") if structure.get("type", "").lower() == "article" else ""


def _page_article(group: "Element") -> str:
    """Return the id of a group of PAGE's reading order that is an article; else nothing."""
    return group.get("id", "") if group.get("type", "").lower() == "article" else ""


# ALTO


def _read_alto_blocks(root: "Element") -> list[_Block]:
    """Return the text blocks of an ALTO document in reading order."""
    tags = {tag.get("ID", ""): tag for tag in _below(root, *_TAGS)}
    blocks: list[_Block] = []
    following: dict[str, str] = {}
    inside: dict[str, list[str]] = {}
    for element in _below(root, "TextBlock"):
        name = element.get("ID", "")
        blocks += _alto_blocks(element, tags)
        if element.get("IDNEXT"):
            following[name] = element.get("IDNEXT", "")
        for parent in element.iterancestors("{*}ComposedBlock"):
            inside.setdefault(parent.get("ID", ""), []).append(name)
    order = next(_below(root, "ReadingOrder"), None)
    if order is not None:
        places = _walk_order(order, lambda group: _describe_tags(group, tags)[1])
        whole = (_Place(n, p.article) for p in places for n in inside.pop(p.block, [p.block]))
        return _arrange(blocks, whole)
    return _arrange(blocks, _follow([block.id for block in blocks], following))


def _alto_blocks(element: "Element", tags: "Mapping[str, Element]") -> Iterator[_Block]:
    """Yield the text of a block, parted where its lines belong to different articles."""
    kind, article = _describe_tags(element, tags)
    for parent in element.iterancestors():
        name, type_ = _name(parent), parent.get("TYPE", "").lower()
        if name in _MARGINS:
            kind = "margin"
        if name == "ComposedBlock" and type_ in ("table", "advertisement"):
            kind = type_
        if name == "ComposedBlock":
            own = parent.get("ID", "") if type_ == "article" else _describe_tags(parent, tags)[1]
            article = article or own
    lines = [_alto_line(line, tags) for line in _children(element, "TextLine")]
    yield from _part_by_article(_Block(element.get("ID", ""), kind, lines, article))


def _alto_line(element: "Element", tags: "Mapping[str, Element]") -> _Line:
    """Return a line as printed, and with the words whole that its ends part, where it says so."""
    printed: list[str] = []
    whole: list[str] = []
    known = False
    for part in _children(element, "String", "SP", "HYP"):
        name, text = _name(part), part.get("CONTENT", "")
        if name == "SP":
            own = text = " "
        elif name == "HYP":
            own, text = "" if known else _PARTED, text or "-"
        else:
            text = text or "".join(glyph.get("CONTENT", "") for glyph in _children(part, "Glyph"))
            instead, half = part.get("SUBS_CONTENT", ""), part.get("SUBS_TYPE", "")
            known = known or bool(instead and half == "HypPart1")
            own = {"HypPart1": instead, "HypPart2": ""}.get(half, text) if instead else text
            if needs_space("".join(printed[-2:])[-2 * WINDOW :], text):
                printed.append(" ")
                whole.append(" ")
        printed.append(text)
        whole.append(own)
    article = _describe_tags(element, tags)[1]
    return _Line(_squeeze("".join(printed)), _squeeze("".join(whole)), article)


def _describe_tags(element: "Element", tags: "Mapping[str, Element]") -> tuple[str, str]:
    """Return the kind and the article that the tags of an element name."""
    kind, article = "body", ""
    for name in element.get("TAGREFS", "").split():
        tag = tags.get(name)
        if tag is None:
            continue
        if tag.get("TYPE", "").lower() == "article":
            article = article or name
        elif kind == "body":
            kind = _kind_of(tag.get("LABEL", "") or tag.get("TYPE", ""))
    return kind, article


def _follow(names: Sequence[str], following: Mapping[str, str]) -> Iterator[_Place]:
    """Yield blocks in their order, after each the chain of those that it says follow it."""
    targets, seen = set(following.values()), set()
    for name in names:
        at: str | None = None if name in targets else name
        while at is not None and at not in seen:
            seen.add(at)
            yield _Place(at)
            at = following.get(at)


# Both


def _walk_order(order: "Element", article_of: Callable[["Element"], str]) -> Iterator[_Place]:
    """Yield the places of a reading order; of several orders the first one counts."""
    groups = (child for child in order if _name(child).endswith("Group"))
    return (
        p for group in islice(groups, 1) for p in _walk_group(group, article_of(group), article_of)
    )


def _walk_group(
    group: "Element", article: str, article_of: Callable[["Element"], str]
) -> Iterator[_Place]:
    """Yield the places of a group, those of the groups in it included, by their indices."""
    own = group.get("regionRef") or group.get("REF")
    if own:
        yield _Place(own, article)
    for child in sorted(group, key=lambda e: _number(e.get("index", "")) or 0):
        yield from _walk_group(child, article_of(child) or article, article_of)


def _arrange(blocks: Iterable[_Block], places: Iterable[_Place]) -> list[_Block]:
    """Put blocks into a reading order, each once; what it leaves out comes last."""
    left: dict[str, list[_Block]] = {}
    for block in blocks:
        left.setdefault(block.id, []).append(block)
    ordered = []
    for name, article in places:
        ordered += [replace(b, article=b.article or article) for b in left.pop(name, ())]
    return [*ordered, *(block for rest in left.values() for block in rest)]


def _part_by_article(block: _Block) -> Iterator[_Block]:
    """Yield a block in as many pieces as its lines belong to different articles, one by one."""
    for article, lines in groupby(block.lines, key=lambda line: line.article or block.article):
        yield replace(block, lines=list(lines), article=article)


def _page_of(blocks: Sequence[_Block]) -> PageText:
    """Return the page that blocks in reading order make."""
    seen = Vocabulary.of(line.printed for block in blocks for line in block.lines)
    grouped = any(block.article for block in blocks)
    articles: dict[str, list[_Block]] = {}
    furniture, lines = [], []
    for block in blocks:
        outside = block.kind in _FURNITURE or (grouped and not block.article)
        kind = "other" if outside and block.kind not in _FURNITURE else block.kind
        lines += [LineText(x.printed, kind, block.article) for x in block.lines if x.printed]
        if outside:
            furniture.append(_join_lines((line.whole for line in block.lines), seen))
        else:
            articles.setdefault(block.article, []).append(block)
    found = tuple(_article_of(own, seen) for own in articles.values())
    return PageText(found, tuple(f for f in furniture if f), tuple(lines), grouped)


def _article_of(blocks: Iterable[_Block], seen: Vocabulary) -> ArticleText:
    """Return an article: headings at its head and bylines by their kinds, the rest paragraphs."""
    heads: dict[str, list[str]] = {}
    paragraphs: list[list[str]] = []
    for block in blocks:
        text = [line.whole for line in block.lines]
        if block.kind == "byline" or (block.kind in _HEADS and not paragraphs):
            heads.setdefault(block.kind, []).extend(text)
        elif block.goes_on and paragraphs:
            paragraphs[-1] += text
        else:
            paragraphs.append(text)
    parts = {kind: _join_lines(text, seen) for kind, text in heads.items()}
    whole = (_join_lines(text, seen) for text in paragraphs)
    return ArticleText(tuple(text for text in whole if text), **parts)


def _join_lines(lines: Iterable[str], seen: Vocabulary) -> str:
    """Put printed lines together: spaces where words meet, broken words whole."""
    parts: list[str] = []
    tail = ""
    for line in filter(None, lines):
        halves = find_broken_word(tail, line)
        parted = tail.endswith(_PARTING) or (
            halves is not None and score_hyphen(*halves, seen) >= _HYPHEN_GOES
        )
        if parted:
            parts[-1] = parts[-1][:-1]
        elif needs_space(tail, line):
            parts.append(" ")
        parts.append(line)
        tail = (tail + line)[-2 * WINDOW :]
    return "".join(parts)


def _join_words(words: Iterable[str]) -> str:
    """Put words together, with spaces where their script has them."""
    parts: list[str] = []
    tail = ""
    for word in words:
        if needs_space(tail, word):
            parts.append(" ")
        parts.append(word)
        tail = (tail + word)[-2 * WINDOW :]
    return "".join(parts)


def _squeeze(text: str) -> str:
    """Return a text on one line, with one space wherever it has white space."""
    return " ".join(text.split())


def _number(text: str) -> int | None:
    """Return a place in an order as a number; None where the text is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else None
