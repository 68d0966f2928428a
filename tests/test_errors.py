"""An error has a code, fields, and words in the languages it is met in."""

import copy
import multiprocessing
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.correct.dictionaries import DictionaryFault, make_dictionary_error
from newspage.errors import (
    ConfigError,
    ExitCode,
    InputError,
    MissingDependencyError,
    NewspageError,
    RefusedError,
    UsageError,
)
from newspage.review.service.request_errors import StaleError


def test_code_fields_and_words() -> None:
    """A program goes by the code, a person by the words."""
    error = InputError("scan-empty", path=Path("scans/p1.png"))
    assert (error.code, dict(error.fields)) == ("scan-empty", {"path": Path("scans/p1.png")})
    assert error.exit_code is ExitCode.INPUT
    assert error.message == "scans/p1.png: is empty (0 bytes)."
    assert error.remedy == "Copy or scan it again."
    assert str(error) == "scans/p1.png: is empty (0 bytes). Copy or scan it again."
    assert error.describe("zh") == "scans/p1.png：是空文件（0 字节）。请重新复制或扫描。"


def test_a_code_without_chinese_words_is_told_in_english() -> None:
    """What only the command line shows."""
    error = UsageError("moment-unclear", text="soon")
    assert error.describe("zh") == str(error)
    assert str(error).startswith("'soon' is neither a date nor a duration. Write")


def test_a_place_comes_before_the_message() -> None:
    """Where an error was found; class and exit code may change with it."""
    unknown = UsageError("format-unknown", name="tei", known="txt, md")
    error = ConfigError.restate(unknown, where="newspage.toml, line 2")
    assert str(error) == "newspage.toml, line 2: tei is no format. Known are: txt, md."
    assert error.describe("zh").startswith("newspage.toml, line 2：没有名为 tei 的格式。")
    assert (error.code, error.exit_code) == ("format-unknown", ExitCode.CONFIG)


def test_a_field_can_be_changed() -> None:
    """The rest stays."""
    error = InputError("scan-too-small", path=Path("/home/ann/p1.png"), width=3, height=4)
    short = InputError.restate(error, path="p1.png")
    assert str(short).startswith("p1.png: has 3 x 4 pixels")


@given(st.text(), st.text())
def test_messages_stay_on_one_line(name: str, reason: str) -> None:
    """Whatever names and drivers' words hold; braces in them are no fields."""
    error = InputError("scan-damaged", path=Path(name.replace("\0", "")), reason=reason)
    for said in (str(error), error.describe("zh")):
        assert said.isprintable() or "\u3000" in said
        assert len(said.splitlines()) == 1
        said.encode("utf-8")


@pytest.mark.parametrize(
    "error",
    [
        RefusedError("scan-too-many-pages", path=Path("p.tif"), allowed=2000),
        MissingDependencyError("networks-missing"),
        InputError("scan-needs-memory", where=Path("scans/洛.png")),
        StaleError("changed-meanwhile"),
        make_dictionary_error([DictionaryFault(Path("a.tsv"), 3, "no field")]),
    ],
    ids=lambda error: error.code,
)
def test_errors_cross_the_border_of_a_process(error: NewspageError) -> None:
    """With class, code and fields."""
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is type(error)
        assert (again.code, again.fields, str(again)) == (error.code, error.fields, str(error))
        assert again.describe("zh") == error.describe("zh")


class AnothersError(InputError):
    """An error of another package, made in its own way."""

    def __init__(self, shelf: int, box: int) -> None:
        super().__init__(f"shelf {shelf} lacks box {box}")


def test_errors_of_other_packages_cross_it_too() -> None:
    """However they are made: a page that fails never stops a run."""
    again = pickle.loads(pickle.dumps(AnothersError(3, 4)))
    assert (type(again), str(again)) == (AnothersError, "shelf 3 lacks box 4")


def test_errors_come_out_of_a_worker() -> None:
    """As they were raised there."""
    told = pytest.raises(InputError, match="p9: is not there, or is no longer there")
    with multiprocessing.get_context("spawn").Pool(1) as pool, told as caught:
        pool.apply(_fail, ("p9",))
    assert caught.value.code == "scan-vanished"
    assert caught.value.fields == {"path": "p9"}


def _fail(path: str) -> None:
    raise InputError("scan-vanished", path=path)


def test_a_traceback_ends_with_the_code() -> None:
    """That is what --verbose shows."""
    assert InputError("scan-vanished", path="p9").__notes__ == ["code: scan-vanished"]


def test_a_code_that_is_not_ours_is_shown_as_it_is() -> None:
    """Another package may raise errors of its own; nothing in them is filled in."""
    error = NewspageError("set {language} to zh")
    assert (str(error), error.describe("zh")) == ("set {language} to zh", "set {language} to zh")
