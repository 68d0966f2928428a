"""Every setting with its default: one frozen dataclass a stage, one Config of them all.

Stands below the stages and imports the standard library only, so that `--help` can print every
default without loading anything heavy.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

_RIGHTS = (
    r"http://(creativecommons\.org/(licenses|publicdomain)|rightsstatements\.org/vocab)/[!-~]+$"
)
"""The addresses that IIIF allows as rights, which begin with http in any case."""
_LCCN = r"[a-z]{0,3}[0-9]{8}|[a-z]{0,2}[0-9]{10}"
"""A control number of the Library of Congress in its normal form: prefix, year, serial number."""


@dataclass(frozen=True, slots=True)
class IngestConfig:
    """Limits on what is accepted as a scan, and the pattern of scans' names."""

    max_megapixels: float = 400.0
    """A picture with more (million) pixels is refused before it is decoded."""
    max_decoded_megabytes: float = 1200.0
    """A page that takes more memory (in units of a million bytes) while it is decoded is refused.
    A page in colour takes 5 bytes a pixel (7 in a PDF file, up to 20 in JPEG 2000 without tiles),
    one in gray takes 2; 1,200 are a broadsheet in colour at 770 dpi. With what a worker holds
    besides it stays below 1.5 GB: nested forms in a PDF file, the greediest input found, came to
    1.57 GB at 1,300."""
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
    """Steps that straighten and clean a scan before anything is looked for in it.

    Every step acts only where a measurement asks for it; here each can be switched off altogether.
    An em is the size of the page's body text, as measured.
    """

    borders: bool = True
    """Black margins, grey scanner beds and film frames become paper."""
    turn: Literal["auto", "0", "90", "180", "270"] = "auto"
    """Degrees clockwise that set the scan upright; auto: found by reading a few glyphs."""
    deskew: bool = True
    """Pages that lie askew are turned straight."""
    min_skew: float = 0.06
    """Degrees that are left alone."""
    max_skew: float = 7.0
    """Degrees beyond which no skew is looked for."""
    dewarp: bool = True
    """Curved pages are made flat."""
    min_bend: float = 0.15
    """Displacement of curved lines, in em, that is left alone."""
    light: bool = True
    """Uneven light is evened out, faded print strengthened."""
    min_unevenness: float = 0.1
    """Share by which the paper's brightness may fall off and is left alone."""
    show_through: bool = True
    """Print of the reverse that shines through is taken away."""
    soften: bool = True
    """The edges of scans of black and white alone are made soft."""
    rescale: bool = True
    """Tiny print is enlarged and huge print made smaller."""
    min_em: float = 16.0
    """Body text smaller than this (pixels) is enlarged to `enlarged_em`."""
    enlarged_em: float = 28.0
    """Size in pixels that smaller body text is given."""
    max_em: float = 64.0
    """Body text larger than this is made smaller, to `reduced_em`."""
    reduced_em: float = 48.0
    """Size in pixels that larger body text is given."""
    max_megapixels: float = 120.0
    """No page is enlarged beyond this."""
    split: bool = True
    """A scan of two facing pages is split in the fold."""

    def __post_init__(self) -> None:
        if not 0 <= self.min_skew <= self.max_skew <= 20:
            raise ValueError("min_skew and max_skew must rise and lie between 0 and 20 degrees")
        if not 0 < self.min_em <= self.enlarged_em <= self.reduced_em <= self.max_em:
            raise ValueError("min_em, enlarged_em, reduced_em and max_em must rise")
        if self.min_bend < 0 or self.min_unevenness < 0 or self.max_megapixels <= 0:
            raise ValueError("min_bend, min_unevenness and max_megapixels must not be negative")


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """The recognition engine, its networks, and its thresholds."""

    engine: str = "auto"
    """What reads: auto takes what is faster here, openvino or paddle; other packages add more.
    `newspage doctor` lists them."""
    model: str = ""
    """Name of PaddleOCR networks (`PP-OCRv5_server`, say); empty: those that come along."""
    model_dir: str = ""
    """A folder that holds a detection and a recognition network, each in a folder of its own
    with `inference.onnx` and `inference.yml`."""
    layout_model_dir: str = ""
    """A folder that holds a layout model of PaddleOCR (`PP-DocLayout_plus-L`, say) as
    `inference.onnx` and `inference.yml`; empty: none is asked."""
    device: str = "auto"
    """auto | cpu | gpu | gpu:1: where the engine `paddle` and a layout model compute."""
    precision: Literal["auto", "f32", "bf16", "int8"] = "auto"
    """Arithmetic of the engine `openvino`; auto takes bf16 where the processor has it, else f32
    with the widest layers of the recogniser in int8."""
    cache_dir: str = ""
    """Where networks are unpacked for the engine `paddle`; empty: the user's cache folder."""
    map_threshold: float = 0.3
    """Probability above which a pixel belongs to a line."""
    line_threshold: float = 0.5
    """Mean probability that a found line must have."""
    unclip: float = 1.6
    """How far a found line is grown beyond the core that the detector marks."""

    def __post_init__(self) -> None:
        if not (0 < self.map_threshold < 1 and 0 < self.line_threshold < 1):
            raise ValueError("map_threshold and line_threshold must lie between 0 and 1")
        if not 0 <= self.unclip <= 5:
            raise ValueError("unclip must lie between 0 and 5")


