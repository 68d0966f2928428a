"""Text whose characters know where they come from, and edits of it that can be undone."""
