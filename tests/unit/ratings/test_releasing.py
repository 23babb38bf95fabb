from uuid import uuid4

import pytest

from marketplace.ratings.rules.releasing import FEWEST_TOGETHER, are_enough

ADA, BEN, CAT = uuid4(), uuid4(), uuid4()


@pytest.mark.parametrize(
    ("writers", "enough"),
    [
        ((), False),
        ((ADA, BEN), False),
        ((ADA, ADA, BEN, BEN), False),
        ((ADA, BEN, CAT), True),
        ((CAT, *[ADA] * 5, BEN), True),
    ],
)
def test_three_different_people_are_enough(writers, enough):
    assert are_enough(writers) is enough
    assert FEWEST_TOGETHER == 3
