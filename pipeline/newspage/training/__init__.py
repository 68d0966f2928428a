"""Training: the recogniser learns a paper's type, the correction pass an archive's language."""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.training.adapter_training import (
        AdapterTraining,
        TrainingListener,
        TrainingOutcome,
        TrainingRequest,
    )
    from newspage.training.known_lines import KnownPage
    from newspage.training.language_building import (
        BuiltLanguage,
        LanguageRequest,
        build_language_model,
    )
    from newspage.training.neck_trainer import BIAS_EPOCHS, EPOCHS, TrainingPlan
    from newspage.training.proofread_lines import list_confirmed_pages, suggest_lines
    from newspage.training.transcribed_lines import list_transcribed_pages
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "AdapterTraining": "newspage.training.adapter_training",
            "BuiltLanguage": "newspage.training.language_building",
            "LanguageRequest": "newspage.training.language_building",
            "build_language_model": "newspage.training.language_building",
            "BIAS_EPOCHS": "newspage.training.neck_trainer",
            "EPOCHS": "newspage.training.neck_trainer",
            "KnownPage": "newspage.training.known_lines",
            "TrainingListener": "newspage.training.adapter_training",
            "TrainingOutcome": "newspage.training.adapter_training",
            "TrainingPlan": "newspage.training.neck_trainer",
            "TrainingRequest": "newspage.training.adapter_training",
            "list_confirmed_pages": "newspage.training.proofread_lines",
            "list_transcribed_pages": "newspage.training.transcribed_lines",
            "suggest_lines": "newspage.training.proofread_lines",
        },
    )

__all__ = [
    "BIAS_EPOCHS",
    "EPOCHS",
    "AdapterTraining",
    "BuiltLanguage",
    "KnownPage",
    "LanguageRequest",
    "TrainingListener",
    "TrainingOutcome",
    "TrainingPlan",
    "TrainingRequest",
    "build_language_model",
    "list_confirmed_pages",
    "list_transcribed_pages",
    "suggest_lines",
]
