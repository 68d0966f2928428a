"""The correction pass: what is wrong in a text, why, and what the pixels say to it.

Detectors propose, evidence weighs, policy decides: applied, proposed to a person, or dropped.
Only the clean text is ever changed; the glyphs as read stay in the record.

    corrected = correct(articles, page, engine.characters, config.correct)

The order is that of the modules: `examine` (all of `detectors`), `protect`, `evidence`, `score`,
`policy`, `plan`; `old_text` does the same for a text that some other system made, and `compare`
puts it beside its scan.
"""

from newspage.correct.stage import CorrectedArticles, correct_articles

__all__ = ["CorrectedArticles", "correct_articles"]
