"""The review service: questions, answers, pages and what decisions taught. No HTTP in here."""
