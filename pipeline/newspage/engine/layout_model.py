"""Finds a layout model of PaddleOCR in a folder, and translates its labels.

PP-DocLayout and its kin look at a page as a whole, at 640 to 800 pixels a side, and say where
titles, pictures, tables and page numbers stand. They were made for documents; on the page of a
newspaper they are one witness more. None comes along, and none is ever fetched.
"""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from newspage.config import EngineConfig
from newspage.engine.models import DESCRIPTION, WEIGHTS, Network, read_description
from newspage.errors import MissingDependencyError
from newspage.geometry import Box
from newspage.model import AreaKind, GrayImage, LayoutPrediction

LONGEST_SIDE = 1600
"""Pixels: more than any of the models looks at, and little to carry in three colours."""

KINDS: Mapping[str, AreaKind] = {
    "doc_title": AreaKind.HEADLINE,
    "paragraph_title": AreaKind.HEADLINE,
    "title": AreaKind.HEADLINE,
    "image": AreaKind.PICTURE,
    "figure": AreaKind.PICTURE,
    "chart": AreaKind.PICTURE,
    "table": AreaKind.TABLE,
    "figure_title": AreaKind.CAPTION,
    "figure_table_title": AreaKind.CAPTION,
    "chart_title": AreaKind.CAPTION,
    "header": AreaKind.FURNITURE,
    "header_image": AreaKind.FURNITURE,
    "footer": AreaKind.FURNITURE,
    "footer_image": AreaKind.FURNITURE,
    "number": AreaKind.FURNITURE,
}
"""Kinds of areas by the labels of the models, in lower case; other labels have no use here."""


class LayoutModel(Protocol):
    """A model that names the areas of a page."""

    @property
    def name(self) -> str:
        """Return the model's name, for the record."""
        ...

    def predict_areas(self, image: GrayImage) -> tuple[LayoutPrediction, ...]:
        """Return the areas of a page with their kinds, in pixels of the image and in any order."""
        ...


def find_layout_network(config: EngineConfig) -> Network | None:
    """Return the layout model of the settings, None where they name none.

    Raises MissingDependencyError where the folder is not there or holds no layout model.
    """
    if not config.layout_model_dir:
        return None
    folder = Path(config.layout_model_dir)
    if not folder.is_dir():
        raise MissingDependencyError("layout-model-folder-missing", path=folder)
    for name in (DESCRIPTION, WEIGHTS):
        if not (folder / name).is_file():
            raise _make_missing_error(folder, name)
    description = read_description(folder)
    labels = description.get("label_list") or ()
    if not any(str(label).lower() in KINDS for label in labels):
        what = f"names {', '.join(map(str, labels))}" if labels else "names nothing"
        raise MissingDependencyError("layout-model-foreign", path=folder / DESCRIPTION, labels=what)
    model = (description.get("Global") or {}).get("model_name")
    if not model:
        raise MissingDependencyError("layout-model-unnamed", path=folder / DESCRIPTION)
    return Network(str(model), folder / WEIGHTS, folder)


def shrink_for_model(image: GrayImage) -> tuple[GrayImage, float]:
    """Return an image no larger than a model needs, and how many times smaller than the page."""
    scale = max(1.0, max(image.shape) / LONGEST_SIDE)
    if scale == 1.0:
        return image, scale
    size = tuple(max(1, round(side / scale)) for side in reversed(image.shape))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), scale


def parse_predictions(
    boxes: Iterable[Mapping[str, Any]], scale: float = 1.0
) -> tuple[LayoutPrediction, ...]:
    """Return the predictions in PaddleOCR's boxes for a page that was made `scale` times smaller.

    Boxes of labels without a meaning here, or with impossible corners, are left out.
    """
    found = []
    for box in boxes:
        kind = KINDS.get(str(box["label"]).lower())
        left, top, right, bottom = (float(v) * scale for v in box["coordinate"][:4])
        sound = all(map(math.isfinite, (left, top, right, bottom)))
        if kind is not None and sound and left < right and top < bottom:
            found.append(LayoutPrediction(Box(left, top, right, bottom), kind, float(box["score"])))
    return tuple(found)


def _make_missing_error(folder: Path, file: str) -> MissingDependencyError:
    """Return the error for a folder in which a file is missing."""
    if (folder / DESCRIPTION).is_file() and (folder / "inference.pdiparams").is_file():
        return MissingDependencyError("layout-model-not-onnx", path=folder, file=file)
    return MissingDependencyError("layout-model-file-missing", path=folder, file=file)
