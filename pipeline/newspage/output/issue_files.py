"""Join articles that go on over several pages, from the records of whole issues.

This is a second pass, after all pages of a run are written.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newspage.decisions import LinkTable
from newspage.errors import InputError, NewspageError
from newspage.files import list_files_below, remove_files, remove_folder, write_files
from newspage.formats import (
    Exporter,
    FormatError,
    UnavailableScanError,
    render_article_markdown,
    render_text,
)
from newspage.issues import IssuePage, find_page_numbers, join_issue, link_page, make_issue_name
from newspage.model import Issue, Publication
from newspage.output.issue_exports import (
    choose_for_issue,
    find_issues,
    list_issue_packages,
    list_lacks,
    open_issue,
    write_issue,
)
from newspage.output.output_lock import hold_output
from newspage.output.page_files import (
    ISSUE_SUFFIXES,
    OutputFormats,
    list_outdated_suffixes,
    mark_stale,
    write_page_files,
)
from newspage.record import encode_issue, read_issue_outline, read_record
from newspage.store import OutputStore, ScanRow, ScanStatus
from newspage.workspace import ISSUES_NAME, Workspace, is_run_active


@dataclass(frozen=True, slots=True)
class _Member:
    """A page of an issue, as the store knows it."""

    stem: str
    fingerprint: str
    publication: Publication | None


def join_issues(
    place: Workspace,
    store: OutputStore,
    rows: Iterable[ScanRow],
    formats: OutputFormats,
    note: Callable[[str], None],
    fail: Callable[[NewspageError], None],
) -> tuple[str, ...]:
    """Join the articles of every issue of which a page has changed, and write its files.

    Afterwards page records name the other parts of their articles. Joining again changes no byte.
    An issue of which a record cannot be read fails alone; the next run tries again. So does one
    that cannot be written in a format of the settings; what else there is of it is written.

    Args:
        place: the workspace.
        store: its store.
        rows: all scans that were ever read into it.
        formats: those that pages and issues are written in.
        note: called with each problem met in an issue.
        fail: called with the error of each issue that cannot be joined, or written in a format.

    Returns:
        The names of the issues that were joined.
    """
    known = store.list_issues()
    present = frozenset(list_files_below(place.output))
    linking = LinkTable(store)
    issues = _issues(rows)
    stems = frozenset(member.stem for members in issues.values() for member in members)
    joined = []
    written = False
    for name in sorted(known.keys() | issues.keys()):
        members = issues.get(name, [])
        fingerprint = _fingerprint(members, linking)
        wanted = {f"{ISSUES_NAME}/{name}{suffix}" for suffix in ISSUE_SUFFIXES}
        if members and known.get(name) == fingerprint and wanted <= present:
            written |= _write_formats(place, store, formats, name, fail, renewed=False)
            continue
        try:
            with hold_output(place, store):
                issue = _renewed(place, store, formats, name, members, stems)
        except InputError as error:
            fail(error)
            continue
        written = True
        if issue is not None:
            _write_formats(place, store, formats, name, fail, renewed=True)
            joined.append(name)
            for problem in issue.problems:
                note(f"{name}, {problem.where}: {problem.message}")
    _list_packages(place, store, formats, fail)
    if written:
        for line in list_lacks(exporter.name for exporter in formats.issue_exporters):
            note(line)
    return tuple(joined)


def rejoin_issues(
    place: Workspace, store: OutputStore, formats: OutputFormats
) -> tuple[NewspageError, ...]:
    """Join the issues that are marked as to be joined again; return the errors of those that fail.

    Does nothing while a run is on, which joins them itself at its end. A format that holds scans
    which are away is left to the next run.
    """
    if "" not in store.list_issues().values() or is_run_active(place):
        return ()
    failures: list[NewspageError] = []
    rows = store.list_scans().values()
    join_issues(place, store, rows, formats, lambda _: None, failures.append)
    return tuple(one for one in failures if not isinstance(one, UnavailableScanError))


def _write_formats(
    place: Workspace,
    store: OutputStore,
    formats: OutputFormats,
    name: str,
    fail: Callable[[NewspageError], None],
    renewed: bool,
) -> bool:
    """Write an issue in the formats of the settings: in all where it was joined anew, else in those
    of which the file is missing or older. Takes what `join_issues` takes; returns whether any was.
    """
    path = place.output / ISSUES_NAME / name
    written = False
    for exporter in formats.issue_exporters:
        if renewed or list_outdated_suffixes(path, [exporter.suffix]):
            with hold_output(place, store):
                try:
                    _write_format(path, exporter, formats)
                    written = True
                except (InputError, FormatError) as error:
                    mark_stale(path.with_name(path.name + exporter.suffix))
                    fail(error)
    return written


def _list_packages(
    place: Workspace,
    store: OutputStore,
    formats: OutputFormats,
    fail: Callable[[NewspageError], None],
) -> None:
    """Write the files that list the packages of all issues, in the formats that have such files.

    They are compared with the packages after every run: one that was killed may have written those
    and not the lists.
    """
    if not (place.output / ISSUES_NAME).is_dir():
        return
    for exporter in formats.issue_exporters:
        try:
            with hold_output(place, store):
                list_issue_packages(exporter, place.output / ISSUES_NAME, formats.packages)
        except (InputError, FormatError) as error:
            fail(error)


def _write_format(path: Path, exporter: Exporter, formats: OutputFormats) -> None:
    """Write an issue in a format, from its file; `path` is its path without suffix."""
    (source,) = find_issues([path.with_name(f"{path.name}.json")])
    document = choose_for_issue(open_issue(source, formats.ingest), formats.packages)
    write_issue(document, exporter, path.with_name(path.name + exporter.suffix))


def _renewed(
    place: Workspace,
    store: OutputStore,
    formats: OutputFormats,
    name: str,
    members: Sequence[_Member],
    stems: frozenset[str],
) -> Issue | None:
    """Join one issue and write its files; if it has no pages any more, remove them.

    Returns None in the second case. `stems` are the pages of all issues.
    """
    _release(place, formats, name, stems)
    if not members:
        folder = place.output / ISSUES_NAME
        remove_files(folder / (name + suffix) for suffix in ISSUE_SUFFIXES)
        for exporter in formats.issue_exporters:
            path = folder / (name + exporter.suffix)
            if exporter.render_issue:
                remove_files([path])
            else:
                remove_folder(path)
        store.forget_issue(name)
        return None
    # Links are read again under the lock: one decided later changes the fingerprint, so that the
    # issue is joined again.
    linking = LinkTable(store)
    issue = _join(place, formats, name, members, linking)
    store.put_issue(name, _fingerprint(members, linking))
    return issue


def _release(place: Workspace, formats: OutputFormats, name: str, stems: frozenset[str]) -> None:
    """Remove the links from pages that have left an issue and are in no other (`stems`)."""
    path = place.output / ISSUES_NAME / f"{name}.json"
    if not path.is_file():
        return
    for stem in dict(read_issue_outline(path).pages):
        if stem not in stems and (place.output / f"{stem}.json").is_file():
            page = IssuePage(stem, ("",), read_record(place.output / f"{stem}.json"))
            _relink(place, formats, page, join_issue(name, [page]))


def _relink(place: Workspace, formats: OutputFormats, page: IssuePage, issue: Issue) -> None:
    """Write a page's files again if the links to other parts of its articles have changed."""
    record = link_page(page, issue)
    if record != page.record:
        write_page_files(record, place.output / page.stem, page.stem, formats)


