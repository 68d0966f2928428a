"""Attacks on the program: hostile files, kills, full disks, hostile requests, and what is left.

    python -m benchmarks.attack --size 1000 --seed 7 [--only KIND ...] [--keep FOLDER]

Everything is made from the seed, so that what was found can be found again. The table at the end
says how much was tried and what came of it; `docs/reliability.md` explains it.
"""
