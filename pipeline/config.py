"""Every setting with its default: one frozen dataclass a stage, one Config of them all.

Stands below the stages and imports the standard library only, so that `--help` can print every
default without loading anything heavy.
"""

from dataclasses import dataclass, field


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

    direction: str = "auto"
    """auto | horizontal | vertical: the direction of running text."""


@dataclass(frozen=True, slots=True)
class LayoutConfig:
    """How regions are formed and ordered."""


@dataclass(frozen=True, slots=True)
class AssembleConfig:
    """How articles and paragraphs are put together."""


@dataclass(frozen=True, slots=True)
class CorrectConfig:
    """Which proposals are made, and which of them are applied."""

    apply: str = "safe"
    """none | safe | all: which proposals are applied without a person."""
    apply_with_scan: float = 0.97
    """Probability from which a proposal that the scan confirms is applied."""
    apply_without_scan: float = 0.99
    """Probability from which a proposal is applied where there is no scan to ask."""
    propose_with_scan: float = 0.15
    """Probability from which a proposal is shown to a person; below it is dropped."""
    propose_without_scan: float = 0.3
    """The same where there is no scan."""
    dictionaries: tuple[str, ...] = ()
    """Folders of dictionaries besides those that come with newspage; later ones win."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a run."""

    enhance: EnhanceConfig = field(default_factory=EnhanceConfig)
    engine: EngineConfig = field(default_factory=EngineConfig)
    detect: DetectConfig = field(default_factory=DetectConfig)
    layout: LayoutConfig = field(default_factory=LayoutConfig)
    assemble: AssembleConfig = field(default_factory=AssembleConfig)
    correct: CorrectConfig = field(default_factory=CorrectConfig)
