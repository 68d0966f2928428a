"""Deciding what was proposed: `service` does it, `web` shows it in the browser."""
