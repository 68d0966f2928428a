"""Import pages that other programs read: ALTO, PAGE and hOCR files become page records."""
