"""What is particular to Chinese text: sentences, names, numerals, word frequencies."""
