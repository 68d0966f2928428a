"""What a language makes likely: character n-grams, confusions of characters, and both together.

load_noisy_channel(config).find_unlikely_characters(paragraphs)
"""

from typing import TYPE_CHECKING

from newspage.face import load_on_use

if TYPE_CHECKING:
    from newspage.language.archive_counts import ArchiveCounts
    from newspage.language.archive_model import make_archive_model
    from newspage.language.character_model import CharacterModel
    from newspage.language.installed_channel import load_noisy_channel
    from newspage.language.ngram_counts import number_characters
    from newspage.language.noisy_channel import NoisyChannel, UnlikelyCharacter
else:
    __getattr__ = load_on_use(
        __name__,
        {
            "ArchiveCounts": "newspage.language.archive_counts",
            "CharacterModel": "newspage.language.character_model",
            "NoisyChannel": "newspage.language.noisy_channel",
            "UnlikelyCharacter": "newspage.language.noisy_channel",
            "load_noisy_channel": "newspage.language.installed_channel",
            "make_archive_model": "newspage.language.archive_model",
            "number_characters": "newspage.language.ngram_counts",
        },
    )

__all__ = [
    "ArchiveCounts",
    "CharacterModel",
    "NoisyChannel",
    "UnlikelyCharacter",
    "load_noisy_channel",
    "make_archive_model",
    "number_characters",
]
