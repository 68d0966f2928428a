"""The noisy channel of this installation: the language of an archive, or that of the base model."""

from functools import lru_cache
from pathlib import Path

from newspage.config import AUTO_MODEL, NO_MODEL, CorrectConfig
from newspage.engine import load_class_rows
from newspage.language.archive_model import read_corrected_pairs
from newspage.language.base_model import load_base_model
from newspage.language.character_model import CharacterModel, read_character_model
from newspage.language.confusions import compare_shapes
from newspage.language.noisy_channel import LISTED, ORDERED, NoisyChannel
from newspage.language.word_model import WORD_ORDER


def load_noisy_channel(config: CorrectConfig) -> NoisyChannel | None:
    """Return the noisy channel that the settings name, or None where they want none.

    Raises InputError where a model cannot be read, MissingDependencyError where the word list or
    the networks are not installed.
    """
    if config.language_model == NO_MODEL:
        return None
    if config.language_model == AUTO_MODEL:
        return _make_channel("", 0)
    path = Path(config.language_model)
    return _make_channel(str(path), path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=2)
def _make_channel(path: str, _changed: int) -> NoisyChannel:
    """Return the channel of a model, made anew when its file has changed; empty: the base."""
    model: CharacterModel = read_character_model(Path(path)) if path else load_base_model()
    shapes = compare_shapes(load_class_rows(), model)
    confusions = shapes.learn_pairs(read_corrected_pairs(model))
    return NoisyChannel(model, confusions, ORDERED if WORD_ORDER in model.sources else LISTED)
