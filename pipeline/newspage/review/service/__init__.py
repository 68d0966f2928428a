"""The desk at which a person works: questions, answers, pages, what was learnt. No HTTP in here."""
