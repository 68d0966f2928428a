"""Fits how doubtful light readings are to generated pages, and shows how far that holds."""