@dataclass(frozen=True, slots=True)
class RecogniseConfig:
    """The way lines are cut out and read."""

    vertical: Literal["both", "turned"] = "both"
    """Vertical lines are read turned by 90 degrees, or a second time with their glyphs re-set
    from left to right, and of each glyph the surer reading is kept."""
    quality: Literal["fast", "balanced", "best"] = "best"
    """The network that reads horizontal lines: best, the full one; fast, the light one; balanced,
    the light one, and again the full one where it may read better. Vertical lines, and pages with
    an adapter, are always read by the full one."""
    adapter: str = ""
    """What the recogniser has learnt of a paper's type: the name of an adapter in the folder
    `adapters`, or its file; empty: none. Meant for an `[[override]]` of that paper."""


@dataclass(frozen=True, slots=True)
class DetectConfig:
    """The way lines, rules and pictures are found."""

    direction: Literal["auto", "horizontal", "vertical"] = "auto"
    """The direction of running text."""


@dataclass(frozen=True, slots=True)
class LayoutConfig:
    """The way regions are formed and ordered; without settings so far."""


@dataclass(frozen=True, slots=True)
class AssembleConfig:
    """The way articles and paragraphs are put together; without settings so far."""


AUTO_MODEL, NO_MODEL = "auto", "none"
"""Values of `language_model` that are no file."""


