"""Tell the language of a text from its characters: Chinese in one script or the other, or not."""

from collections import Counter

_PREVAILS = 0.5
"""Share of Han characters, among all letters, from which a text is said to be Chinese. Judgement:
Chinese pages hold Latin names and figures, English ones a few Chinese names."""
_MIXED = 5
"""Factor by which characters of one script must outnumber those of the other for a text to be said
to be in it. Judgement: old papers print a few simplified forms."""


class LanguageCount:
    """A count of the characters of a text that tell its language."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add_text(self, text: str) -> None:
        """Count the characters of a piece of text."""
        from newspage.recognise import script_of_character

        for character in text:
            if "\u3400" <= character <= "\u9fff" or character > "\U0001ffff":
                script = script_of_character(character)
                self._counts["Chinese"] += 1
                self._counts[script.value if script else ""] += 1
            elif character.isalpha():
                self._counts["other"] += 1

    @property
    def is_chinese(self) -> bool:
        """Tell whether the text is Chinese."""
        chinese = self._counts["Chinese"]
        return chinese > _PREVAILS * (chinese + self._counts["other"])

    @property
    def script(self) -> str:
        """Return the script of Chinese text (ISO 15924): Hans or Hant, empty where it is mixed."""
        old, new = self._counts["traditional"], self._counts["simplified"]
        if not self.is_chinese or max(old, new) <= _MIXED * min(old, new):
            return ""
        return "Hant" if old > new else "Hans"

    @property
    def tag(self) -> str:
        """Return the language tag of the text (BCP 47); `und` where it is not Chinese."""
        return "-".join(filter(None, ("zh", self.script))) if self.is_chinese else "und"
