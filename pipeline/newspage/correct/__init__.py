"""The correction pass: detectors propose, the image weighs, a policy decides.

Only the clean text is ever changed; what was read stays in the record.

    corrections = propose_corrections(articles, page, engine.characters, config.correct)

The steps are modules in this order: `examine` (all of `detectors`), `protect`, `evidence`, `score`,
`policy`; `newspage.edits.clean_text` makes the clean text of the outcome. `newspage.collation`
does the same for a text that some other system made, and compares it with its scan.
"""

from newspage.correct.stage import propose_corrections

__all__ = ["propose_corrections"]
