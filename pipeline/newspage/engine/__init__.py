"""Recognition networks behind one small protocol (`protocol.py`): they find lines and read them.

The engines are `openvino`, `paddle` and `recorded`; `factory` has the table of them.
"""

import sys
from typing import TYPE_CHECKING, Any, cast

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.engine.adapters import (
        FOLDER,
        MOST_CLASSES,
        SUFFIX,
        Adapter,
        adapt_engine,
        describe_adapter,
        digest_adapter,
        find_adapter,
        is_class_character,
        load_adapter,
        write_adapter,
    )
    from newspage.engine.class_rows import ClassRows, load_class_rows
    from newspage.engine.ctc_decoding import BLANK, find_character_runs, is_wide_character
    from newspage.engine.factory import (
        AUTO,
        choose_engine,
        computes_on_gpu,
        find_engine,
        identify_networks,
        load_engines,
        make_engine,
        make_layout_model,
        require_adapter,
    )
    from newspage.engine.gpu import INSTALL, has_gpu, is_gpu_ready
    from newspage.engine.int8 import OUTLIERS, find_wide_layers
    from newspage.engine.layout_model import LayoutModel, find_layout_network
    from newspage.engine.light_reader import make_light_reader
    from newspage.engine.models import (
        DESCRIPTION,
        Network,
        find_light_recogniser,
        find_networks,
        identify_network,
        load_weights,
        user_cache,
    )
    from newspage.engine.onnx_weights import read_weights
    from newspage.engine.openvino import read_network
    from newspage.engine.protocol import Engine, FoundLine, LightReader, Reading
    from newspage.engine.strip_batches import PADDING, WIDTH_UNIT, scale_to_height
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "Adapter": "newspage.engine.adapters",
            "FOLDER": "newspage.engine.adapters",
            "MOST_CLASSES": "newspage.engine.adapters",
            "is_class_character": "newspage.engine.adapters",
            "SUFFIX": "newspage.engine.adapters",
            "adapt_engine": "newspage.engine.adapters",
            "describe_adapter": "newspage.engine.adapters",
            "digest_adapter": "newspage.engine.adapters",
            "find_adapter": "newspage.engine.adapters",
            "load_adapter": "newspage.engine.adapters",
            "write_adapter": "newspage.engine.adapters",
            "ClassRows": "newspage.engine.class_rows",
            "load_class_rows": "newspage.engine.class_rows",
            "BLANK": "newspage.engine.ctc_decoding",
            "find_character_runs": "newspage.engine.ctc_decoding",
            "is_wide_character": "newspage.engine.ctc_decoding",
            "OUTLIERS": "newspage.engine.int8",
            "find_wide_layers": "newspage.engine.int8",
            "load_weights": "newspage.engine.models",
            "user_cache": "newspage.engine.models",
            "read_weights": "newspage.engine.onnx_weights",
            "read_network": "newspage.engine.openvino",
            "PADDING": "newspage.engine.strip_batches",
            "WIDTH_UNIT": "newspage.engine.strip_batches",
            "scale_to_height": "newspage.engine.strip_batches",
            "AUTO": "newspage.engine.factory",
            "DESCRIPTION": "newspage.engine.models",
            "Engine": "newspage.engine.protocol",
            "FoundLine": "newspage.engine.protocol",
            "INSTALL": "newspage.engine.gpu",
            "LayoutModel": "newspage.engine.layout_model",
            "LightReader": "newspage.engine.protocol",
            "make_light_reader": "newspage.engine.light_reader",
            "Network": "newspage.engine.models",
            "Reading": "newspage.engine.protocol",
            "choose_engine": "newspage.engine.factory",
            "computes_on_gpu": "newspage.engine.factory",
            "find_engine": "newspage.engine.factory",
            "find_layout_network": "newspage.engine.layout_model",
            "find_light_recogniser": "newspage.engine.models",
            "find_networks": "newspage.engine.models",
            "has_gpu": "newspage.engine.gpu",
            "identify_network": "newspage.engine.models",
            "identify_networks": "newspage.engine.factory",
            "is_gpu_ready": "newspage.engine.gpu",
            "load_engines": "newspage.engine.factory",
            "make_engine": "newspage.engine.factory",
            "make_layout_model": "newspage.engine.factory",
            "require_adapter": "newspage.engine.factory",
        },
    )

# Whoever imports OpenVINO is reported to Google Analytics, in a process forked for it, unless this
# package is missing: with None in its place, Python takes it for missing.
cast("dict[str, Any]", sys.modules).setdefault("openvino_telemetry", None)

__all__ = [
    "AUTO",
    "BLANK",
    "DESCRIPTION",
    "FOLDER",
    "INSTALL",
    "MOST_CLASSES",
    "OUTLIERS",
    "PADDING",
    "SUFFIX",
    "WIDTH_UNIT",
    "Adapter",
    "ClassRows",
    "Engine",
    "FoundLine",
    "LayoutModel",
    "LightReader",
    "Network",
    "Reading",
    "adapt_engine",
    "choose_engine",
    "computes_on_gpu",
    "describe_adapter",
    "digest_adapter",
    "find_adapter",
    "find_character_runs",
    "find_engine",
    "find_layout_network",
    "find_light_recogniser",
    "find_networks",
    "find_wide_layers",
    "has_gpu",
    "identify_network",
    "identify_networks",
    "is_class_character",
    "is_gpu_ready",
    "is_wide_character",
    "load_adapter",
    "load_class_rows",
    "load_engines",
    "load_weights",
    "make_engine",
    "make_layout_model",
    "make_light_reader",
    "read_network",
    "read_weights",
    "require_adapter",
    "scale_to_height",
    "user_cache",
    "write_adapter",
]
