"""Under which name somebody may review who keeps their own to themselves. Pure."""

# None of these is a first name: it would look as if somebody had given theirs away.
_HOW = (
    "Blue", "Bright", "Calm", "Copper", "Early", "Evening", "Gentle", "Golden", "Green", "Lively",
    "Morning", "Patient", "Quiet", "Silver", "Spring", "Steady", "Sunny", "Wild", "Winter",
    "Yellow",
)  # fmt: skip
_WHAT = (
    "Acorn", "Badger", "Beech", "Blackbird", "Bluebell", "Bramble", "Brook", "Chestnut", "Cricket", "Curlew",
    "Dragonfly", "Fern", "Finch", "Foxglove", "Harbour", "Hare", "Heron", "Kettle", "Kingfisher", "Lantern",
    "Lapwing", "Larch", "Magpie", "Meadow", "Moth", "Nettle", "Otter", "Owl", "Pebble", "Plover", "River",
    "Skylark", "Sparrow", "Starling", "Teasel", "Thistle", "Thrush", "Wagtail", "Willow",
    "Wren",
)  # fmt: skip

HOW_MANY = len(_HOW) * len(_WHAT)
# Two people may draw the same: a pseudonym is no account.


def proposed(drawn: int) -> str:
    """Return the name with a number, as drawn by lot: "Quiet Heron"."""
    how, what = divmod(drawn % HOW_MANY, len(_WHAT))
    return f"{_HOW[how]} {_WHAT[what]}"
