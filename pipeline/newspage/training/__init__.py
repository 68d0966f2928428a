"""Training: the recogniser learns a paper's type from lines whose text is known."""