@dataclass(frozen=True, slots=True)
class CorrectConfig:
    """The proposals that are made, and those that are applied."""

    apply: Literal["none", "safe", "all"] = "safe"
    """Which proposals are applied without a person."""
    apply_with_scan: float = 0.97
    """Probability from which a proposal that the scan confirms is applied."""
    apply_without_scan: float = 0.99
    """Probability from which a proposal is applied where there is no scan to ask."""
    propose_with_scan: float = 0.25
    """Probability from which a proposal is shown to a person; below it is dropped."""
    propose_without_scan: float = 0.3
    """The same where there is no scan."""
    dictionaries: tuple[str, ...] = ()
    """Folders of dictionaries besides those that come with newspage; later ones win."""
    learned: str = ""
    """Folder of the entries that reviewers adopted, which win over all others; empty:
    `dictionaries/learned` beside the store. What stands there counts for pages yet to be read,
    and for others once they are corrected again (`newspage recorrect`)."""

    language_model: str = AUTO_MODEL
    """The language that a text without a scan is judged by: the file that `newspage language build`
    wrote; `auto`: the one beside the store, else that of the installed word lists; `none`: no
    character is asked about because the text would be likelier with another."""

    def __post_init__(self) -> None:
        for name in ("apply_with_scan", "apply_without_scan"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a probability, from 0 to 1")


@dataclass(frozen=True, slots=True)
class OutputConfig:
    """The files that are written for every page and every issue."""

    formats: tuple[str, ...] = ("txt", "md")
    """Formats of the files beside the page record, which is always written: any that `newspage
    export --list` names. Those of issues alone are written beside the issue. A format that is added
    is made from the records; files of one that is taken out stay as they are."""
    keep_lattices: bool = False
    """Write `<page>.lattices.xz` beside the record of every page that is read, by which `newspage
    recorrect` weighs its corrections anew without reading it again."""


@dataclass(frozen=True, slots=True)
class IiifConfig:
    """The way issues are published by IIIF (`newspage export iiif`)."""

    base_url: str = "http://localhost:8000"
    """Address at which the folder of the export will be found; all identifiers begin with it. The
    default is that of `python -m http.server 8000 --directory export`."""
    attribution: str = ""
    """Whom to name: viewers show it with every issue. Empty: that the text was read by machine."""
    rights: str = ""
    """Address of the licence or statement of rights, of Creative Commons or RightsStatements.org,
    like `http://creativecommons.org/publicdomain/mark/1.0/`; empty: none is given."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"https?://[^\s?#/][^\s?#]*", self.base_url):
            raise ValueError("base_url must be an address like https://example.org/papers")
        if self.rights and not re.match(_RIGHTS, self.rights):
            raise ValueError(
                "rights must begin with http://creativecommons.org/ or http://rightsstatements.org/"
            )


@dataclass(frozen=True, slots=True)
class PaperConfig:
    """Facts about a paper that catalogues know, for packages (`newspage export mets`).

    Meant for an `[[override]]` of that paper's scans.
    """

    lccn: str = ""
    """Number of the paper at the Library of Congress, like `sn83030214`; empty: unknown."""
    reel: str = ""
    """Number of the microfilm reel that was scanned; empty: the scans are of printed pages."""
    edition: int = 1
    """Place among the editions of the same day, from 1 to 99."""

    def __post_init__(self) -> None:
        if self.lccn and not re.fullmatch(_LCCN, self.lccn):
            raise ValueError("lccn must be a number like sn83030214, without blanks and hyphens")
        if self.reel and not re.fullmatch(r"[A-Za-z0-9]+", self.reel):
            raise ValueError("reel must be made of letters and digits")
        if not 1 <= self.edition <= 99:
            raise ValueError("edition counts from 1 to 99")


@dataclass(frozen=True, slots=True)
class NdnpConfig:
    """The batch of a delivery to the National Digital Newspaper Program (`--profile ndnp`)."""

    awardee: str = ""
    """Code of the institution in the MARC list of organizations, in small letters, like `dlc`."""
    batch: str = ""
    """Name of the batch: with `maple` it is called `batch_dlc_maple_ver01`."""
    version: int = 1
    """Number of the version of the batch."""
    award_year: int = 0
    """Year of the award; 0: it is not stated."""

    def __post_init__(self) -> None:
        for name in ("awardee", "batch"):
            if getattr(self, name) and not re.fullmatch(r"[a-z0-9]+", getattr(self, name)):
                raise ValueError(f"{name} must be made of small letters and digits")
        if not 1 <= self.version <= 99 or not 0 <= self.award_year <= 9999:
            raise ValueError("version counts from 1 to 99, and award_year is a year")


@dataclass(frozen=True, slots=True)
class ReviewConfig:
    """The consequences of decisions for proposals that are new."""

    precedent_count: int = 3
    """So many alike answers, and none other, answer the next proposal like them, if the scan does
    not say otherwise; 0: everything is asked."""
    trust: float = 0.98
    """A detector whose precision is surely (95 %) at least this is trusted to decide by itself."""
    demote: float = 0.5
    """A detector whose precision is surely (95 %) at most this only proposes."""

    def __post_init__(self) -> None:
        if self.precedent_count < 0:
            raise ValueError("precedent_count must not be negative")
        if not 0 <= self.demote < self.trust <= 1:
            raise ValueError("demote and trust are shares from 0 to 1, demote the smaller one")


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Workers, limits and the store of a run; nothing here changes what comes out."""

    workers: int = 0
    """Pages read at the same time, each in a process of its own; 0: chosen for this machine."""
    pages_per_worker: int = 100
    """After so many pages a worker is replaced by a fresh one, which bounds its memory."""
    look_seconds: float = 60.0
    """A file that takes longer to be looked into is refused, and so is a page that takes longer to
    be decoded; 0: no limit. A file has 1 second more for every 4 MB of it, a page 2 seconds for
    every megapixel."""
    page_seconds: float = 900.0
    """A page that takes longer is given up as failed, so that none holds up a run for ever; 0: no
    limit."""
    page_seconds_per_megapixel: float = 20.0
    """By so much a page's limit grows with its size: twice what a slow machine takes, which needed
    720 seconds for 71 megapixels."""
    worker_megabytes: float = 0.0
    """A worker that holds more memory (in units of a million bytes) while it reads a page is ended
    and the page failed; 0: 8 GB, or three times what pages of its size take (0.9 GB and 25 bytes a
    pixel) where that is more, but at most four fifths of the memory of the machine."""
    lease_seconds: float = 60.0
    """A worker that is not heard of for so long is lost, and others take its page over."""
    store: str = ""
    """Path of the store, or the address of a PostgreSQL database, like
    `postgresql://USER@HOST/NAME`; empty: `newspage.sqlite` beside the output folder."""

    def __post_init__(self) -> None:
        if self.workers < 0 or self.pages_per_worker < 1 or self._negative():
            raise ValueError("must not be negative, and a worker reads at least one page")
        if not self.lease_seconds > 0:
            raise ValueError("lease_seconds must be more than 0")

    def _negative(self) -> bool:
        """Tell whether a limit of time or memory is negative."""
        seconds = (self.look_seconds, self.page_seconds, self.page_seconds_per_megapixel)
        return min(*seconds, self.worker_megabytes) < 0


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a run."""

    ingest: IngestConfig = field(default_factory=IngestConfig)
    enhance: EnhanceConfig = field(default_factory=EnhanceConfig)
    engine: EngineConfig = field(default_factory=EngineConfig)
    detect: DetectConfig = field(default_factory=DetectConfig)
    recognise: RecogniseConfig = field(default_factory=RecogniseConfig)
    layout: LayoutConfig = field(default_factory=LayoutConfig)
    assemble: AssembleConfig = field(default_factory=AssembleConfig)
    correct: CorrectConfig = field(default_factory=CorrectConfig)
    output: OutputConfig = field(default_factory=OutputConfig)
    iiif: IiifConfig = field(default_factory=IiifConfig)
    paper: PaperConfig = field(default_factory=PaperConfig)
    ndnp: NdnpConfig = field(default_factory=NdnpConfig)
    review: ReviewConfig = field(default_factory=ReviewConfig)
    run: RunConfig = field(default_factory=RunConfig)
