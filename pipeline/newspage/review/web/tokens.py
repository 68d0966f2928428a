"""The tokens that let people in, made from a secret that each user of the machine has once.

Tokens outlive a restart: a page that is open in a browser goes on working. The secret lies in the
user's own folder and not beside the scans: those lie on shared drives, which cannot keep a file
from others.
"""

import base64
import hmac
import os
import secrets
import stat
import sys
import tempfile
from pathlib import Path

from newspage.errors import UsageError
from newspage.workspace import Workspace

_BYTES = 32
"""Length of the secret; as long as the digest that is made with it."""
_NAME = "secret"


def load_user_secret() -> bytes | None:
    """Return the secret of whoever runs this, made where there is none; None where none is kept.

    Raises UsageError where others can read it, for then it is none.
    """
    path = find_secret_path()
    try:
        found = _read_secret(path)
        if found is None:
            _write_secret(path)
            # Another process may have made one at the same moment: the one in the file counts.
            found = _read_secret(path)
    except (OSError, RuntimeError):
        return None
    return found


def find_secret_path() -> Path:
    """Return the path of the secret. Raises RuntimeError where the user has no folder."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "newspage" / _NAME
    state = os.environ.get("XDG_STATE_HOME", "")
    folder = Path(state) if os.path.isabs(state) else Path.home() / ".local" / "state"  # noqa: PTH117
    return folder / "newspage" / _NAME


def make_token(secret: bytes, purpose: str, place: Workspace) -> str:
    """Return a token for one purpose at one output folder; none tells anything of another.

    It is the HMAC-SHA-256 of purpose and folder under the secret, in URL-safe base64.
    """
    where = os.fsencode(place.output.resolve())
    digest = hmac.digest(secret, purpose.encode() + b"\0" + where, "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _read_secret(path: Path) -> bytes | None:
    """Return what the file holds; None where it is missing or was not written to its end."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return None
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle, no path
        if sys.platform != "win32":
            _refuse_shared(path, os.fstat(handle))
        held = file.read(_BYTES + 1)
    return held if len(held) == _BYTES else None


def _refuse_shared(path: Path, state: os.stat_result) -> None:
    """Refuse a file that is another user's or that others can open. Raises UsageError."""
    if state.st_uid != os.getuid() or stat.S_IMODE(state.st_mode) & 0o077:
        raise UsageError("secret-readable-by-others", path=path)


def _write_secret(path: Path) -> None:
    """Write a new secret, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A temporary file is its owner's alone from the first moment on.
    handle, name = tempfile.mkstemp(prefix=f".{_NAME}-", dir=path.parent)
    aside = Path(name)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, no path
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(handle)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
