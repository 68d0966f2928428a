"""Sets newspaper pages from texts of this project, prints them to pixels, ages them like scans.

    stories -> article, extras (blocks of type) -> planner (a page of blocks) -> Sheet
    Sheet -> markup -> browser (headless Chromium) -> pixels and the place of every character
    Sheet and places -> truth (what the page says, exactly);  pixels -> ageing

Everything is decided by a seed, so a page can be made again from its name alone.
"""
