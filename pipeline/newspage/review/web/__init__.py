"""The review page: a small web application for one person, or a few, on their own machine.

It talks to the review service only; pictures are cut from the scans. Nothing is fetched from
anywhere else.
"""
