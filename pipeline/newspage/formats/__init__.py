"""Render pages in the formats of people, archives and other programs, and as a picture."""