def _issues(rows: Iterable[ScanRow]) -> Mapping[str, list[_Member]]:
    """Group the pages that were read by issue; issues of a single page are left out."""
    issues: defaultdict[str, list[_Member]] = defaultdict(list)
    for row in rows:
        name = make_issue_name(row.publication)
        if name and row.status is ScanStatus.DONE:
            issues[name].append(_Member(row.stem, row.fingerprint, row.publication))
    return {name: sorted(m, key=_order) for name, m in issues.items() if len(m) > 1}


def _order(member: _Member) -> tuple[int, str, str]:
    """Return the sort key of a page in its issue: its number, those without one last."""
    number = (member.publication and member.publication.page) or ""
    digits = "".join(c for c in number if c.isdigit())
    letters = "".join(c for c in number if c.isalpha())
    return int(digits or 9999), letters, member.stem


def _fingerprint(members: Sequence[_Member], linking: LinkTable) -> str:
    """Hash an issue's pages and the links decided between them: it changes when either does."""
    said = linking.list_uids(member.stem for member in members)
    known = repr(members) + (repr(said) if said else "")
    return hashlib.sha256(known.encode()).hexdigest()


def _join(
    place: Workspace,
    formats: OutputFormats,
    name: str,
    members: Sequence[_Member],
    linking: LinkTable,
) -> Issue:
    """Join the articles of an issue's pages, and write its files and the links of its pages."""
    pages = []
    for member in members:
        record = read_record(place.output / f"{member.stem}.json")
        pages.append(IssuePage(member.stem, find_page_numbers(member.publication, record), record))
    links = linking.list_links_between({page.stem: page.record for page in pages})
    issue = join_issue(name, pages, links)
    for page in pages:
        _relink(place, formats, page, issue)
    articles = [article.whole for article in issue.articles]
    files = {
        ".json": encode_issue(issue),
        ".txt": render_text(articles).encode(),
        ".md": "\n".join(render_article_markdown(article) for article in articles).encode(),
    }
    write_files(place.output / ISSUES_NAME, {name + suffix: d for suffix, d in files.items()})
    return issue
