"""A sample page, read by the networks and corrected again: as if it had been read again."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from newspage import cli
from newspage.lattice import PageLattices
from newspage.model import PageRecord
from newspage.record import read_record
from newspage.record.lattice_file import read_lattices
from tests.interchange import ROOT

pytestmark = pytest.mark.engine

STEM = "qingdu-2024-03-18/p3"
REACH = 4
"""Characters of an entry on each side of the one that was in doubt."""
SETTINGS = """
[correct]
dictionaries = ["entries"]
propose_with_scan = 0.0
"""
"""Whatever a dictionary proposes is in the record, with all that the image says of it."""


def call(*arguments: object) -> None:
    """A command that succeeds, in this process."""
    done = CliRunner().invoke(cli.app, list(map(str, arguments)))
    assert done.exit_code == 0, done.output


def list_look_alikes(record: PageRecord, lattices: PageLattices) -> list[str]:
    """Stretches of the page with the second of the recogniser's guesses in place of the first."""
    found = []
    for line in record.page.lines:
        lattice = lattices.lines.get(line.id)
        text = "".join(glyph.text for glyph in line.glyphs)
        if lattice is None:
            continue
        for first, second in lattice.classes[:, :2].tolist():
            own, other = lattices.characters[first], lattices.characters[second]
            at = text.find(own) if own else -1
            part = text[max(0, at - REACH) : at] + other + text[at + 1 : at + 1 + REACH]
            if at >= REACH and other > "一" and part.isalpha() and len(part) == 2 * REACH + 1:
                found.append(part)
    return found


def page_files(folder: str) -> dict[str, bytes]:
    """The files of the page but its lattices, in which a fresh reading keeps more."""
    files = Path(folder, STEM).parent.iterdir()
    return {path.name: path.read_bytes() for path in files if path.suffix != ".xz"}


def test_a_page_is_corrected_as_if_it_were_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, with entries that say otherwise than the page; and a second time nothing."""
    scan = tmp_path / "scans" / f"{STEM}.jpg"
    scan.parent.mkdir(parents=True)
    shutil.copy(ROOT / "scans" / f"{STEM}.jpg", scan)
    monkeypatch.chdir(tmp_path)
    Path("newspage.toml").write_text(SETTINGS, "utf-8")
    Path("entries").mkdir()
    call("run", "scans", "-o", "again", "--keep-lattices")
    record = read_record(Path("again", f"{STEM}.json"))
    kept = read_lattices(Path("again", f"{STEM}.lattices.xz"), record.reading)
    before = page_files("again")
    call("recorrect", "-o", "again")
    assert page_files("again") == before
    entries = dict.fromkeys(list_look_alikes(record, kept.lattices))
    Path("entries", "phrases.tsv").write_text("".join(f"{e}\tfixed\n" for e in entries), "utf-8")
    call("recorrect", "-o", "again")
    call("run", "scans", "-o", "fresh")
    assert page_files("again") == page_files("fresh") != before
    corrected = read_record(Path("again", f"{STEM}.json"))
    assert len(corrected.corrections) > len(record.corrections) + 20
    call("recorrect", "-o", "again")
    assert page_files("again") == page_files("fresh")
    call("run", "scans", "-o", "again")
    assert page_files("again") == page_files("fresh")
