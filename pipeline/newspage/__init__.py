"""newspage: scans of newspaper pages, Chinese first, into clean article text."""

__version__ = "0.2.0"
