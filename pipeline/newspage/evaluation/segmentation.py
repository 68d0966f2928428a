"""Measure how a text is parted into articles: which characters are in the right one."""

from collections import Counter
from collections.abc import Iterable, Sequence

from newspage.evaluation.scores import Retrieval


def measure_segmentation(
    true_owners: Sequence[int], read_owners: Sequence[int], pairs: Iterable[tuple[int, int]]
) -> Retrieval:
    """Count the characters that are in the article they belong to.

    The articles of both sides are matched one to one, those with most characters in common first.
    Of the characters of the true articles those in the matched one are found (recall); of the
    characters of the read articles they are right (precision). An article cut in two keeps its
    larger part, and so do two that were run together.

    This is the article separation measure of CITlab, Rostock (R, P and F value; code at
    github.com/CITlabRostock/citlab-article-separation-measure), for texts, which have no places:
    there the points of baselines are matched by distance (Grüning et al., READ-BAD: A New Dataset
    and Evaluation Scheme for Baseline Detection in Archival Documents, arXiv:1705.03311), here
    characters by alignment. A misread character counts as found: it is in its place.

    Args:
        true_owners: The number of the article of each character of the true text.
        read_owners: The same for the text that was read.
        pairs: Offsets in both texts of characters that stand for each other.

    Returns:
        Characters in the right article, of those that were read and of those that are printed.
    """
    common = Counter((true_owners[a], read_owners[b]) for a, b in pairs)
    found = 0
    seen_true: set[int] = set()
    seen_read: set[int] = set()
    for (true, read), count in sorted(common.items(), key=lambda item: (-item[1], item[0])):
        if true not in seen_true and read not in seen_read:
            seen_true.add(true)
            seen_read.add(read)
            found += count
    return Retrieval(found, len(read_owners), len(true_owners))
