"""Edits of an article: its text as one string, and corrections that can be undone."""
