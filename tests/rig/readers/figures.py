"""From a place in a figure back to the value that stands there."""


def value_at(axis, place):
    """The value at a place of an axis."""
    return axis.low + place / 100.0 * (axis.high - axis.low)
