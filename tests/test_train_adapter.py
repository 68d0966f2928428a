"""Training on the real network: it learns, forgets nothing unseen, stops and goes on."""

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from newspage.cli import app
from newspage.config import EngineConfig
from newspage.engine.adapters import Adapter, load_adapter, write_adapter
from newspage.engine.models import find_networks, find_weights
from newspage.engine.onnx_weights import read_weights
from newspage.engine.openvino import _characters_in, read_network
from newspage.errors import ConfigError
from newspage.training.adapter_training import TrainingOutcome
from newspage.training.guard_lines import load_guard_lines
from newspage.training.line_texts import LabelCodec
from newspage.training.neck import Neck, NeckNames, Weights
from newspage.training.neck_trainer import NeckTrainer, TrainingPlan
from newspage.training.new_classes import HANDICAP, choose_new_characters, make_new_classes
from newspage.training.significance import PairedComparison
from newspage.training.strip_features import FeatureComputer
from newspage.training.training_lines import (
    MatchedLine,
    TrainingLine,
    count_characters,
    label_lines,
    make_batches,
    measure_errors,
    read_strips,
)

pytestmark = pytest.mark.engine
NAMES = NeckNames()


class Room:
    """The network that comes along, and lines to train on."""

    def __init__(self) -> None:
        import openvino as ov

        file = find_weights(find_networks(EngineConfig()).recogniser)
        self.data = file.read_bytes()
        self.base: Weights = read_weights(self.data)
        self.alphabet = LabelCodec(_characters_in(ov.Core().read_model(file)))
        self.learnt, self.guard = load_guard_lines(FeatureComputer(self.data, NAMES), self.alphabet)

    def train(
        self, plan: TrainingPlan, lines: list[TrainingLine], passes: int = 99
    ) -> tuple[dict[str, np.ndarray], list[float]]:
        """Train, and stop after so many passes."""
        losses: list[float] = []

        def report(number: int, loss: float, watched: float) -> None:
            losses.append(loss)
            if number >= passes:
                raise KeyboardInterrupt

        trainer = NeckTrainer(self.base, NAMES, self.alphabet, plan)
        return trainer.train_neck(lines, lines, report), losses


@pytest.fixture(scope="module")
def room() -> Room:
    """One network for all tests."""
    return Room()


@pytest.fixture(scope="module")
def odd(room: Room) -> list[TrainingLine]:
    """A few lines whose text is said to be another: two characters are swapped throughout."""
    one, other = room.alphabet.encode_text("的一") or (0, 0)
    swap = {one: other, other: one}
    chosen = [line for line in room.guard if set(line.label) & set(swap)][:14]
    made = []
    for line in chosen:
        label = tuple(swap.get(c, c) for c in line.label)
        text = "".join(room.alphabet.characters[c] for c in label)
        made.append(TrainingLine("odd", text, label, line.strips))
    return made


@pytest.mark.slow
def test_guard_lines_are_read_well(room: Room) -> None:
    """All three kinds of print, and those that are learnt from."""
    neck = Neck(room.base, NAMES)
    assert {line.page for line in room.guard} == {"modern", "small", "vertical"}
    for lines in (room.learnt, room.guard):
        lines = [line for line in lines if line.page == "modern"]
        assert len(lines) >= 80
        wrong = measure_errors(lines, neck, room.alphabet).sum() / count_characters(lines).sum()
        assert wrong < 0.02


@pytest.mark.slow
def test_batches_hold_every_strip_once(room: Room) -> None:
    """In any order, each with its text."""
    for random in (None, np.random.default_rng(1)):
        owners = [o for batch in make_batches(room.guard, random) for o in batch.owners]
        assert sorted(owners) == sorted(i for i, line in enumerate(room.guard) for _ in line.strips)
        for batch in make_batches(room.guard, random):
            assert batch.labels == tuple(room.guard[o].label for o in batch.owners)


