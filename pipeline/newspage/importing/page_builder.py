"""Lay the page of another program upon its scan: identifiers, pixels, articles, what is kept."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from newspage.assemble import assemble_articles
from newspage.config import AssembleConfig
from newspage.counting import count_in_words
from newspage.errors import RefusedError
from newspage.formats import IDEOGRAPHIC_DESCENT, PieceKind, RegionGroup, parse_identifier
from newspage.geometry import Box, bound_points, union_boxes
from newspage.importing.article_plan import PlannedRegion, plan_articles
from newspage.importing.glyph_layout import place_glyphs, split_characters
from newspage.importing.scan_scale import PageScale
from newspage.model import (
    ArticleRecord,
    Direction,
    PageLayout,
    PageReading,
    Problem,
    Region,
    RegionKind,
    Scan,
    Separator,
    TextLine,
)
from newspage.source_markup import ImportedSource, KeptMarkup, make_place
from newspage.sources import SourceArticle, SourceError, SourceLine, SourcePage, SourceRegion

MAX_LINES = 5_000
"""Most lines, and most regions, of a page. A broadsheet of small advertisements has 2,000."""
LONGEST_NAME = 100
"""Characters of an identifier; a longer one is given anew."""
TALL = 1.5
"""Height of a line over its width from which it is taken for a column, where the file does not say.
Judgement."""

WriteKind = Callable[[RegionKind], Mapping[str, str]]
"""Returns the words that an export has for a kind of region."""


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """A page as another program read it, on its scan."""

    reading: PageReading
    problems: tuple[Problem, ...] = ()


def build_page(
    page: SourcePage,
    scan: Scan,
    scale: PageScale,
    source: ImportedSource,
    write_kind: WriteKind,
    path: Path,
) -> ImportedPage:
    """Lay a page upon its scan.

    Args:
        page: The page as the file has it.
        scan: The scan.
        scale: Pixels of the scan for its units.
        source: The file, its markup still empty.
        write_kind: The words that an export of the format has for a kind of region.
        path: The file, for messages.

    Raises:
        SourceError: Its places lie outside the scan.
        RefusedError: It has more lines than any page.
    """
    lines = sum(len(region.lines) for region in page.regions)
    if max(lines, len(page.regions)) > MAX_LINES:
        raise RefusedError("source-too-many-lines", path=path, allowed=MAX_LINES)
    builder = _PageBuilder(page, scan, scale, write_kind)
    reading = builder.build(source)
    outside = builder.count_outside()
    if outside > lines / 2:
        raise SourceError(
            "source-outside-scan", path=path, outside=outside, lines=lines, scan=scan.path
        )
    problems = [Problem("page", "No text was found on this page.")] if not lines else []
    if outside:
        count = count_in_words(outside, "line")
        problems.append(Problem("page", f"Places outside the scan: {count}."))
    return ImportedPage(reading, tuple(problems))


@dataclass(slots=True)
class _Names:
    """The giver of identifiers of one kind, each once."""

    prefix: str
    letter: str
    taken: set[str] = field(default_factory=set)
    count: int = 0

    def assign_name(self, name: str) -> str:
        """Return the identifier of what a file calls `name`: as it is, where that can be."""
        own = parse_identifier(self.prefix, name)
        wanted = name if own is None else own
        sound = (
            wanted and len(wanted) <= LONGEST_NAME and wanted.isprintable() and "#" not in wanted
        )
        if sound and wanted not in self.taken:
            self.taken.add(wanted)
            return wanted
        while True:
            self.count += 1
            made = f"{self.letter}{self.count}"
            if made not in self.taken:
                self.taken.add(made)
                return made


class _PageBuilder:
    """Builder of one page."""

    def __init__(
        self, page: SourcePage, scan: Scan, scale: PageScale, write_kind: WriteKind
    ) -> None:
        self._page = page
        self._scan = scan
        self._scale = scale
        self._write_kind = write_kind
        self._markup: dict[str, KeptMarkup] = {}
        self._lines = _Names("line", "l")
        self._outside = 0

    def build(self, source: ImportedSource) -> PageReading:
        """Return the page with its articles, and the file with what is kept of it."""
        for place, kept in self._page.markup.items():
            self._keep(place, kept)
        names = self._reserve_names()
        loose, placed = [], []
        for region in self._page.regions:
            lines = [self._build_line(line, region, names) for line in region.lines]
            if region.unplaced and lines:
                self._keep(make_place("loose", lines[0].id), region.markup)
                self._keep(f"paragraph-{make_place('loose', lines[0].id)}", region.paragraph)
                loose += lines
            else:
                placed.append((region, lines))
        regions = self._build_regions(placed)
        layout = PageLayout(
            self._scan,
            tuple(regions),
            tuple(region.id for region in regions),
            separators=tuple(self._list_rules()),
            pictures=tuple(self._list_pictures()),
            unplaced=tuple(loose),
        )
        text = assemble_articles(layout, AssembleConfig(), verbatim=True)
        reading = PageReading(layout, text.articles, text.furniture, text.joins)
        self._keep_articles(reading)
        return replace(reading, source=replace(source, markup=self._markup))

    def count_outside(self) -> int:
        """Return the number of lines whose middle lies outside the scan."""
        return self._outside

    def _keep(self, place: str, kept: KeptMarkup) -> None:
        """Keep the markup of a place, if there is any."""
        if kept:
            self._markup[place] = self._scale.scale_markup(kept)

    def _reserve_names(self) -> dict[int, str]:
        """Return the identifier of each line, by `id` of the object; names of the file go first."""
        lines = [line for region in self._page.regions for line in region.lines]
        named = sorted(lines, key=lambda line: not line.name)
        return {id(line): self._lines.assign_name(line.name) for line in named}

    def _build_regions(self, placed: list[tuple[SourceRegion, list[TextLine]]]) -> list[Region]:
        """Return the regions with kinds and articles, and keep their markup."""
        names, articles = _Names("region", "r"), _Names("article", "a")
        ids = {}
        for number in sorted(range(len(placed)), key=lambda i: not placed[i][0].name):
            ids[number] = names.assign_name(placed[number][0].name)
        keys = dict.fromkeys(key for region, _ in placed if (key := region.find_article()))
        self._articles = {key: articles.assign_name(key) for key in keys}
        labels = {
            self._articles[key]: self._page.articles.get(key, SourceArticle()).label for key in keys
        }
        plans = plan_articles(
            [
                PlannedRegion(
                    ids[number],
                    region.kind,
                    region.heading,
                    self._articles.get(region.find_article(), ""),
                    "".join(line.text for line in lines),
                    max((_measure_thickness(line) for line in lines), default=0.0),
                )
                for number, (region, lines) in enumerate(placed)
            ],
            labels,
        )
        return [
            self._build_region(region, lines, plan)
            for (region, lines), plan in zip(placed, plans, strict=True)
        ]

    def _build_region(
        self, region: SourceRegion, lines: list[TextLine], plan: PlannedRegion
    ) -> Region:
        """Return a region, and keep its markup."""
        kind = plan.kind or RegionKind.BODY
        written = self._write_kind(kind)
        said = {n: v for n, v in region.said.items() if v and v != written.get(n)}
        self._keep(make_place("region", plan.id), region.markup)
        self._keep(make_place("kind", plan.id), KeptMarkup(said))
        self._keep(f"paragraph-{make_place('region', plan.id)}", region.paragraph)
        box = self._scale.place_box(region.box) if region.box else _bound_lines(lines)
        directions = [line.direction for line in lines] or [Direction.HORIZONTAL]
        return Region(
            plan.id,
            kind,
            box,
            tuple(lines),
            region.direction or max(directions, key=directions.count),
            plan.article or None,
            self._scale.place_polygon(region.polygon),
        )

    def _build_line(
        self, source: SourceLine, region: SourceRegion, names: Mapping[int, str]
    ) -> TextLine:
        """Return a line with its characters, and keep its markup."""
        name = names[id(source)]
        line = self._scale.place_line(source)
        text = line.text if line.text is not None else "".join(word.text for word in line.words)
        box = _find_box(line, text) or self._scale.place_box(region.box or Box(0.0, 0.0, 0.0, 0.0))
        direction = line.direction or _guess_direction(line, box, text)
        placed = place_glyphs(line, box, direction)
        self._keep(make_place("line", name), source.markup)
        for index, kept in enumerate(placed.markup):
            self._keep(make_place("glyph", name, index), kept)
        if len(placed.words) > 1 or any(p.word.markup or p.word.within for p in placed.words):
            for part in placed.words:
                kind = "hyphen" if part.word.kind is PieceKind.HYPHEN else "word"
                place = make_place(kind, name, part.start, part.end)
                # An empty one says where the word begins and ends.
                self._markup[place] = self._scale.scale_markup(part.word.markup)
                self._keep(f"within-{place}", KeptMarkup(dict.fromkeys(part.word.within, "")))
        x, y = self._scale.map_center_to_scan(source.box) if source.box else box.center
        self._outside += not (0 <= x <= self._scan.width and 0 <= y <= self._scan.height)
        glyphs = (replace(g, box=self._scale.clip(g.box)) for g in placed.glyphs)
        return TextLine(
            name,
            self._scale.clip(box),
            direction,
            line.polygon,
            line.size,
            glyphs=tuple(glyphs),
            baseline=line.baseline,
        )

    def _list_pictures(self) -> Iterable[Box]:
        """Yield the places of pictures, and keep their markup."""
        for number, area in enumerate(self._page.pictures, 1):
            self._keep(make_place("picture", number), area.markup)
            yield self._scale.place_box(area.box)

    def _list_rules(self) -> Iterable[Separator]:
        """Yield the printed rules, and keep their markup."""
        for number, area in enumerate(self._page.rules, 1):
            self._keep(make_place("rule", number), area.markup)
            box = self._scale.place_box(area.box)
            outline = self._scale.place_polygon(area.polygon)
            yield Separator(box, box.height > box.width, outline)

    def _keep_articles(self, reading: PageReading) -> None:
        """Keep what the file says of articles; labels where they are not the headline as built."""
        built = {article.id: article for article in reading.articles}
        for key, name in self._articles.items():
            source = self._page.articles.get(key, SourceArticle())
            kept = source.markup
            article = built.get(name, ArticleRecord(name))
            if source.label_attribute and source.label != RegionGroup(article, ()).label:
                attributes = {**kept.attributes, source.label_attribute: source.label}
                kept = replace(kept, attributes=attributes)
            self._keep(make_place("article", name), kept)


def _bound_lines(lines: list[TextLine]) -> Box:
    """Return the box around lines; an empty one at the origin where there are none."""
    return union_boxes(line.box for line in lines) if lines else Box(0.0, 0.0, 0.0, 0.0)


def _measure_thickness(line: TextLine) -> float:
    """Return the thickness of a line in pixels, or the size of its type where that is known."""
    return line.size or (line.box.width if line.vertical else line.box.height)


def _find_box(line: SourceLine, text: str) -> Box | None:
    """Return the place of a line: its own, that of its words, or what its baseline tells."""
    if line.box:
        return line.box
    if line.polygon:
        return bound_points(line.polygon)
    boxes = [word.box for word in line.words if word.box]
    boxes += [glyph.box for word in line.words for glyph in word.glyphs if glyph.box]
    if boxes:
        return union_boxes(boxes)
    if not line.baseline:
        return None
    ground = bound_points(line.baseline)
    em = max(ground.width, ground.height) / max(1, sum(1 for _ in split_characters(text)))
    if ground.height > ground.width:
        return ground.grown(em / 2, 0)
    top = ground.top - (1 - IDEOGRAPHIC_DESCENT) * em
    return replace(ground, top=top, bottom=ground.bottom + IDEOGRAPHIC_DESCENT * em)


def _guess_direction(line: SourceLine, box: Box, text: str) -> Direction:
    """Return the direction of a line of which the file says none."""
    if len(line.baseline) > 1:
        (x0, y0), (x1, y1) = line.baseline[0], line.baseline[-1]
        return Direction.VERTICAL if abs(y1 - y0) > abs(x1 - x0) else Direction.HORIZONTAL
    tall = box.height > TALL * box.width and len(text.strip()) > 1
    return Direction.VERTICAL if tall else Direction.HORIZONTAL
