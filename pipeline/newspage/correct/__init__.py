"""The correction pass: detectors propose, the image weighs, a policy decides.

Only the clean text is ever changed; the glyphs as read stay in the record.

    corrected = correct_articles(articles, page, engine.characters, config.correct)

The steps are modules in this order: `examine` (all of `detectors`), `protect`, `evidence`, `score`,
`policy`; `newspage.edits.edit_script` applies the outcome and takes it back. `newspage.collation`
does the same for a text that some other system made, and compares it with its scan.
"""

from newspage.correct.stage import CorrectedArticles, correct_articles

__all__ = ["CorrectedArticles", "correct_articles"]
