"""Pages and articles in other forms: plain text, Markdown, a picture."""
