"""Read the files of other programs, ALTO, PAGE XML and hOCR, as pages in their own units.

`source_reader` parses a file safely into plain elements; `alto_source`, `page_source` and
`hocr_source` turn those into a `SourcePage`. `newspage.importing` makes page records of them,
`newspage.evaluation` texts to compare with.
"""
