"""How long searching takes over many made-up articles, and how large the index is.

    python -m benchmarks.search [--articles 100000] [--store ADDRESS|postgresql] [--keep FOLDER]

The articles are made of words of the language, drawn by how frequent each is, with 120 to 400
characters, over eight papers and forty years. The words that are looked for stand in them.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from sqlalchemy import text

from newspage.chinese import fold_text, load_word_list
from newspage.search import ArticleSearch, parse_words
from newspage.store import ArticleFilter, IndexedText, OutputStore, ScanKey, Store
from newspage.store.article_rows import insert_articles
from newspage.store.connection import lock_table
from newspage.store.tables import ARTICLES

PAPERS = ("人民日报", "光明日报", "大公报", "申报", "文汇报", "新民晚报", "解放日报", "中央日报")
FIRST = date(1920, 1, 1)
DAYS = 40 * 365
BATCH = 2000
"""Articles of one transaction."""
ROUNDS = 50
"""Searches of each kind."""
LENGTHS = (1, 2, 4, 8)


class WordSource:
    """Words of the language, drawn by their frequency."""

    def __init__(self, seed: int) -> None:
        counts = list(load_word_list().counts())
        self._words = [word for word, _ in counts]
        self._sums = list(accumulate(count for _, count in counts))
        self._random = random.Random(seed)

    def draw_text(self, least: int, most: int) -> str:
        """Return a text of about so many characters, with a comma now and then."""
        wanted = self._random.randint(least, most)
        parts: list[str] = []
        length = 0
        while length < wanted:
            word = self._words[bisect(self._sums, self._random.random() * self._sums[-1])]
            parts.append(word if self._random.random() < 0.9 else word + "，")
            length += len(parts[-1])
        return "".join(parts)


def make_articles(count: int) -> Iterator[IndexedText]:
    """Yield so many made-up articles, ten on a page."""
    source, chance = WordSource(1), random.Random(2)
    for number in range(count):
        page, place = divmod(number, 10)
        if place == 0:
            day = (FIRST + timedelta(chance.randrange(DAYS))).isoformat()
            paper = chance.choice(PAPERS)
        title = source.draw_text(6, 14)
        body = f"{title}\n{source.draw_text(120, 400)}"
        folded = fold_text(body)
        head = len(fold_text(title))
        stem = f"{paper}-{day}/{page}"
        yield IndexedText(
            ScanKey(f"{stem}.png"), stem, place, f"a{place}", "article", paper, day,
            str(page % 8 + 1), title, body, folded, head,
        )  # fmt: skip


def fill_store(store: Store, count: int) -> float:
    """Put so many articles into the index; return the processor seconds it took."""
    start = time.process_time()
    rows: list[IndexedText] = []
    for row in make_articles(count):
        rows.append(row)
        if len(rows) == BATCH:
            put_rows(store, rows)
            rows = []
    put_rows(store, rows)
    return time.process_time() - start


def put_rows(store: Store, rows: Sequence[IndexedText]) -> None:
    """Add articles in one transaction."""
    with store.database.transaction() as connection:
        lock_table(connection, ARTICLES)
        insert_articles(connection, "output", rows)


def choose_words(count: int, length: int, chance: random.Random) -> list[str]:
    """Return words of a length out of the articles: half of them random, half the start of words.

    With more than two characters they are phrases that stand somewhere.
    """
    source = WordSource(3 + length)
    found: list[str] = []
    while len(found) < count:
        drawn = fold_text(source.draw_text(30, 60))
        start = chance.randrange(len(drawn) - length) if len(found) % 2 else 0
        found.append(drawn[start : start + length])
    return found


def list_stored_phrases(store: Store, count: int, length: int) -> list[str]:
    """Return pieces of a length of articles that are in the store."""
    chance = random.Random(length)
    with store.database.reading() as connection:
        most = connection.execute(text("SELECT MAX(id) FROM articles")).scalar_one()
    numbers = [chance.randint(1, most) for _ in range(count)]
    rows = OutputStore(store, "output").articles.load_articles(numbers)
    found = []
    for row in rows.values():
        start = chance.randrange(max(1, len(row.folded) - length))
        found.append(row.folded[start : start + length])
    return found


def time_searches(
    search: ArticleSearch,
    words: Sequence[str],
    which: ArticleFilter,
    clock: Callable[[], float],
) -> tuple[float, float, int]:
    """Return median and 95th percentile of searches (ms), and the median number of hits."""
    taken, hits = [], []
    for word in words:
        start = clock()
        result = search.find_matches(parse_words(f'"{word}"'), which)
        search.load_hits(result.matches[:20])
        taken.append(1000 * (clock() - start))
        hits.append(result.exact)
    quantile = statistics.quantiles(taken, n=20, method="inclusive")[-1]
    return statistics.median(taken), quantile, int(statistics.median(hits))


def print_times(store: Store, clock: Callable[[], float]) -> None:
    """Print a table of how long searches take, by a clock."""
    output = OutputStore(store, "output")
    search = ArticleSearch(output.articles)
    filters = {
        "everything": ArticleFilter(),
        "one paper": ArticleFilter(paper=PAPERS[2]),
        "one year": ArticleFilter(first="1937-07-07", last="1938-07-06"),
        "one paper, one month": ArticleFilter(
            paper=PAPERS[0], first="1949-10-01", last="1949-10-31"
        ),
    }
    print("| characters | filter | median, ms | 95th percentile, ms | hits, median |")
    print("|---|---|---|---|---|")
    for length in LENGTHS:
        words = list_stored_phrases(store, ROUNDS, length)
        for name, which in filters.items():
            median, most, hits = time_searches(search, words, which, clock)
            print(f"| {length} | {name} | {median:.0f} | {most:.0f} | {hits:,} |", flush=True)


def print_sizes(store: Store, where: Path | str) -> None:
    """Print how many bytes articles and index take."""
    with store.database.reading() as connection:
        if isinstance(where, Path):
            total = where.stat().st_size
            sizes = connection.execute(
                text("SELECT name, SUM(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 6")
            ).all()
        else:
            query = "SELECT pg_database_size(current_database())"
            total = connection.execute(text(query)).scalar_one()
            query = (
                "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
                " WHERE relname LIKE 'article%' ORDER BY 2 DESC"
            )
            sizes = connection.execute(text(query)).all()
    print(f"{total / 1e6:,.0f} MB in all: " + ", ".join(f"{n} {s / 1e6:,.0f}" for n, s in sizes))


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a store, and print sizes and times."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--store", default="", help="postgresql, or the address of an empty one")
    parser.add_argument(
        "--keep", type=Path, help="folder for the file; it is used where it is there"
    )
    chosen = parser.parse_args(arguments)
    with ExitStack() as stack:
        where: Path | str = chosen.store
        if chosen.store == "postgresql":
            from tests.postgres import database

            where = stack.enter_context(database())
        elif not chosen.store:
            folder = chosen.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            folder.mkdir(parents=True, exist_ok=True)
            where = folder / "newspage.sqlite"
        # A file is searched by this process, whose own time leaves out what others do meanwhile.
        clock = time.process_time if isinstance(where, Path) else time.perf_counter
        filled = isinstance(where, Path) and where.exists()
        with Store(where) as store:
            if not filled:
                seconds = fill_store(store, chosen.articles)
                print(
                    f"{chosen.articles:,} articles put in within {seconds:,.0f} s of this process"
                )
            if isinstance(where, str):
                with store.database.transaction() as connection:
                    connection.execute(text("ANALYZE"))
            store.database.move_log()
            print_sizes(store, where)
            print_times(store, clock)
    return 0


if __name__ == "__main__":
    sys.exit(main())
