"""Read paper, date and page number from the name of a scan, and name its outputs."""

import datetime
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from newspage.errors import ConfigError
from newspage.model import Publication

_SEPARATORS = "-_ .,"
"""Characters between the parts of a name, stripped from the ends of each part."""
_DATE = re.compile(
    r"""(?<![0-9])
    (?P<year>1[5-9][0-9]{2}|20[0-9]{2})
    (?: (?P<month>[0-9]{2})(?P<day>[0-9]{2})(?![0-9])
      | (?P<mark>[-_. ])(?P<month2>[0-9]{1,2})(?P=mark)(?P<day2>[0-9]{1,2})(?![0-9])
      | 年(?P<month3>[0-9]{1,2})月(?P<day3>[0-9]{1,2})日
    )""",
    re.VERBOSE,
)
"""A date from 1500 to 2099: 20200430, 2020-04-30 (or with _ . or a space), or 2020年4月30日."""
_NUMERALS = "〇一二三四五六七八九"
_COUNT = rf"(?:[a-z]?[0-9]{{1,3}}|[十{_NUMERALS}]{{1,3}})"
"""A page number: up to three digits behind at most one letter, or up to three Chinese numerals."""
_PAGE = re.compile(
    rf"""(?: 第(?P<ordinal>{_COUNT})[版页頁]?
      | (?:^|(?<=[-_ .,日]))
        (?: (?:p|pg|page)[-_ .]?(?P<marked>[a-z]?[0-9]{{1,3}})
          | (?P<counted>{_COUNT})[版页頁] )
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
"""A page number at the end of a name: 第3版, p3, page 3, A02版."""
_BARE_PAGE = re.compile(r"[a-z]?[0-9]{1,3}", re.IGNORECASE)
"""A name that is nothing but a page number."""
_MANY_PAGES = {".tif", ".tiff", ".pdf"}
"""Suffixes of files that may hold several pages."""


def make_natural_key(text: str) -> tuple[tuple[tuple[str, int, str], ...], str]:
    """Make a sorting key that puts `p2` before `p10`, whatever the case of the letters."""
    pieces = re.split(r"([0-9]+)", text.casefold())
    numbers = (number.lstrip("0") for number in pieces[1::2])
    words = pieces[0::2]
    counted = tuple((w, len(n), n) for w, n in zip(words, [*numbers, ""], strict=True))
    return counted, text


def make_path_key(path: Path) -> tuple[tuple[tuple[tuple[str, int, str], ...], str], ...]:
    """Make a sorting key for paths, part by part in natural order, which keeps folders together."""
    return tuple(make_natural_key(part) for part in path.parts)


def make_output_stem(path: Path, root: Path) -> str:
    """Name the outputs of a scan: its path below `root` without suffix, `/` between folders.

    A path that is not below `root` gives its bare name.
    """
    below = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
    return below.with_suffix("").as_posix()


def make_output_stems(paths: Sequence[Path], root: Path) -> tuple[str, ...]:
    """Name the outputs of each path, no two alike: `x.png` and `x.jpg` become `x-png` and `x-jpg`.

    Names count as equal whatever the case of their letters, since some file systems say so. A name
    that could be that of a page in a file of many (`x-p2` beside `x.pdf`) gives way too.
    """
    plain = [make_output_stem(path, root) for path in paths]
    taken = Counter(stem.casefold() for stem in plain)
    many = {s.casefold() for p, s in zip(paths, plain, strict=True) if _has_many(p)}
    stems: list[str] = []
    used: set[str] = set()
    for path, stem in zip(paths, plain, strict=True):
        page_of = re.sub(r"-p[0-9]+$", "", stem.casefold())
        clashes = taken[stem.casefold()] > 1 or (page_of != stem.casefold() and page_of in many)
        name = f"{stem}-{path.suffix[1:].lower()}" if clashes else stem
        wanted, count = name, 1
        while name.casefold() in used or (clashes and name.casefold() in taken):
            count += 1
            name = f"{wanted}-{count}"
        used.add(name.casefold())
        stems.append(name)
    return tuple(stems)


def make_page_stem(stem: str, frame: int, frames: int) -> str:
    """Name the outputs of one page: the file's stem, and the page's number if the file has several.

    `frame` counts from 0, the name from 1.
    """
    return stem if frames == 1 else f"{stem}-p{frame + 1}"


def parse_publication(
    path: Path, root: Path, frame: int = 0, frames: int = 1, pattern: str = ""
) -> Publication | None:
    """Parse paper, date and page number from the name of a scan and the names of its folders.

    Understood are names with a date, like `luoyang-2020-04-30`, `洛阳日报 2020年4月30日` or
    `19250401`, of the file or of a folder from `root` down, with a page number behind
    (`-p3`, `第3版`, `A02`) or as the name of the file (`p3`, `03`). Without a date, pages of one
    folder or of one file of many pages belong together.

    Args:
        path: The scan.
        root: The folder below which names of folders count.
        frame: Number of the page in the file, from 0.
        frames: Pages of the file.
        pattern: A regular expression with the named groups `paper`, `date` and `page` that is tried
            first; empty for none.

    Returns:
        The publication, or None where the names tell nothing.

    Raises:
        ConfigError: `pattern` is no regular expression.
    """
    names = [unicodedata.normalize("NFKC", name) for name in _names(path, root)]
    found = _by_pattern("/".join(names[1:]), pattern) if pattern else None
    found = found or _by_date(names) or _by_page(names)
    if frames == 1:
        return found
    found = found or Publication(names[-1])
    return Publication(found.paper, found.date, _page_after(found.page, frame))


def _has_many(path: Path) -> bool:
    """Tell whether files of this suffix may hold several pages."""
    return path.suffix.lower() in _MANY_PAGES


def _names(path: Path, root: Path) -> list[str]:
    """Return the names of the root, of each folder below it, and of the file without suffix."""
    if not path.is_relative_to(root):
        return ["", path.stem]
    return [root.absolute().name, *path.relative_to(root).parent.parts, path.stem]


def _by_pattern(name: str, pattern: str) -> Publication | None:
    """Return the publication that the person's own pattern finds in a name."""
    try:
        found = re.search(pattern, name)
    except re.error as error:
        raise ConfigError("name-pattern-wrong", reason=str(error)) from error
    if found is None:
        return None
    groups = found.groupdict()
    date = _DATE.search(groups.get("date") or "")
    page = groups.get("page")
    return Publication(
        (groups.get("paper") or "").strip(_SEPARATORS),
        _date(date) if date else None,
        _number(page) if page else None,
    )


def _by_date(names: Sequence[str]) -> Publication | None:
    """Return the publication that the innermost name with a date tells."""
    for depth in range(len(names) - 1, -1, -1):
        match = _DATE.search(names[depth])
        date = _date(match) if match else None
        if match and date:
            before, after = names[depth][: match.start()], names[depth][match.end() :]
            rest, page = _split_page(after)
            outer = names[depth - 1] if depth >= 2 else ""
            paper = before.strip(_SEPARATORS) or rest or outer
            if depth < len(names) - 1:
                page = _split_page(names[-1])[1] or page
            return Publication(paper, date, page)
    return None


def _by_page(names: Sequence[str]) -> Publication | None:
    """Return the publication by a page number, with the rest of the name or the folder as paper."""
    rest, page = _split_page(names[-1])
    outer = names[-2] if len(names) > 2 else ""
    paper = rest or outer
    return Publication(paper, None, page) if page and paper else None


def _split_page(text: str) -> tuple[str, str | None]:
    """Return a text without the page number at its end, and the number or None."""
    text = text.strip(_SEPARATORS)
    found = _PAGE.search(text)
    if found is None:
        return ("", _number(text)) if _BARE_PAGE.fullmatch(text) else (text, None)
    number = found["ordinal"] or found["marked"] or found["counted"]
    return text[: found.start()].strip(_SEPARATORS), _number(number)


def _date(match: re.Match[str]) -> datetime.date | None:
    """Return the date that a match of `_DATE` says, None if the calendar has no such day."""
    month = match["month"] or match["month2"] or match["month3"]
    day = match["day"] or match["day2"] or match["day3"]
    try:
        return datetime.date(int(match["year"]), int(month), int(day))
    except ValueError:
        return None


def _number(text: str) -> str:
    """Return a page number in capitals and digits, without leading zeros or Chinese numerals."""
    text = unicodedata.normalize("NFKC", text).strip()
    digits = text.lstrip(string.ascii_letters)
    letters = text[: len(text) - len(digits)]
    if digits and set(digits) <= set("十" + _NUMERALS):
        digits = _from_numerals(digits)
    return letters.upper() + (digits.lstrip("0") or digits[-1:])


def _from_numerals(text: str) -> str:
    """Convert Chinese numerals to digits: 三 is 3, 十二 is 12, 二十 is 20, 一二 is 12."""
    values = {numeral: str(value) for value, numeral in enumerate(_NUMERALS)}
    if "十" not in text:
        return "".join(values[c] for c in text)
    tens, _, ones = text.partition("十")
    return (values.get(tens, "1")) + (values.get(ones, "0"))


def _page_after(page: str | None, frame: int) -> str:
    """Return the number of the page `frame` pages after `page` (after page 1 if that is None)."""
    page = page or "1"
    count = re.search(r"[0-9]+$", page)
    return f"{page[: count.start()]}{int(count[0]) + frame}" if count else f"{page}{frame + 1}"
