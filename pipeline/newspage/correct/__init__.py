"""The correction pass: detectors propose, the image weighs, a policy decides.

Only the clean text is ever changed; what was read stays in the record.

    corrections = propose_corrections(articles, page, engine.characters, config.correct)

The steps are modules in this order: `examine` (all of `detectors`), `protect`, `evidence`, `score`,
`policy`; `newspage.edits.clean_text` makes the clean text of the outcome. `newspage.collation`
does the same for a text that some other system made, and compares it with its scan.
"""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.correct.by_people import BY_HAND, BY_JOINING, BY_TYPING
    from newspage.correct.case import (
        TERMINAL,
        DetectorInput,
        TextScript,
        is_all_chinese,
        script_of,
    )
    from newspage.correct.ctc_scores import make_alphabet
    from newspage.correct.detector_guard import DetectorError
    from newspage.correct.detector_table import (
        is_cautious_rule,
        is_minor_rule,
        list_added_detectors,
        load_detectors,
        load_rules,
    )
    from newspage.correct.detectors.broken_flow import FLOW_SPLIT
    from newspage.correct.detectors.compared import CHARACTER, DISPLACED, UNLIKELY
    from newspage.correct.detectors.dates import DATE
    from newspage.correct.detectors.echo import ECHO
    from newspage.correct.detectors.latin import STRAY_LATIN
    from newspage.correct.detectors.line_hyphens import LINE_HYPHEN
    from newspage.correct.detectors.lookalike import LOOK_ALIKE
    from newspage.correct.detectors.marks import PUNCTUATION
    from newspage.correct.detectors.passage import DUPLICATE_PASSAGE
    from newspage.correct.detectors.person_names import NAME
    from newspage.correct.detectors.width import FULL, WIDTH
    from newspage.correct.detectors.wording import WORDING
    from newspage.correct.dictionaries import (
        Dictionaries,
        EntryKind,
        find_shipped_folder,
        load_dictionaries,
    )
    from newspage.correct.dictionary_files import (
        add_entry,
        check_dictionaries,
        import_entries,
        remove_entry,
    )
    from newspage.correct.evidence import LatticeScorer, LineIndex, Reread, score_replacement
    from newspage.correct.examine import examine_text
    from newspage.correct.explain import explain_correction
    from newspage.correct.knowledge import (
        OWN_FOLDER,
        Knowledge,
        digest_dictionaries,
        list_dictionary_folders,
        load_knowledge,
    )
    from newspage.correct.policy import decide_corrections
    from newspage.correct.proposal import Proposal, ProposalOrigin, trim_proposal
    from newspage.correct.protect import drop_protected
    from newspage.correct.rule import Rule, WordsLanguage
    from newspage.correct.score import probability_from_log_odds
    from newspage.correct.stage import propose_corrections
    from newspage.correct.text_input import (
        MAX_BYTES,
        classify_blocks,
        decode_text,
        encode_text,
        read_text,
        split_into_chunks,
    )
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "BY_HAND": "newspage.correct.by_people",
            "BY_JOINING": "newspage.correct.by_people",
            "BY_TYPING": "newspage.correct.by_people",
            "CHARACTER": "newspage.correct.detectors.compared",
            "DATE": "newspage.correct.detectors.dates",
            "DISPLACED": "newspage.correct.detectors.compared",
            "DUPLICATE_PASSAGE": "newspage.correct.detectors.passage",
            "DetectorError": "newspage.correct.detector_guard",
            "DetectorInput": "newspage.correct.case",
            "Dictionaries": "newspage.correct.dictionaries",
            "ECHO": "newspage.correct.detectors.echo",
            "EntryKind": "newspage.correct.dictionaries",
            "FLOW_SPLIT": "newspage.correct.detectors.broken_flow",
            "FULL": "newspage.correct.detectors.width",
            "Knowledge": "newspage.correct.knowledge",
            "LINE_HYPHEN": "newspage.correct.detectors.line_hyphens",
            "LOOK_ALIKE": "newspage.correct.detectors.lookalike",
            "LatticeScorer": "newspage.correct.evidence",
            "LineIndex": "newspage.correct.evidence",
            "MAX_BYTES": "newspage.correct.text_input",
            "NAME": "newspage.correct.detectors.person_names",
            "OWN_FOLDER": "newspage.correct.knowledge",
            "PUNCTUATION": "newspage.correct.detectors.marks",
            "Proposal": "newspage.correct.proposal",
            "ProposalOrigin": "newspage.correct.proposal",
            "Reread": "newspage.correct.evidence",
            "Rule": "newspage.correct.rule",
            "STRAY_LATIN": "newspage.correct.detectors.latin",
            "TERMINAL": "newspage.correct.case",
            "TextScript": "newspage.correct.case",
            "UNLIKELY": "newspage.correct.detectors.compared",
            "WIDTH": "newspage.correct.detectors.width",
            "WORDING": "newspage.correct.detectors.wording",
            "WordsLanguage": "newspage.correct.rule",
            "add_entry": "newspage.correct.dictionary_files",
            "check_dictionaries": "newspage.correct.dictionary_files",
            "classify_blocks": "newspage.correct.text_input",
            "decide_corrections": "newspage.correct.policy",
            "decode_text": "newspage.correct.text_input",
            "digest_dictionaries": "newspage.correct.knowledge",
            "drop_protected": "newspage.correct.protect",
            "encode_text": "newspage.correct.text_input",
            "examine_text": "newspage.correct.examine",
            "explain_correction": "newspage.correct.explain",
            "find_shipped_folder": "newspage.correct.dictionaries",
            "import_entries": "newspage.correct.dictionary_files",
            "is_all_chinese": "newspage.correct.case",
            "is_cautious_rule": "newspage.correct.detector_table",
            "is_minor_rule": "newspage.correct.detector_table",
            "list_added_detectors": "newspage.correct.detector_table",
            "list_dictionary_folders": "newspage.correct.knowledge",
            "load_detectors": "newspage.correct.detector_table",
            "load_dictionaries": "newspage.correct.dictionaries",
            "load_knowledge": "newspage.correct.knowledge",
            "load_rules": "newspage.correct.detector_table",
            "make_alphabet": "newspage.correct.ctc_scores",
            "probability_from_log_odds": "newspage.correct.score",
            "propose_corrections": "newspage.correct.stage",
            "read_text": "newspage.correct.text_input",
            "remove_entry": "newspage.correct.dictionary_files",
            "score_replacement": "newspage.correct.evidence",
            "script_of": "newspage.correct.case",
            "split_into_chunks": "newspage.correct.text_input",
            "trim_proposal": "newspage.correct.proposal",
        },
    )

