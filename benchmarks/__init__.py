"""Measurements run by hand, and the generator of newspaper pages they and the tests use."""
