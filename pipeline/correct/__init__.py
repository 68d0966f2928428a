"""The correction pass: what is wrong in a text, why, and what the pixels say to it.

Detectors propose, evidence weighs, policy decides: applied, proposed to a person, or dropped.
Only the clean text is ever changed; the glyphs as read stay in the record.
"""
