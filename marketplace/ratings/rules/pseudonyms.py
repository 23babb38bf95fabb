"""Under which name somebody may review who keeps their own to themselves. Pure."""

_HOW = (
    "Amber", "Autumn", "Blue", "Bright", "Calm", "Copper", "Early", "Evening", "Gentle", "Golden", "Green", "Lively",
    "Morning", "Patient", "Quiet", "Scarlet", "Silver", "Spring", "Steady", "Sunny", "Violet", "Wild", "Winter",
    "Yellow",
)  # fmt: skip
_WHAT = (
    "Acorn", "Badger", "Beech", "Blackbird", "Bluebell", "Bramble", "Brook", "Chestnut", "Clover", "Cricket", "Curlew",
    "Dragonfly", "Elder", "Fern", "Finch", "Foxglove", "Harbour", "Hare", "Heron", "Kettle", "Kingfisher", "Lantern",
    "Lapwing", "Larch", "Magpie", "Meadow", "Moth", "Nettle", "Otter", "Owl", "Pebble", "Plover", "Poppy", "River",
    "Robin", "Rowan", "Skylark", "Sparrow", "Starling", "Swift", "Teasel", "Thistle", "Thrush", "Wagtail", "Willow",
    "Wren",
)  # fmt: skip

HOW_MANY = len(_HOW) * len(_WHAT)
# Two people may draw the same: a pseudonym is no account.


def proposed(drawn: int) -> str:
    """Return the name with a number, as drawn by lot: "Quiet Heron"."""
    how, what = divmod(drawn % HOW_MANY, len(_WHAT))
    return f"{_HOW[how]} {_WHAT[what]}"