@pytest.mark.slow
def test_a_neck_learns_what_it_is_taught(room: Room, odd: list[TrainingLine]) -> None:
    """Even what is wrong; the same way every time, and going on where it was stopped."""
    plan = TrainingPlan(epochs=4)
    best, losses = room.train(plan, odd)
    assert losses[-1] < 0.5 * losses[0]
    before, after = (
        measure_errors(odd, Neck(weights, NAMES), room.alphabet).sum()
        for weights in (room.base, {**room.base, **best})
    )
    assert after < 0.5 * before
    again, _ = room.train(plan, odd)
    assert all(np.array_equal(best[name], again[name]) for name in best)


@pytest.mark.slow
def test_a_stopped_training_goes_on(room: Room, odd: list[TrainingLine], tmp_path: Path) -> None:
    """And ends with the same weights; what it kept meanwhile is removed."""
    whole, losses = room.train(TrainingPlan(epochs=3), odd)
    plan = TrainingPlan(epochs=3, checkpoints=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        room.train(plan, odd, passes=1)
    (kept,) = tmp_path.iterdir()
    sound = kept.read_bytes()
    resumed, rest = room.train(plan, odd)
    assert rest == losses[1:]
    assert all(np.array_equal(whole[name], resumed[name]) for name in whole)
    assert list(tmp_path.iterdir()) == []
    for cut in (b"cut short", sound[: len(sound) // 2]):
        kept.write_bytes(cut)
        assert room.train(plan, odd)[1] == losses


@pytest.mark.slow
def test_the_bias_alone_is_trained_where_asked(room: Room, odd: list[TrainingLine]) -> None:
    """All other weights stay."""
    best, _ = room.train(TrainingPlan(bias_only=True, epochs=2), odd)
    changed = {name for name in best if not np.array_equal(best[name], room.base[name])}
    assert changed <= {NAMES.bias}


def test_a_new_class_begins_as_what_its_character_is_taken_for() -> None:
    """Where several lines hold it; marks and blanks get none, nor what can be written otherwise."""
    alphabet = LabelCodec(("", "甲", "乙", "1"))
    texts = [("㐀甲", "乙甲"), ("甲㐀", "甲甲"), ("㐀\u0301１", "乙1"), ("㐁甲", "甲")]
    lines = [MatchedLine("p", text, read, ()) for text, read in texts]
    assert choose_new_characters(lines, alphabet) == ("㐀",)
    weights = {
        NAMES.classes: np.array([[0, 1, 2, 3]], np.float32),
        NAMES.bias: np.array([9, 3, 6, 0], np.float32),
    }
    made = make_new_classes(("㐀", "㐁"), lines, alphabet, weights, NAMES)
    matrix, bias = (made[name] for name in NAMES.list_new())
    assert matrix[0, 0] == pytest.approx(5 / 3)
    assert bias[0] == pytest.approx(5 - HANDICAP)
    # Nothing is read in the place of the other one: the mean of all that is read.
    assert matrix[0, 1] == pytest.approx((4 * 1 + 2 * 2 + 3) / 7)


@pytest.mark.slow
def test_a_character_without_a_class_is_learnt(room: Room) -> None:
    """Where it stands it is read, and as good as nothing else is read otherwise."""
    taken = room.alphabet.encode_text("的") or [0]
    chosen = [line for line in room.guard if line.page == "modern" and "的" in line.text][:20]
    other = [line for line in room.learnt if "的" not in line.text][:40]
    matched = [
        MatchedLine("odd", line.text.replace("的", "㐀"), line.text, line.strips) for line in chosen
    ]
    assert choose_new_characters(matched, room.alphabet) == ("㐀",)
    new = make_new_classes(("㐀",), matched, room.alphabet, room.base, NAMES)
    np.testing.assert_allclose(
        new[NAMES.list_new()[0]][:, 0], room.base[NAMES.classes][:, taken[0]], rtol=1e-5
    )
    alphabet = LabelCodec((*room.alphabet.characters, "㐀"))
    lines, left_out = label_lines(matched, alphabet)
    assert left_out == 0
    start = {**room.base, **new}
    trainer = NeckTrainer(start, NAMES, alphabet, TrainingPlan(epochs=4))
    best = trainer.train_neck([*lines, *other], lines, lambda *_: None)
    trained = Neck({**room.base, **best}, NAMES)
    texts = read_strips([line.strips[0] for line in lines], trained, alphabet)
    wanted = sum(line.text.count("㐀") for line in lines)
    assert sum(text.count("㐀") for text in texts) >= 0.9 * wanted
    assert measure_errors(lines, trained, alphabet).sum() < 0.3 * wanted


@pytest.mark.slow
def test_a_network_of_another_kind_is_refused(room: Room) -> None:
    """It has no neck of these names."""
    with pytest.raises(ConfigError, match="no neck"):
        FeatureComputer(room.data, NeckNames(branches=("a", "b", "c")))
    assert read_network(room.data).get_parameters()[0].get_partial_shape()[1] == 1


def test_what_is_saved_gains_and_forgets_nothing() -> None:
    """By more than chance, both."""
    adapter = Adapter("", "paper", {})
    gain = PairedComparison(0.1, 0.05, 1.0, 0.0, 100)
    same = PairedComparison(0.1, 0.1, 0.5, 0.5, 100)
    loss = PairedComparison(0.1, 0.2, 0.0, 1.0, 100)
    fine = TrainingOutcome(adapter, 1.0, gain, {"modern": same}, 50, 0)
    assert (fine.gains, fine.forgotten) == (True, ())
    assert not TrainingOutcome(adapter, 1.0, same, {}, 50, 0).gains
    assert TrainingOutcome(adapter, 1.0, gain, {"small": loss}, 50, 0).forgotten == ("small",)


def test_adapters_are_kept_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Imported, listed, shown, exported, removed; none takes the place of another."""
    monkeypatch.chdir(tmp_path)
    delta = {NAMES.bias: np.ones(3, np.float16)}
    facts: dict[str, str | int | float] = {
        "lines": 12,
        "held back before": 0.125,
        "held back after": 0.08,
    }
    Path("other.safetensors").write_bytes(write_adapter(Adapter("ab" * 32, "晶報", delta, facts)))

    def call(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["adapter", *words])
        return done.exit_code, done.output

    assert call("import", "other.safetensors", "--name", "jingbao") == (0, "")
    assert call("import", "other.safetensors", "--name", "jingbao")[0] == 2
    assert call("import", "other.safetensors", "--name", "../x")[0] == 2
    assert call("list") == (0, "jingbao: 12 lines, 12.50% -> 8.00% wrong\n")
    assert "paper: 晶報" in call("info", "jingbao")[1]
    assert call("export", "jingbao", "out.safetensors") == (0, "")
    assert load_adapter(Path("out.safetensors")).facts == facts
    assert call("remove", "jingbao") == (0, "")
    assert call("remove", "jingbao")[0] == 3
    assert call("list")[1].startswith("No adapter is in the folder adapters yet")


@pytest.mark.slow
def test_what_gains_nothing_is_not_saved(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that are read without a fault: figures are printed, and nothing is written."""
    for page in ("qingdu-2024-03-18/p3", "yunbu-2024-04-12/p4"):
        name = page.replace("/", "-")
        for file, kind in (
            (f"scans/{page}.jpg", "jpg"),
            (f"tests/pages/{page}.truth.json", "json"),
        ):
            (tmp_path / f"{name}.{kind}").write_bytes((repository / file).read_bytes())
    (tmp_path / "newspage.toml").write_text('[engine]\ncache_dir = "cache"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    words = ["train", "modern", ".", "--bias-only", "--hold-back", "qingdu*"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1, done.output
    assert "Not saved" in done.output
    assert "held back" in done.output
    assert not (tmp_path / "adapters").exists()
    kept = sorted(path.parent.name for path in (tmp_path / "cache").rglob("*.npz"))
    assert kept == ["lines", "lines"]


def test_too_little_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No output folder, no transcription, no name: each is said before anything is read."""
    monkeypatch.chdir(tmp_path)
    for words, code in (
        (["train", "x"], 3),
        (["train", "x", "."], 3),
        (["train", "../x", "."], 2),
        (["train", 'a"b', "."], 2),
    ):
        assert CliRunner().invoke(app, words).exit_code == code
