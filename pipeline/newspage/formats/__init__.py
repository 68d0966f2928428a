"""Pages in the formats of people, archives and other programs: plain text, Markdown, a picture."""
