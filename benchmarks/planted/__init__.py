"""Pages with known faults: texts of this project, set, aged, and misquoted on purpose."""
