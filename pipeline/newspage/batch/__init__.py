"""Read folders of scans: find what is new or changed, spread it over workers, write the results.

`folder` runs the whole: it asks `survey` for the pages to read, hands them to `workers`, and gives
the results to the page writer. A worker loads a page and calls `page`.
"""
