"""Tell how many characters of a page are expected to be wrong, from how sure the recogniser was.

    errors = estimate_page_errors(record)
    errors.share                    # of the page; None where nothing can be told
    errors.articles["a1"].share     # of an article

A confidence is no probability of being right: the recogniser is too sure of some characters and
too unsure of others. A table that was measured on pages whose text is known (`calibration.json`)
says how often characters of a confidence are wrong. Text that was not found cannot be counted.
"""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.expected_errors.calibration import (
        CALIBRATION,
        ErrorCurve,
        measure_doubts,
        name_calibration,
    )
    from newspage.expected_errors.page_errors import (
        ExpectedErrors,
        PageErrors,
        estimate_page_errors,
    )
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "CALIBRATION": "newspage.expected_errors.calibration",
            "ErrorCurve": "newspage.expected_errors.calibration",
            "ExpectedErrors": "newspage.expected_errors.page_errors",
            "PageErrors": "newspage.expected_errors.page_errors",
            "estimate_page_errors": "newspage.expected_errors.page_errors",
            "measure_doubts": "newspage.expected_errors.calibration",
            "name_calibration": "newspage.expected_errors.calibration",
        },
    )

__all__ = [
    "CALIBRATION",
    "ErrorCurve",
    "ExpectedErrors",
    "PageErrors",
    "estimate_page_errors",
    "measure_doubts",
    "name_calibration",
]
