"""What another installed package adds by entry points, in a process of its own that has it."""

import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

import newspage
from newspage.batch import plan
from newspage.batch.plan import Fingerprints, PageSource
from newspage.config import Config
from newspage.correct import detector_table
from newspage.correct.detector_table import find_rule, list_added_detectors, load_detectors
from newspage.correct.explain import explain_correction
from newspage.model import Correction, CorrectionStatus
from newspage.review.web.translations import load_texts
from newspage.settings import Settings
from newspage.store import ScanKey
from tests import asking
from tests.asking import ASKS, Office
from tests.decided_pages import Ask
from tests.review_rooms import Room, draw_scans

MODULE = """
import re
from dataclasses import replace

from newspage.correct.detector import Detector, Phase
from newspage.correct.detectors.echo import ECHO
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence
from newspage.engine.factory import EngineEntry
from newspage.formats.exporters import Exporter

TITLES = Exporter("titles", ".titles", "headlines", "text/plain", lambda d: d.name.encode())
ISSUES = Exporter("names", ".names", "names", "text/plain", render_issue=lambda i: [b"x"])
TAKEN = Exporter("txt", ".other", "not ours", "text/plain", lambda d: b"")
TOY = EngineEntry("toy", "toy_package", "reads toys", lambda c, threads: "made", lambda c: ["net"])
PLAIN = "no entry of any table"

SPELLING = Rule(
    "old-spelling",
    en=RuleWords("Old spelling", "a spelling that is no longer used"),
    zh=RuleWords("旧写法", "现已不用的写法"),
)

def find_spelling(case):
    for found in re.finditer("份子", case.string):
        evidence = Evidence(belief=0.995, details={"age": 30.0})
        yield Proposal(SPELLING, found.start(), found.end(), "分子", evidence)

def changed(**changes):
    return replace(OLD, **changes)

OLD = Detector(SPELLING, find_spelling, (("积极份子", "积极分子"),), ("一份子女",))
OTHER_ECHO = changed(rule=Rule("echo", en=RuleWords("X", "x"), zh=RuleWords("X", "x")))
OTHER_HAND = changed(rule=Rule("hand", en=RuleWords("X", "x"), zh=RuleWords("X", "x")))
EARLY = changed(phase=Phase.BREAKS)
FAILS = changed(detect=lambda case: 1 / 0)
STRAYS = changed(detect=lambda case: [Proposal(ECHO, 0, 1, "")])
OVERRUNS = changed(detect=lambda case: [Proposal(SPELLING, 0, len(case.string) + 1, "")])
DOUBTS = changed(
    detect=lambda case: [Proposal(SPELLING, 0, 1, "", Evidence(belief=float("nan")))]
)
MAPS = changed(detect=lambda case: [Proposal(SPELLING, 0, 1, "", {"belief": 0.9})])
BORROWS = changed(
    detect=lambda case: [Proposal(SPELLING, 0, 1, "", Evidence(details={"by": "ann"}))]
)
SHADOWS = changed(
    detect=lambda case: [Proposal(SPELLING, 0, 1, "", Evidence(0.9, details={"pixels": 1.0}))]
)
WORDY = changed(detect=lambda case: [Proposal(SPELLING, 0, 1, "", Evidence("likely"))])
MUMBLES = changed(detect=lambda case: ["分子"])
REFINES = changed(refine=lambda proposal, case: replace(proposal, proposed="芬子"))
SPOILS = changed(refine=lambda proposal, case: None)
"""

GOOD = {
    "newspage.exporters": (
        "titles = toy_package:TITLES",
        "names = toy_package:ISSUES",
        "txt = toy_package:TAKEN",
    ),
    "newspage.engines": ("toy = toy_package:TOY",),
    "newspage.detectors": (
        "old = toy_package:OLD",
        "echo = toy_package:OTHER_ECHO",
        "hand = toy_package:OTHER_HAND",
    ),
}
TEXT = "各地积极份子参加了大会，会议开得很好,人人满意。"

