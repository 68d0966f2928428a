"""Dictionary entries that decisions suggest."""

from dataclasses import replace

from newspage.correct.dictionaries import Dictionaries, DictionaryEntry, EntryKind
from newspage.decision import Act, Decision
from newspage.decisions.suggestions import suggest_entries
from tests.teaching import lessons_of, said


def found(decisions: list[Decision], *known: DictionaryEntry) -> dict[str, tuple[int, int]]:
    """Support and counter-examples of each suggestion, by key."""
    entries = suggest_entries(lessons_of(decisions), Dictionaries(known))
    return {entry.key: (entry.support, entry.against) for entry in entries}


def test_confusions_count_in_both_directions() -> None:
    """Two characters taken for each other at three places of two scans or more."""
    decisions = [said("位[干]北", "于"), said("对[干]这", "于"), said("树[于]上", "干")]
    assert found(decisions) == {"confusions:于干": (3, 0)}
    assert found([*decisions, said("甲[干]乙", "于", Act.REJECT)]) == {"confusions:于干": (3, 1)}
    assert found(decisions[:2]) == {}
    assert found(decisions, DictionaryEntry("干于千", EntryKind.CONFUSIONS)) == {}


def test_phrases_are_as_long_as_they_recur() -> None:
    """The longest stretch that recurs with the change; marks end it."""
    decisions = [
        said(f"{a}洛[阴]市人民{b}", "阳") for a, b in (("在", "政府"), ("，", "法院"), ("向", "，"))
    ]
    assert found(decisions) == {"confusions:阳阴": (3, 0), "phrases:洛阳市人民": (3, 0)}
    city = DictionaryEntry("洛阳市人民政府", EntryKind.INSTITUTIONS)
    assert found(decisions, city) == {"confusions:阳阴": (3, 0)}


def test_a_shorter_phrase_with_more_support_stays() -> None:
    """Each is suggested for what speaks for it."""
    decisions = [said("，洛[阴]市，", "阳") for _ in range(3)]
    decisions += [said("，洛[阴]城，", "阳") for _ in range(3)]
    assert found(decisions) == {
        "confusions:阳阴": (6, 0),
        "phrases:洛阳": (6, 0),
        "phrases:洛阳城": (3, 0),
        "phrases:洛阳市": (3, 0),
    }


def test_names_come_from_the_detector_of_names() -> None:
    """They are suggested as such, at most four characters long."""
    contexts = ("记者林怀[谨]报", "编辑林怀[谨]说", "，林怀[谨]写")
    decisions = [said(context, "瑾", rule="name") for context in contexts]
    assert found(decisions) == {"confusions:瑾谨": (3, 0), "names:林怀瑾": (3, 0)}
    longer = [said("司马相如[谨]报", "瑾", rule="name") for _ in range(3)]
    assert all(len(key) <= len("names:") + 4 for key in found(longer) if key.startswith("names"))


def test_one_page_is_not_enough() -> None:
    """An article may say the same thing over and over."""
    alike = [said("位[干]北", "于") for _ in range(5)]
    same = [replace(d, anchor=replace(d.anchor, sha256="ab" * 32)) for d in alike]
    assert found(same) == {}
    assert found(alike) != {}


def test_more_against_than_for() -> None:
    """What people denied as often as they said it is no entry; the counter-examples are counted."""
    decisions = [said("，洛[阴]市，", "阳") for _ in range(3)]
    denied = [said("，洛[阴]市，", "阳", Act.REJECT) for _ in range(2)]
    assert found(decisions + denied)["phrases:洛阳市"] == (3, 2)
    assert found(decisions + denied + [said("，洛[阴]市，", "阳", Act.REJECT)]) == {}


def test_examples_show_the_place() -> None:
    """Read, proposed, and around; with the scan's file."""
    entries = suggest_entries(
        lessons_of([said("一二三四五六位[干]北\n京", "于") for _ in range(3)]), Dictionaries()
    )
    (first, *_) = (e for e in entries if e.kind is EntryKind.CONFUSIONS)
    assert first.examples[0].startswith("三四五六位[干→于]北¶京 (p")
    assert len(first.examples) == 3
