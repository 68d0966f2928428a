"""The pipeline strung together.

`page` is the straight line from pixels to a record; `folder` is the shell around it, which finds
what there is to do, hands it to `workers`, and writes what comes back.
"""
