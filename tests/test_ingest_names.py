"""What the name of a scan tells, and what its outputs are called."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.errors import ConfigError
from newspage.ingest import (
    make_natural_key,
    make_output_stem,
    make_output_stems,
    make_page_stem,
    parse_publication,
)
from newspage.model import Publication

ROOT = Path("/archive/scans")
NAMES = st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("luoyang-2020-04-30/clean.png", Publication("luoyang", date(2020, 4, 30))),
        ("luoyang-2020-04-30.png", Publication("luoyang", date(2020, 4, 30))),
        ("jiangzhou-2023-11-22-p3/a.jpg", Publication("jiangzhou", date(2023, 11, 22), "3")),
        ("jiangzhou-2023-11-22-p3.jpg", Publication("jiangzhou", date(2023, 11, 22), "3")),
        ("jiangzhou-2023-11-22/p3.png", Publication("jiangzhou", date(2023, 11, 22), "3")),
        ("jiangzhou_20231122_A02.tif", Publication("jiangzhou", date(2023, 11, 22), "A2")),
        ("江洲日报/2023-11-22/03.jpg", Publication("江洲日报", date(2023, 11, 22), "3")),
        ("江洲日报 2023年11月2日 第3版.tif", Publication("江洲日报", date(2023, 11, 2), "3")),
        ("江洲日报2023年11月22日３版.png", Publication("江洲日报", date(2023, 11, 22), "3")),
        ("江洲日报19250401第十二版.jpg", Publication("江洲日报", date(1925, 4, 1), "12")),
        ("2023.11.2-jiangzhou-p10.png", Publication("jiangzhou", date(2023, 11, 2), "10")),
        ("江洲日报第二十版.png", Publication("江洲日报", None, "20")),
        ("issue 12/page 4.png", Publication("issue 12", None, "4")),
    ],
)
def test_names_tell_paper_date_and_page(name: str, expected: Publication) -> None:
    """File name first, then the folders around it, from the inside out."""
    assert parse_publication(ROOT / name, ROOT) == expected


@pytest.mark.parametrize("name", ["scan0001.png", "p1.png", "foo-2020-13-45.png", "版.png"])
def test_names_that_tell_nothing(name: str) -> None:
    """No date the calendar has and no page of anything: nothing is made up."""
    assert parse_publication(ROOT / name, ROOT) is None


def test_the_input_folder_itself_may_tell() -> None:
    """Running on the folder of an issue is the same as running on the folder above it."""
    folder = ROOT / "jiangzhou-2023-11-22"
    assert parse_publication(folder / "p1.png", folder) == parse_publication(
        folder / "p1.png", ROOT
    )


def test_pages_of_a_file_of_many() -> None:
    """They are counted on from the page in the name, from 1 without one."""
    assert parse_publication(ROOT / "a-2020-04-30-A3.pdf", ROOT, 2, 5) == Publication(
        "a", date(2020, 4, 30), "A5"
    )
    assert parse_publication(ROOT / "volume.tif", ROOT, 4, 9) == Publication("volume", None, "5")


def test_a_pattern_from_the_settings_wins() -> None:
    """Its groups say what is what; where it does not match, the usual names count."""
    pattern = r"^(?P<paper>\w+)/y(?P<date>\d{8})/(?P<page>\d+)of"
    scan = ROOT / "tea/y19250401/04of12.png"
    assert parse_publication(scan, ROOT, pattern=pattern) == Publication(
        "tea", date(1925, 4, 1), "4"
    )
    usual = ROOT / "a-2020-04-30.png"
    assert parse_publication(usual, ROOT, pattern=pattern) == parse_publication(usual, ROOT)


def test_a_broken_pattern_is_a_wrong_setting() -> None:
    """The message names the setting."""
    with pytest.raises(ConfigError, match="name_pattern"):
        parse_publication(ROOT / "a.png", ROOT, pattern="(")


@given(st.lists(NAMES, min_size=1, max_size=4), st.sampled_from([".png", ".tif"]))
def test_no_name_is_too_odd(parts: list[str], suffix: str) -> None:
    """Whatever a file is called, its name is taken for something or nothing, without an error."""
    path = ROOT.joinpath(*parts[:-1], parts[-1] + suffix)
    found = parse_publication(path, ROOT)
    assert found is None or found.paper or found.date


@given(st.lists(st.integers(0, 10**6), min_size=1))
def test_numbers_sort_by_value(numbers: list[int]) -> None:
    """p2 stands before p10."""
    names = [f"p{number}.png" for number in numbers]
    assert sorted(names, key=make_natural_key) == [f"p{number}.png" for number in sorted(numbers)]


@given(st.lists(NAMES))
def test_natural_order_does_not_depend_on_the_order_before(names: list[str]) -> None:
    """It is a total order: no two names count as equal."""
    assert sorted(names, key=make_natural_key) == sorted(sorted(names), key=make_natural_key)
    assert len({make_natural_key(name) for name in names}) == len(set(names))


def test_outputs_mirror_the_folders() -> None:
    """Scans of one name in two folders do not meet; dots in a name stay."""
    assert make_output_stem(ROOT / "a/p1.png", ROOT) == "a/p1"
    assert make_output_stem(ROOT / "b/v1.2.png", ROOT) == "b/v1.2"
    assert make_output_stem(Path("/elsewhere/p1.png"), ROOT) == "p1"


def test_names_that_would_meet_say_their_suffix() -> None:
    """Also where file systems ignore case, and beside a file of many pages."""
    scans = ["x.png", "x.jpg", "Y.png", "y.PNG", "b.pdf", "b-p1.png", "c-p1.png"]
    stems = make_output_stems([ROOT / scan for scan in scans], ROOT)
    assert stems == ("x-png", "x-jpg", "Y-png", "y-png-2", "b", "b-p1-png", "c-p1")


@given(st.lists(st.tuples(NAMES, st.sampled_from([".png", ".jpg", ".PNG", ".tif"]))))
def test_no_two_scans_have_one_output(scans: list[tuple[str, str]]) -> None:
    """Every scan has outputs of its own, in its own folder."""
    paths = list(dict.fromkeys(ROOT / (name + suffix) for name, suffix in scans))
    stems = make_output_stems(paths, ROOT)
    assert len({stem.casefold() for stem in stems}) == len(paths)


def test_pages_are_numbered_where_there_are_several() -> None:
    """From 1, as people count."""
    assert make_page_stem("a/b", 0, 1) == "a/b"
    assert make_page_stem("a/b", 1, 3) == "a/b-p2"
