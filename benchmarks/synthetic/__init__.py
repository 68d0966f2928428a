"""Lines of set type that look like a paper's: what they add to real ones in training.

Measured, they add nothing sure (`docs/train.md`), so that newspage itself does not make any.
"""
