"""Masks of names: the same wherever the book is the same, in an order that says nothing of the names."""

from scipy import stats

from sim.files.masks import Masks

NAMES = [f"person {number:02d}" for number in range(40)]


def test_masks_are_the_same_for_the_same_book_whatever_the_order_of_its_names():
    one, other = Masks(NAMES, "book"), Masks(reversed(NAMES), "book")
    assert [one.of(name) for name in NAMES] == [other.of(name) for name in NAMES]
    assert sorted(map(one.of, NAMES)) == [f"CSM {number:02d}" for number in range(1, 41)]
    assert [Masks(NAMES, "another").of(name) for name in NAMES] != [one.of(name) for name in NAMES]


def test_the_order_of_masks_says_nothing_of_that_of_names():
    """Spearman's rank correlation over 200 books, whose sum is normal: false alarm 1 in 10,000."""
    ranks = list(range(40))
    found = [
        stats.spearmanr(ranks, [int(masks.of(name)[4:]) for name in NAMES]).statistic
        for masks in (Masks(NAMES, f"book {number}") for number in range(200))
    ]
    assert abs(sum(found)) < 3.9 * (200 / 39) ** 0.5


def test_names_are_masked_in_texts_and_territories_and_nothing_else_is():
    masks = Masks(["ann", "ann lee", "bob"], "book")
    assert (
        masks.within("ann lee and ann, not annabel")
        == f"{masks.of('ann lee')} and {masks.of('ann')}, not annabel"
    )
    assert masks.of("ann..bob") == f"{masks.of('ann')}..{masks.of('bob')}"
    assert masks.of("carl") == "carl"
    document = {"plans": {"bob": {"rows": [{"csm": "bob", "segment": "ann", "said": ("by ann",)}]}}}
    found = masks.document(document)["plans"]["bob"]["rows"][0]
    assert found == {"csm": masks.of("bob"), "segment": "ann", "said": (f"by {masks.of('ann')}",)}
