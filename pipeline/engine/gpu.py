"""Whether there is a GPU to compute on."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def gpu_ready() -> bool:
    """Whether there is an NVIDIA GPU and a runtime for it; finds out without loading either."""
    try:
        version("onnxruntime-gpu")
    except PackageNotFoundError:
        return False
    return Path("/dev/nvidia0").exists() or Path("/dev/dxg").exists()