USE = """
from newspage.batch.readers import identify_engine
from newspage.config import Config, EngineConfig, OutputConfig
from newspage.engine.factory import load_engines, make_engine
from newspage.formats.exporters import find_exporter, load_exporters
from newspage.output.page_files import choose_output_formats
from newspage.settings import Settings

assert list(load_exporters())[-1] == "titles"
assert find_exporter("txt").suffix == ".txt"
assert find_exporter("names").scope == "issue"
settings = Settings(Config(output=OutputConfig(("titles",))))
assert choose_output_formats(settings).suffixes == (".titles", ".json")
assert list(load_engines()) == ["openvino", "paddle", "toy"]
config = EngineConfig(engine="toy")
assert make_engine(config) == "made"
assert "'toy_package', '3.1'" in identify_engine(config)
print("used")
"""

READ = """
from newspage.correct.case import DetectorInput
from newspage.correct.examine import examine_lines, examine_text
from tests.correct_fakes import characters_of, knowledge, lines_of, read_text_of

known = knowledge()
print_ = ["各地积极份子参加了大会，会议开得很好。"]
text = read_text_of(print_, lines_of(print_, characters_of(*print_)))
found = examine_text(text, known.dictionaries, known.language)
lines = examine_lines(found, DetectorInput(text, known.dictionaries, known.language))
print([p.proposed for p in lines])
"""


def install_package(folder: Path, points: dict[str, tuple[str, ...]]) -> None:
    """Lay out a package and its metadata as an installer does."""
    (folder / "toy_package.py").write_text(MODULE)
    about = folder / "toy_package-3.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-package\nVersion: 3.1\n")
    groups = (f"[{group}]\n" + "\n".join(lines) for group, lines in points.items())
    (about / "entry_points.txt").write_text("\n\n".join(groups) + "\n")


