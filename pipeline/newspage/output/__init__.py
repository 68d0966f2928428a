"""The files of an output folder, written from records and decisions."""
