"""Money is whole pence. There is no float, and only one currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount of pounds and pence."""

    pence: int

    @classmethod
    def from_pounds(cls, pounds: Decimal) -> Money:
        """
        Return the amount that a person typed in pounds.

        :raises ValueError: if it holds a part of a penny.
        """
        pence = pounds * 100
        if pence != pence.to_integral_value():
            raise ValueError("Enter pounds and pence, like 14.50.")
        return cls(int(pence))

    def __add__(self, other: Money) -> Money:
        return Money(self.pence + other.pence)

    def __sub__(self, other: Money) -> Money:
        return Money(self.pence - other.pence)

    def __neg__(self) -> Money:
        return Money(-self.pence)

    def __mul__(self, times: int) -> Money:
        return Money(self.pence * times)

    def __str__(self) -> str:
        sign = "-" if self.pence < 0 else ""
        return f"{sign}£{abs(self.pence) // 100:,}.{abs(self.pence) % 100:02d}"

    @property
    def pounds(self) -> Decimal:
        """The amount in pounds, exact."""
        return Decimal(self.pence) / 100

    def split(self, ways: int) -> list[Money]:
        """Return `ways` shares that differ by at most a penny and sum to the whole."""
        share, left_over = divmod(self.pence, ways)
        return [Money(share + (1 if n < left_over else 0)) for n in range(ways)]


ZERO = Money(0)