def run_with(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python where that package is installed."""
    source = Path(newspage.__file__).parents[1]
    paths = [str(source), str(source.parent), str(folder)]
    start = f"import sys; sys.path[:0] = {paths!r}\n"
    return subprocess.run(
        [sys.executable, "-c", start + arguments[0], *arguments[1:]],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


@pytest.fixture
def with_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package is installed in this process, as long as the test runs."""
    kept = (
        detector_table.load_added_detectors,
        detector_table.load_detectors,
        detector_table.load_rules,
        load_texts,
    )
    folder = tmp_path / "site"
    folder.mkdir()
    install_package(folder, {"newspage.detectors": GOOD["newspage.detectors"]})
    monkeypatch.syspath_prepend(folder)
    for cached in kept:
        cached.cache_clear()
    yield
    monkeypatch.undo()
    sys.modules.pop("toy_package", None)
    for cached in kept:
        cached.cache_clear()


def test_a_package_adds_a_format_and_an_engine(tmp_path: Path) -> None:
    """They are there beside those of newspage, and take no name of these."""
    install_package(tmp_path, GOOD)
    done = run_with(tmp_path, USE)
    assert (done.stdout.strip(), done.stderr) == ("used", "")


def test_commands_offer_what_a_package_adds(tmp_path: Path) -> None:
    """`newspage export --list` names its format."""
    install_package(tmp_path, GOOD)
    done = run_with(tmp_path, "from newspage.cli import main; main()", "export", "--list")
    assert "titles" in done.stdout, done.stderr


@pytest.mark.usefixtures("with_package")
def test_a_package_adds_a_detector() -> None:
    """It runs after those of newspage, corrects, and cannot take the name of one of them."""
    assert load_detectors()[-1].rule.name == "old-spelling"
    assert list_added_detectors() == ["old-spelling (toy-package 3.1)"]
    done = newspage.correct_text(TEXT)
    assert done.clean == TEXT.replace("份子", "分子").replace(",", "，")
    assert [c.rule for c in done.corrections] == ["old-spelling", "width"]
    for taken in ("echo", "hand"):
        rule = find_rule(taken)
        assert rule is not None
        assert rule.en.name != "X"


@pytest.mark.usefixtures("with_package")
def test_the_words_of_a_detector_reach_the_review_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name in lists and filters, its reason on the question, in both languages."""
    ask = Ask(0, 6, 7, "四", True, "old-spelling")
    with monkeypatch.context() as patch:
        patch.setattr(asking, "ASKS", (*ASKS, ask))
        office = Office(tmp_path, patch)
        draw_scans(office, "a.png")
        office.run()
    with Room(office) as room:
        (question,) = room.get("questions?rule=old-spelling&state=all")["items"]
        for language, name, reason in (
            ("en", "Old spelling", "a spelling that is no longer used"),
            ("zh", "旧写法", "现已不用的写法"),
        ):
            room.client.headers["Accept-Language"] = language
            queue = unescape(room.client.get("/queue").text)
            assert f'<option value="old-spelling" >{name}</option>' in queue
            assert f'"rule.old-spelling":"{name}"' in queue
            assert reason in room.get(f"question/{question['id']}")["reason"]
        assert room.post("pin", {"rule": "old-spelling", "standing": "demoted"}) is not None


def test_pages_are_read_anew_with_another_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or another version of its package; without any nothing is other than it was."""
    page = PageSource(ScanKey("a.png", 0), "a", "0" * 64)
    made = []
    for added in ([], ["old-spelling (toy-package 3.1)"], ["old-spelling (toy-package 3.2)"]):
        monkeypatch.setattr(plan, "list_added_detectors", added.copy)
        made.append(Fingerprints(Settings(Config()), "1", "engine").fingerprint_source(page))
    assert len(set(made)) == 3


@pytest.mark.parametrize(
    ("value", "said"),
    [("REFINES", "['芬子']"), ("SPOILS", "gives None, which is no Proposal. Remove that package")],
)
def test_a_detector_refines_on_a_page_that_was_read(tmp_path: Path, value: str, said: str) -> None:
    """What it makes of its proposals counts, if it is one."""
    install_package(tmp_path, {"newspage.detectors": (f"old = toy_package:{value}",)})
    done = run_with(tmp_path, READ)
    assert said in (done.stdout or done.stderr), done.stderr


def test_a_rule_of_a_package_that_is_gone_is_its_name() -> None:
    """Records keep it; nothing more is known of it, and nothing fails."""
    gone = Correction(
        "c1", "old-spelling", "a", (0, 2), "份子", "分子", 0.9, CorrectionStatus.PROPOSED
    )
    assert find_rule(gone.rule) is None
    assert explain_correction(gone, "zh") == "old-spelling"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("FAILS", "fails (ZeroDivisionError: division by zero)"),
        ("STRAYS", "proposes something for another rule"),
        ("OVERRUNS", "proposes something beyond the end of the text"),
        *(
            (name, "proposes something that no record can hold")
            for name in ("DOUBTS", "MAPS", "BORROWS", "SHADOWS", "WORDY")
        ),
        ("MUMBLES", "gives '分子', which is no Proposal"),
    ],
)
def test_a_detector_that_fails_is_named(tmp_path: Path, value: str, said: str) -> None:
    """With its package; nothing is written, and it is no fault of newspage."""
    install_package(tmp_path, {"newspage.detectors": (f"old = toy_package:{value}",)})
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    use = "from newspage.cli import main; main()"
    done = run_with(tmp_path, use, "correct", "text.txt", "-o", "output")
    wanted = f"newspage: The detector old-spelling of the package toy-package 3.1 {said}. Remove"
    assert done.stderr.splitlines()[-1].startswith(wanted), done.stderr
    assert done.returncode == 1
    assert not list(tmp_path.glob("output/*"))


@pytest.mark.parametrize("value", ["toy_package:PLAIN", "toy_package:GONE", "toy_gone:X"])
@pytest.mark.parametrize("group", ["newspage.exporters", "newspage.engines", "newspage.detectors"])
def test_a_broken_package_is_named(tmp_path: Path, group: str, value: str) -> None:
    """With what it adds and where, on one line; never as a fault of newspage."""
    install_package(tmp_path, {group: (f"odd = {value}",)})
    use = "from newspage.cli import main; main()"
    asked = ("export", "--list") if group.endswith("exporters") else ("run", "x", "--engine", "odd")
    if group.endswith("detectors"):
        asked = ("run", "x")
    done = run_with(tmp_path, use, *asked)
    said = f"newspage: odd, which toy-package adds to {group} ({value}), "
    assert done.stderr.startswith(said), done.stderr
    assert done.returncode == 2
    assert not (tmp_path / "output").exists()


def test_a_detector_of_an_early_phase_is_refused(tmp_path: Path) -> None:
    """What it proposes would change what all others read."""
    install_package(tmp_path, {"newspage.detectors": ("odd = toy_package:EARLY",)})
    done = run_with(tmp_path, "from newspage.cli import main; main()", "run", "x")
    assert "runs in the phase BREAKS, which is for detectors of newspage" in done.stderr
    assert done.returncode == 2
