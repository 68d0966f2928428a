"""Evidence in records and in the store: typed when read, and never lost.

`version_2/evidence.zip` holds an output folder of two made-up pages and its store, as they were
written when evidence was a mapping: every key that detectors gave, figures of a detector of another
package, and what people decided (accepted, edited, rejected, overruled, written by hand).
"""

import json
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newspage.correct.detectors.dates import DATE
from newspage.correct.detectors.lookalike import LOOK_ALIKE
from newspage.correct.evidence_weights import DOUBTED
from newspage.correct.proposal import Proposal, ProposalOrigin
from newspage.correct.score import estimate_probability, probability_from_log_odds
from newspage.correction_evidence import Evidence, pack_evidence, unpack_evidence
from newspage.model import Correction
from newspage.output.page_writer import make_page_writer
from newspage.record import decode_record, encode_record, read_record
from newspage.review.service.review_service import ReviewService
from newspage.review.service.views import QuestionFilter
from newspage.settings import load_settings
from newspage.store import OutputStore, Store
from newspage.workspace import Workspace

ARCHIVE = Path(__file__).parent / "version_2" / "evidence.zip"
KEYS = (
    "belief", "gain", "rare", "twin", "entry", "source", "distance", "named", "order", "doubt",
    "pixels", "read", "own",
)  # fmt: skip
values = st.floats(-9, 9) | st.sampled_from([1.0, 0.0, "", "unknown", "scan", "甲"])


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder with the output and its store."""
    with zipfile.ZipFile(ARCHIVE) as zipped:
        zipped.extractall(tmp_path)
    return tmp_path


def by_rule(path: Path) -> dict[str, Correction]:
    """The corrections of a page by their rules, of which each has one."""
    return {c.rule: c for c in read_record(path).corrections}


@given(st.dictionaries(st.sampled_from(KEYS), values))
def test_whatever_a_record_has_is_written_again(data: dict[str, float | str]) -> None:
    """Also values of another kind than newspage gives a key, and those that say nothing."""
    evidence = unpack_evidence(data)
    assert pack_evidence(evidence) == data
    assert unpack_evidence(pack_evidence(evidence)) == evidence


def test_a_record_is_read_without_loss(home: Path) -> None:
    """Both layers of the page are written again with the same keys and values."""
    for path in (home / "output" / "a.json", home / "output" / "b.json"):
        data = path.read_bytes()
        assert json.loads(encode_record(decode_record(data))) == json.loads(data)


@pytest.mark.parametrize(
    ("evidence", "by", "machine"),
    [
        ({"by": "ann", "proposed": "", "machine": "own"}, "ann", ""),
        ({"machine": "卅", "proposed": "own"}, "", "卅"),
        ({"by": 1.0, "overruled": "", "group": 2.0, "proposed": 3.0}, "", None),
    ],
)
def test_what_people_decided_is_told_from_evidence(
    home: Path, evidence: dict[str, float | str], by: str, machine: str | None
) -> None:
    """By its keys; whatever else stands under such a key stays where it is."""
    data = json.loads((home / "output" / "b.json").read_bytes())
    data["corrections"][0]["evidence"] = evidence
    data["reading"] = {"corrections": []}
    record = decode_record(json.dumps(data).encode())
    (first, *_) = record.corrections
    assert (first.decided_by, first.machine_proposal) == (by, machine)
    assert (first.overruled_by, first.group) == ("", "")
    assert json.loads(encode_record(record))["corrections"][0]["evidence"] == evidence


def test_every_key_has_a_field(home: Path) -> None:
    """Evidence of the machine apart from what people decided."""
    found = by_rule(home / "output" / "a.json")
    phrase, edited, named = found["phrase"], found["look-alike"], found["middle-dot"]
    assert phrase.evidence == Evidence(
        belief=0.993, entry="甲乙", source="phrases.tsv:3", entry_distance=1.0, image_log_odds=1.5
    )
    assert (phrase.decided_by, phrase.machine_proposal) == ("ann", None)
    assert edited.evidence == Evidence(
        word_gain=4.14, rarity=-2.12, compare_with="一二", image_log_odds=-2.88
    )
    assert (edited.decided_by, edited.proposed, edited.machine_proposal) == ("ann", "参", "卅")
    assert named.evidence == Evidence(belief=0.985, may_be_name=True, image_log_odds=0.5)
    other = found["old-spelling"]
    assert other.evidence.details == {"own_figure": 3.5, "own_word": "x"}
    assert (other.evidence.belief, other.group, other.decided_by) == (0.9, "g1", "")
    assert found["hand"].decided_by == "bob"
    assert found["hand"].evidence == Evidence()
    compared = found["character"]
    assert compared.evidence == Evidence(
        belief=0.05,
        word_gain=2.5,
        entry="西",
        source="scan",
        order_unknown=True,
        doubt="inside a number",
        image_log_odds=3.25,
        read_confidence=0.71,
    )
    assert (compared.overruled_by, compared.decided_by) == ("bob", "")


def test_a_store_goes_on(home: Path) -> None:
    """Catching up changes no file; questions show the same evidence; a decision is undone."""
    settings = load_settings(None, {})
    place = Workspace.for_output(home / "output", settings.config.run)
    before = {p: p.read_bytes() for p in place.output.rglob("*") if p.is_file()}
    with Store(place.store) as whole:
        store = OutputStore(whole, place.name)
        assert make_page_writer(place, store, settings).catch_up(store.list_scans()) == ()
    assert {p: p.read_bytes() for p in place.output.rglob("*") if p.is_file()} == before
    with closing(ReviewService(place, settings)) as service:
        questions = service.list_questions(QuestionFilter(state="all", stem="a"), "page")[0]
        assert len(questions) == 6
        shown = {q.proposed: dict(service.show_question(q.id).evidence) for q in questions}
        assert shown["茜"]["read"] == 0.71
        assert shown["玖"]["own_figure"] == 3.5
        service.undo_decision("ann")
    assert by_rule(home / "output" / "a.json")["middle-dot"].decided_by == ""


def test_the_origin_of_a_proposal_chooses_its_weights() -> None:
    """Not which figures there are: the same evidence is weighed in three ways."""
    evidence = Evidence(
        belief=0.5, word_gain=2.0, rarity=1.0, image_log_odds=1.0, read_confidence=0.9
    )
    chances = {
        origin: estimate_probability(Proposal(LOOK_ALIKE, 0, 1, "x", evidence, origin=origin))
        for origin in ProposalOrigin
    }
    assert len(set(chances.values())) == 3
    in_lattice = DOUBTED.pixels + 2 * DOUBTED.gain + DOUBTED.rare
    assert chances[ProposalOrigin.LATTICE] == pytest.approx(probability_from_log_odds(in_lattice))
    assert Proposal(DATE, 0, 1, "x").origin is ProposalOrigin.WORDS
