"""Files are written whole or not at all."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from newspage.errors import ExitCode, OutputError
from newspage.files import (
    make_output_error,
    remove_files,
    remove_leftovers,
    write_files,
    write_package,
    write_pieces,
)


def test_files_are_written_with_their_folder(tmp_path: Path) -> None:
    """And nothing else lies there afterwards."""
    write_files(tmp_path / "a/b", {"x.json": b"1", "x.txt": b"2"})
    assert {p.name: p.read_bytes() for p in (tmp_path / "a/b").iterdir()} == {
        "x.json": b"1",
        "x.txt": b"2",
    }


@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_what_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    """A full disk is an error with exit code 5, and no half file."""
    write_files(tmp_path, {"x": b"old"})

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(call, fail)
    with pytest.raises(OutputError) as caught:
        write_files(tmp_path, {"x": b"new"})
    assert caught.value.exit_code is ExitCode.OUTPUT
    assert caught.value.remedy
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"x": b"old"}


def found(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_file_is_written_from_pieces(tmp_path: Path) -> None:
    """None is asked for before the one before it is written; a fault leaves the old file."""

    def pieces(*made: bytes) -> Iterator[bytes]:
        for piece in made:
            if piece == b"":
                raise LookupError
            yield piece

    write_pieces(tmp_path / "a" / "x", pieces(b"1", b"2"))
    with pytest.raises(LookupError):
        write_pieces(tmp_path / "a" / "x", pieces(b"3", b""))
    assert found(tmp_path) == {"a/x": b"12"}
    with pytest.raises(OutputError):
        write_pieces(tmp_path / "a" / "x" / "y", pieces(b"3"))


def test_a_package_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    """Whole, so that nothing of the old one stays; what was left by a killed process goes."""
    (tmp_path / ".p.part").mkdir()
    (tmp_path / ".p.part" / "half").touch()
    write_package(tmp_path / "p", [("a/x", [b"1"]), ("y", [b"2", b"3"])])
    assert found(tmp_path) == {"p/a/x": b"1", "p/y": b"23"}
    write_package(tmp_path / "p", [("z", [b"4"])])
    assert found(tmp_path) == {"p/z": b"4"}
    assert [p.name for p in tmp_path.iterdir()] == ["p"]


@pytest.mark.parametrize("call", ["os.fsync", "pathlib.Path.rename"])
def test_a_package_that_fails_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Whether its pieces, the disk or the last step fails."""
    write_package(tmp_path / "p", [("x", [b"old"])])

    def broken() -> Iterator[tuple[str, list[bytes]]]:
        yield "x", [b"new"]
        raise LookupError

    with pytest.raises(LookupError):
        write_package(tmp_path / "p", broken())
    assert found(tmp_path) == {"p/x": b"old"}

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(call, fail)
    with pytest.raises(OutputError, match="full"):
        write_package(tmp_path / "p", [("x", [b"new"])])
    assert found(tmp_path) == {"p/x": b"old"}


def test_the_old_package_comes_back_where_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it was moved away already."""
    write_package(tmp_path / "p", [("x", [b"old"])])
    rename = Path.rename

    def fail(path: Path, target: Path) -> Path:
        if path.name == ".p.part":
            raise OSError(errno.EIO, "torn")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OutputError, match="torn"):
        write_package(tmp_path / "p", [("x", [b"new"])])
    assert found(tmp_path) == {"p/x": b"old"}


def test_what_lies_aside_is_swept(tmp_path: Path) -> None:
    """And nothing else."""
    (tmp_path / ".p.mets.part" / "alto").mkdir(parents=True)
    (tmp_path / ".x.json.part").touch()
    (tmp_path / "x.json.part").touch()
    (tmp_path / ".hidden").touch()
    remove_leftovers(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"x.json.part", ".hidden"}


def test_removing_what_is_not_there(tmp_path: Path) -> None:
    """Is no error; what cannot be removed is."""
    remove_files([tmp_path / "none"])
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError):
        remove_files([tmp_path / "folder"])


def test_every_error_says_what_to_do() -> None:
    """Known ones exactly, others in general."""
    for number in (errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EBADF):
        error = make_output_error(Path("out"), OSError(number, os.strerror(number)))
        assert error.message.startswith("out: ")
        assert error.remedy


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks Linux which file is meant")
def test_the_last_file_is_renamed_when_the_others_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that after a power cut a new record never stands beside old texts."""
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def on_fsync(handle: int) -> None:
        done.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        fsync(handle)

    def on_replace(path: Path, target: Path) -> Path:
        done.append(f"-> {target.name}")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", on_fsync)
    monkeypatch.setattr(Path, "replace", on_replace)
    write_files(tmp_path, {"a.txt": b"1", "a.md": b"2", "a.json": b"3"})
    folder = tmp_path.name
    assert done[3:] == ["-> a.txt", "-> a.md", folder, "-> a.json", folder]