__all__ = [
    "BY_HAND",
    "BY_JOINING",
    "BY_TYPING",
    "CHARACTER",
    "DATE",
    "DISPLACED",
    "DUPLICATE_PASSAGE",
    "ECHO",
    "FLOW_SPLIT",
    "FULL",
    "LINE_HYPHEN",
    "LOOK_ALIKE",
    "MAX_BYTES",
    "NAME",
    "OWN_FOLDER",
    "PUNCTUATION",
    "STRAY_LATIN",
    "TERMINAL",
    "UNLIKELY",
    "WIDTH",
    "WORDING",
    "DetectorError",
    "DetectorInput",
    "Dictionaries",
    "EntryKind",
    "Knowledge",
    "LatticeScorer",
    "LineIndex",
    "Proposal",
    "ProposalOrigin",
    "Reread",
    "Rule",
    "TextScript",
    "WordsLanguage",
    "add_entry",
    "check_dictionaries",
    "classify_blocks",
    "decide_corrections",
    "decode_text",
    "digest_dictionaries",
    "drop_protected",
    "encode_text",
    "examine_text",
    "explain_correction",
    "find_shipped_folder",
    "import_entries",
    "is_all_chinese",
    "is_cautious_rule",
    "is_minor_rule",
    "list_added_detectors",
    "list_dictionary_folders",
    "load_detectors",
    "load_dictionaries",
    "load_knowledge",
    "load_rules",
    "make_alphabet",
    "probability_from_log_odds",
    "propose_corrections",
    "read_text",
    "remove_entry",
    "score_replacement",
    "script_of",
    "split_into_chunks",
    "trim_proposal",
]
