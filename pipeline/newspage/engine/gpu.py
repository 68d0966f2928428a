"""Finds out whether there is a GPU, and makes sure that ONNX Runtime really computes on it.

Left alone, ONNX Runtime goes to the processor where anything is missing, and says so in passing at
most: whoever asked for the GPU would wait ten times as long and not know why.
"""

import ctypes
import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from newspage.errors import ConfigError, MissingDependencyError
from newspage.packages import find_installed_version

PROVIDER = "CUDAExecutionProvider"
"""ONNX Runtime's name of computing on an NVIDIA GPU."""
INSTALL = "pip install 'onnxruntime-gpu[cuda,cudnn]'"
"""The command that installs all that computing on a GPU needs."""
_FATAL = 4
"""Severity from which ONNX Runtime's log is shown: fatal errors alone. `require_gpu` says the
rest."""


def is_gpu_ready() -> bool:
    """Tell whether there is an NVIDIA GPU and a runtime for it, without loading either."""
    return find_installed_version("onnxruntime-gpu") is not None and has_gpu()


def has_gpu() -> bool:
    """Tell whether there is an NVIDIA GPU, with a runtime or without."""
    return Path("/dev/nvidia0").exists() or Path("/dev/dxg").exists()


def resolve_device_name(wanted: str) -> str:
    """Return PaddleOCR's name of the device. Raises ConfigError for an unknown one."""
    if wanted == "auto":
        return "gpu:0" if is_gpu_ready() else "cpu"
    kind, _, number = wanted.partition(":")
    if kind not in ("cpu", "gpu") or (number and not number.isdecimal()):
        raise ConfigError("device-unknown", device=wanted)
    return f"gpu:{number or 0}" if kind == "gpu" else "cpu"


def load_gpu_libraries(device: str) -> str:
    """Load the libraries that ONNX Runtime needs for a GPU, and return those that cannot be loaded.

    ONNX Runtime does not itself look where pip puts CUDA's libraries. Raises MissingDependencyError
    where it cannot compute on a GPU at all.

    Returns:
        Names of the libraries that cannot be loaded, separated by commas; empty where all can.
    """
    import onnxruntime

    if PROVIDER not in onnxruntime.get_available_providers():
        raise _make_runtime_error(device)
    onnxruntime.set_default_logger_severity(_FATAL)  # `require_gpu` says it, in one line
    said = io.StringIO()
    with redirect_stdout(said):
        onnxruntime.preload_dlls()
    return ", ".join(re.findall(r"Failed to load ([^\s:]+)", said.getvalue()))


def require_gpu(session: Any, device: str, missing: str) -> None:
    """Make sure that a session computes on the GPU, now and later. Raises MissingDependencyError.

    `missing` is what `load_gpu_libraries` could not load.
    """
    if PROVIDER not in session.get_providers():
        raise _make_fallback_error(device, missing)
    session.disable_fallback()


def _make_fallback_error(device: str, missing: str) -> MissingDependencyError:
    """Return the error that says why a session went to the processor."""
    found = _gpus()
    if found is None:
        return MissingDependencyError("gpu-driver-missing", device=device)
    if found == 0:
        return MissingDependencyError("gpu-missing", device=device)
    number = int(device.partition(":")[2] or 0)
    if number >= found:
        return MissingDependencyError("gpu-number-unknown", device=device, last=found - 1)
    if missing:
        return MissingDependencyError(
            "gpu-libraries-missing", device=device, libraries=missing, install=INSTALL
        )
    return MissingDependencyError("gpu-refused", device=device)


def _gpus() -> int | None:
    """Return how many GPUs the driver knows; None where there is no driver."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return None
    count = ctypes.c_int(0)
    if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
        return 0
    return count.value


def _make_runtime_error(device: str) -> MissingDependencyError:
    """Return the error that says why ONNX Runtime has no GPU provider."""
    found = [name for name in ("onnxruntime", "onnxruntime-gpu") if find_installed_version(name)]
    here = " ".join(found)
    if len(found) > 1:
        return MissingDependencyError(
            "gpu-runtimes-clash", device=device, installed=here, install=INSTALL
        )
    return MissingDependencyError(
        "gpu-runtime-missing", device=device, installed=here, install=INSTALL
    )
