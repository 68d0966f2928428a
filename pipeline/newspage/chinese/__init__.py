"""Knowledge of Chinese text: sentences and line roles, numerals, word frequencies."""
