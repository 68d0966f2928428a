"""Every setting with its default: one frozen dataclass a stage, one Config of them all.

Stands below the stages and imports the standard library only, so that `--help` can print every
default without loading anything heavy.
"""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class IngestConfig:
    """What is accepted as a scan, and how its name is understood."""

    max_megapixels: float = 400.0
    """A picture with more (million) pixels is refused before it is decoded."""
    max_side: int = 32_000
    """Longest side in pixels; the warping functions of OpenCV end at 32,767."""
    max_file_megabytes: float = 4096.0
    """A larger file (in units of a million bytes) is refused unread."""
    max_pages: int = 2000
    """A file with more pages is refused."""
    pdf_dpi: float = 300.0
    """Resolution for PDF pages that are not one scanned picture."""
    name_pattern: str = ""
    """A regular expression searched in the path below the input folder, without suffix, with `/`
    between folders; its named groups `paper`, `date` and `page` say what the scan shows. Empty:
    names like `luoyang-2020-04-30/p3` are understood."""


@dataclass(frozen=True, slots=True)
class EnhanceConfig:
    """How a scan is straightened before anything is looked for in it."""


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """Which recogniser runs, on which models."""

    engine: str = "auto"
    """auto | openvino | paddle."""


@dataclass(frozen=True, slots=True)
class DetectConfig:
    """How lines, rules and pictures are found."""

    direction: Literal["auto", "horizontal", "vertical"] = "auto"
    """The direction of running text."""


@dataclass(frozen=True, slots=True)
class LayoutConfig:
    """How regions are formed and ordered."""


@dataclass(frozen=True, slots=True)
class AssembleConfig:
    """How articles and paragraphs are put together."""


@dataclass(frozen=True, slots=True)
class RunConfig:
    """How a run goes about its work; nothing here changes what comes out."""

    workers: int = 0
    """Pages read at the same time, each in a process of its own; 0: chosen for this machine."""
    pages_per_worker: int = 100
    """After so many pages a worker is replaced by a fresh one, which bounds its memory."""
    page_seconds: float = 0.0
    """A page that takes longer is given up as failed; 0: no limit."""
    store: str = ""
    """Path of the store; empty: `newspage.sqlite` beside the output folder."""

    def __post_init__(self) -> None:
        if self.workers < 0 or self.pages_per_worker < 1 or self.page_seconds < 0:
            raise ValueError("must not be negative, and a worker reads at least one page")


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a run."""

    ingest: IngestConfig = field(default_factory=IngestConfig)
    enhance: EnhanceConfig = field(default_factory=EnhanceConfig)
    engine: EngineConfig = field(default_factory=EngineConfig)
    detect: DetectConfig = field(default_factory=DetectConfig)
    layout: LayoutConfig = field(default_factory=LayoutConfig)
    assemble: AssembleConfig = field(default_factory=AssembleConfig)
    run: RunConfig = field(default_factory=RunConfig)
