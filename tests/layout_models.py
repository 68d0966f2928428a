"""Layout models for tests: folders that PaddleOCR takes, whose networks always say the same."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LABELS = (
    *("abstract", "algorithm", "aside_text", "chart", "content", "doc_title", "figure_title"),
    *("footer", "header", "image", "number", "paragraph_title", "table", "text"),
)
SIDE = 64
"""Pixels of the square that such a model looks at."""

Said = tuple[str, float, float, float, float, float]
"""Label, score, and left, top, right, bottom in parts of the page's width and height."""


def layout_model(folder: Path, said: Sequence[Said], name: str = "PP-DocLayout_plus-L") -> Path:
    """The folder of a model that says the same of every page.

    It is asked and answers as its namesake: size of the picture it gets, the picture, and by how
    much that was made smaller; class, score and corners in pixels of the page (the newer two give
    an order as well, the last one shapes), and the number of its areas.
    """
    folder.mkdir(parents=True, exist_ok=True)
    description: Mapping[str, object] = {
        "Global": {"model_name": name},
        "draw_threshold": 0.5,
        "Preprocess": [
            {"type": "Resize", "target_size": [SIDE, SIDE], "keep_ratio": False, "interp": 2},
            {"type": "NormalizeImage", "mean": [0, 0, 0], "std": [1, 1, 1], "norm_type": "none"},
            {"type": "Permute"},
        ],
        "label_list": list(LABELS),
    }
    (folder / "inference.yml").write_text(json.dumps(description), "utf-8")
    onnx.save(_network(said, name), folder / "inference.onnx")
    return folder


def _network(said: Sequence[Said], name: str) -> onnx.ModelProto:
    """A graph that puts out a table; its corners are scaled to the page it is told of."""
    further = {"PP-DocLayoutV2": 2, "PP-DocLayoutV3": 1}.get(name, 0)
    constants = _constants(said, further)
    nodes = [
        helper.make_node("Div", ["side", "scale_factor"], ["page"]),  # height, width
        helper.make_node("Gather", ["page", "swap"], ["turned"], axis=1),
        helper.make_node("Concat", ["keep", "turned", "turned", "same"], ["factors"], axis=1),
        helper.make_node("Mul", ["table", "factors"], ["placed"]),
        # The picture is looked at, and changes nothing.
        helper.make_node("ReduceMean", ["image"], ["mean"], keepdims=0, axes=[0, 1, 2, 3]),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
        helper.make_node("Add", ["placed", "nothing"], ["boxes"]),
        helper.make_node("Identity", ["count"], ["number"]),
    ]
    inputs = {"image": [None, 3, SIDE, SIDE], "scale_factor": [None, 2]}
    outputs = [_value("boxes", [None, 6 + further]), _value("number", [1], TensorProto.INT32)]
    if not name.endswith(("-M", "-S")) and not name.startswith("PicoDet"):
        inputs = {"im_shape": [None, 2], **inputs}
    if name == "PP-DocLayoutV3":
        constants["shapes"] = np.ones((len(said), SIDE // 4, SIDE // 4), np.int32)
        nodes.append(helper.make_node("Identity", ["shapes"], ["masks"]))
        outputs.append(_value("masks", [None, SIDE // 4, SIDE // 4], TensorProto.INT32))
    stored = [numpy_helper.from_array(v, k) for k, v in constants.items()]
    taken = [_value(k, shape) for k, shape in inputs.items()]
    graph = helper.make_graph(nodes, "layout", taken, outputs, stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def _constants(said: Sequence[Said], further: int) -> dict[str, NDArray[Any]]:
    """What the graph holds; `further` columns of the table say in which order it would be read."""
    rows = [[LABELS.index(label), score, *box] for label, score, *box in said]
    order = np.repeat(np.arange(len(said), 0, -1)[:, None], further, axis=1)
    return {
        "table": np.hstack([np.reshape(rows, (-1, 6)), order]).astype(np.float32),
        "count": np.array([len(rows)], np.int32),
        "side": np.array([[SIDE, SIDE]], np.float32),
        "keep": np.ones((1, 2), np.float32),
        "same": np.ones((1, further), np.float32),
        "swap": np.array([1, 0], np.int64),
        "zero": np.zeros((), np.float32),
    }


def _value(
    name: str, shape: Sequence[int | None], kind: int = TensorProto.FLOAT
) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)
