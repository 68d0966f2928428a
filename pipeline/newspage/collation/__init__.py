"""An existing text beside its scan: aligned, compared, corrected, reported."""
