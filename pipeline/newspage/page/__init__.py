"""One page, from pixels to its record: the straight line through the stages."""
