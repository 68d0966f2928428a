"""The commands `newspage search` and `newspage index ...`; `cli` mounts them."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from newspage.cli_options import ConfigOption, Guard, OutputOption, VerboseOption, require_results
from newspage.counting import count_in_words
from newspage.errors import UsageError
from newspage.settings import load_settings
from newspage.terminal import escape_line, print_line

if TYPE_CHECKING:
    from newspage.search import ArticleSearch, SearchHit, SearchSort, SearchWords
    from newspage.store import ArticleFilter, ArticleIndex

FromOption = Annotated[
    str, typer.Option("--from", help="Only articles of this day or later: 1937, 1937-07, ...")
]
ToOption = Annotated[
    str, typer.Option("--to", help="Only articles of this day or earlier: 1938, 1938-06-30, ...")
]


def mount_search_commands(app: typer.Typer, guard: Guard) -> None:
    """Add the commands to the program; `guard` turns errors into a line and an exit code."""
    app.command()(guard(search))
    index = typer.Typer(no_args_is_help=True, help="What `newspage search` looks words up in.")
    index.command()(guard(check))
    index.command()(guard(rebuild))
    app.add_typer(index, name="index")


def search(
    words: Annotated[
        list[str],
        typer.Argument(help='Words that an article must hold, all of them; "..." is one phrase.'),
    ],
    output: OutputOption = Path("output"),
    paper: Annotated[str, typer.Option(help="Only this newspaper.")] = "",
    first: FromOption = "",
    last: ToOption = "",
    kind: Annotated[
        str,
        typer.Option(
            help="Only this kind of text: article, advertisement, caption, masthead, folio, jump, "
            "table, other."
        ),
    ] = "",
    sort: Annotated[Literal["rank", "date"], typer.Option(help="Best first, or by date.")] = "rank",
    limit: Annotated[int, typer.Option(min=1, help="Most articles that are shown.")] = 20,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Write every article that was found as CSV, by date.")
    ] = False,
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Find articles by words: simplified characters find traditional and old ones, and back.

    Where few articles hold the words, those follow that hold them with one character misread.
    """
    settings = load_settings(config, {})
    place = require_results(output, settings)
    from newspage.output import require_known
    from newspage.search import ArticleSearch, make_filter, parse_words, render_results
    from newspage.store import OutputStore, Store

    wanted = parse_words(" ".join(words))
    which = make_filter(paper, first, last, kind)
    with Store(place.store, read_only=True) as whole:
        store = OutputStore(whole, place.name)
        require_known(place, store)
        index = store.articles
        _require_paper(index, paper)
        _note_waiting(index)
        if as_csv:
            for line in render_results(ArticleSearch(index).find_all(wanted, which)):
                sys.stdout.buffer.write(line)
            return
        _print_results(ArticleSearch(index), wanted, which, sort, limit)


def check(
    output: OutputOption = Path("output"),
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Compare the index with the page records, and mend what is not as they are.

    Runs and decisions keep the index right by themselves; records that were changed in other ways,
    or removed, are noticed here.
    """
    _bring_in_step(output, config, anew=False)


def rebuild(
    output: OutputOption = Path("output"),
    config: ConfigOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Empty the index and make it anew from the page records."""
    _bring_in_step(output, config, anew=True)


def _bring_in_step(output: Path, config: Path | None, anew: bool) -> None:
    """Bring the index in step with the records, and say what was done."""
    settings = load_settings(config, {})
    place = require_results(output, settings)
    from rich.console import Console
    from rich.progress import Progress

    from newspage.output import ArticleIndexer, require_known
    from newspage.store import OutputStore, Store

    console = Console(stderr=True)
    counts: Counter[str] = Counter()
    with Store(place.store) as whole, Progress(console=console, transient=True) as bar:
        store = OutputStore(whole, place.name)
        require_known(place, store)
        task = bar.add_task("Pages", total=store.pages.count())
        for change in ArticleIndexer(place, store).bring_in_step(anew):
            counts[change.outcome] += 1
            bar.advance(task)
        articles = store.articles.read_state().articles
    said = ", ".join(f"{counts[name]:,} {name}" for name in ("indexed", "kept", "removed"))
    print_line(f"Pages: {said}. The index holds {count_in_words(articles, 'text')}.")


def _require_paper(index: "ArticleIndex", paper: str) -> None:
    """Raise UsageError where no article is of a paper, which names those that there are."""
    from newspage.chinese import fold_text

    known = index.list_papers() if paper else []
    if paper and fold_text(paper) not in map(fold_text, known):
        raise UsageError("search-paper-unknown", paper=paper, known=", ".join(known) or "-")


def _note_waiting(index: "ArticleIndex") -> None:
    """Say where pages are not in the index yet."""
    waiting = index.count_waiting()
    if waiting:
        pages = count_in_words(waiting, "page")
        print_line(f"note: {pages} not indexed yet; newspage index check does it.", err=True)


def _print_results(
    search: "ArticleSearch",
    wanted: "SearchWords",
    which: "ArticleFilter",
    sort: "SearchSort",
    limit: int,
) -> None:
    """Print the articles that were found, and how many there are."""
    result = search.find_matches(wanted, which, sort)
    for hit in search.load_hits(result.matches[:limit]):
        _print_hit(hit)
    exact = count_in_words(result.exact, "article")
    more = "over " if result.limited else ""
    misread = len(result.matches) - result.exact
    also = f", and {misread:,} with one character misread" if misread else ""
    print_line(f"{more}{exact}{also}", err=True)


def _print_hit(hit: "SearchHit") -> None:
    """Print an article: where it is printed, its headline, and a piece of it with the hits."""
    row, piece = hit.row, hit.snippet
    text, at = "", 0
    for start, end in piece.marks:
        text += piece.text[at:start] + "【" + piece.text[start:end] + "】"
        at = end
    before, after = ("…" if cut else "" for cut in piece.cut)
    printed = " ".join(filter(None, (row.paper, row.date, row.page and f"p. {row.page}")))
    mark = "  (misread?)" if hit.misread else ""
    print_line(escape_line(f"{printed or row.stem}  {row.title or row.kind}{mark}"))
    print_line(escape_line(f"    {before}{text}{piece.text[at:]}{after}"))
    print_line(escape_line(f"    {row.stem}#{row.article}"))
