"""Sliding windows without drift: sums, moments and extremes of the last n values.

A running sum that adds the new value and subtracts the one that leaves keeps every rounding
error for ever. Here nothing is subtracted. The stream is cut into blocks of n values; the window
is a tail of the closed block and a head of the open one:

    closed block           open block
    | . . [ x x x x |  x x x ] . . . |
            tail         head

The head grows by one value per update; all tails of a block are computed, from its end backwards,
at the moment the block closes: n steps every n updates, O(1) amortised. Every update joins one
tail and one head. A window therefore depends only on its own n values and on where the block
boundary lies, which is at every n-th value since the first.

Operation order is part of the contract (Go repeats it): expressions are evaluated left to right
exactly as written, in float64, every product and sum rounded on its own (in Go: float64(a*b) + c,
which forbids a fused multiply-add).

Source of the joins: Chan, Golub, LeVeque, "Updating Formulae and a Pairwise Algorithm for
Computing Sample Variances" (Stanford STAN-CS-79-773, 1979). Source of the blocks: van Herk,
"A fast algorithm for local minimum and maximum filters" (Pattern Recognition Letters 13, 1992).
"""

from __future__ import annotations

from typing import Any


class Window:
    """What all windows share: rings of values, the place of the next one, and their dump.

    A subclass has `add`, with one value per ring, and `_close_block`, which computes the tails
    from the rings and empties the head.
    """

    __slots__ = ("_filled", "_length", "_position", "_rings")

    add: Any

    def __init__(self, length: int, n_rings: int) -> None:
        assert length >= 2, f"a window holds at least two values, not {length}"
        self._length = length
        self._position = 0
        """Values in the open block; the next one is written here."""
        self._filled = False
        self._rings: tuple[list[float], ...] = tuple([0.0] * length for _ in range(n_rings))

    @property
    def filled(self) -> bool:
        """True from the n-th value on."""
        return self._filled

    @property
    def latest(self) -> tuple[float, ...]:
        """Newest value of each ring; index -1 is the last place, right after a block closed."""
        return tuple([ring[self._position - 1] for ring in self._rings])

    def dump(self) -> list[float]:
        """Filled (0 or 1), position, then each ring. Heads and tails follow from these."""
        state = [float(self._filled), float(self._position)]
        for ring in self._rings:
            state.extend(ring)
        return state

    def restore(self, state: list[float]) -> None:
        """Take over a dump: compute the tails, add the open block once more."""
        length = self._length
        expected = 2 + length * len(self._rings)
        assert len(state) == expected, f"window state has {len(state)} numbers, not {expected}"
        for n, ring in enumerate(self._rings):
            ring[:] = state[2 + n * length : 2 + (n + 1) * length]
        self._filled = state[0] == 1.0
        self._position = 0
        self._close_block()
        n_open = int(state[1])
        if self._filled and n_open == 0:
            n_open = length
        for place in range(n_open):
            self.add(*[ring[place] for ring in self._rings])

    def _close_block(self) -> None:
        raise AssertionError("a subclass computes its tails here")


class SumWindow(Window):
    """Sum of the last n values: `total`.

    Order: head = (((0 + x1) + x2) + ...); tail backwards likewise; total = tail + head, and head
    alone when a block has just closed.
    """

    __slots__ = ("_head", "_ring", "_tails", "total")

    def __init__(self, length: int) -> None:
        super().__init__(length, 1)
        self._ring = self._rings[0]
        self._tails = [0.0] * length
        self._head = 0.0
        self.total = 0.0
        """Sum of the window; meaningful once filled."""

    def add(self, value: float) -> None:
        """Take the next value."""
        position = self._position
        self._ring[position] = value
        position += 1
        self._head += value
        if position == self._length:
            self.total = self._head
            self._position = 0
            self._filled = True
            self._close_block()
        else:
            self._position = position
            self.total = self._tails[position] + self._head

    def _close_block(self) -> None:
        ring = self._ring
        tails = self._tails
        tail = 0.0
        for place in range(self._length - 1, 0, -1):
            tail += ring[place]
            tails[place] = tail
        self._head = 0.0


class WeightedSumWindow(Window):
    """Sum of the last n values with weights 1 (oldest) to n (newest): `total`.

    Order: the head keeps its plain and weighted sums, weighted += x * k for its k-th value; a tail
    that grows by an older x has plain += x, then weighted += plain. For a tail of m values,
    total = tail_weighted + (head_weighted + head_plain * m).
    """

    __slots__ = ("_plain", "_ring", "_tails", "_weighted", "total")

    def __init__(self, length: int) -> None:
        super().__init__(length, 1)
        self._ring = self._rings[0]
        self._tails = [0.0] * length
        self._plain = 0.0
        self._weighted = 0.0
        self.total = 0.0
        """Weighted sum of the window; meaningful once filled."""

    def add(self, value: float) -> None:
        """Take the next value."""
        position = self._position
        self._ring[position] = value
        position += 1
        self._plain += value
        self._weighted += value * position
        if position == self._length:
            self.total = self._weighted
            self._position = 0
            self._filled = True
            self._close_block()
        else:
            self._position = position
            self.total = self._tails[position] + (
                self._weighted + self._plain * (self._length - position)
            )

    def _close_block(self) -> None:
        ring = self._ring
        tails = self._tails
        plain = 0.0
        weighted = 0.0
        for place in range(self._length - 1, 0, -1):
            plain += ring[place]
            weighted += plain
            tails[place] = weighted
        self._plain = 0.0
        self._weighted = 0.0


class MomentWindow(Window):
    """Mean and sum of squared deviations of the last n values: `mean`, `squares`.

    Order: adding the k-th value x, d = x - mean, mean += d / k, squares += d * (x - mean).
    Joining a tail (a) with a head (b) of p values: d = mean_b - mean_a,
    mean = mean_a + d * (p / n), squares = (squares_a + squares_b) + d * d * (p * (n - p) / n).
    Equal values give squares of exactly 0.0.
    """

    __slots__ = (
        "_cross",
        "_mean",
        "_ring",
        "_share",
        "_squares",
        "_tail_means",
        "_tail_squares",
        "mean",
        "squares",
    )

    def __init__(self, length: int) -> None:
        super().__init__(length, 1)
        self._ring = self._rings[0]
        self._share, self._cross = join_weights(length)
        self._tail_means = [0.0] * length
        self._tail_squares = [0.0] * length
        self._mean = 0.0
        self._squares = 0.0
        self.mean = 0.0
        """Mean of the window; meaningful once filled."""
        self.squares = 0.0
        """Sum of squared deviations from the mean, >= 0; meaningful once filled."""

    def add(self, value: float) -> None:
        """Take the next value."""
        position = self._position
        self._ring[position] = value
        position += 1
        deviation = value - self._mean
        mean = self._mean + deviation / position
        squares = self._squares + deviation * (value - mean)
        if position == self._length:
            self.mean = mean
            self.squares = squares
            self._position = 0
            self._filled = True
            self._close_block()
        else:
            self._position = position
            self._mean = mean
            self._squares = squares
            tail_mean = self._tail_means[position]
            step = mean - tail_mean
            self.mean = tail_mean + step * self._share[position]
            cross = self._cross[position]
            self.squares = (self._tail_squares[position] + squares) + step * step * cross

    def _close_block(self) -> None:
        ring = self._ring
        length = self._length
        mean = 0.0
        squares = 0.0
        for count in range(1, length):
            value = ring[length - count]
            deviation = value - mean
            mean += deviation / count
            squares += deviation * (value - mean)
            self._tail_means[length - count] = mean
            self._tail_squares[length - count] = squares
        self._mean = 0.0
        self._squares = 0.0


class ComomentWindow(Window):
    """Means, squared deviations and co-deviation of the last n pairs.

    Order: as MomentWindow for each series; adding the k-th pair, products += dx * (y - mean_y)
    with dx taken before and mean_y after its update; joining,
    products = (products_a + products_b) + step_x * step_y * (p * (n - p) / n).
    """

    __slots__ = (
        "_cross",
        "_head",
        "_share",
        "_tails",
        "mean_x",
        "mean_y",
        "products",
        "squares_x",
        "squares_y",
    )

    def __init__(self, length: int) -> None:
        super().__init__(length, 2)
        self._share, self._cross = join_weights(length)
        self._head = EMPTY
        self._tails: list[Comoments] = [EMPTY] * length
        self._publish(EMPTY)

    def add(self, x: float, y: float) -> None:
        """Take the next pair."""
        position = self._position
        self._rings[0][position] = x
        self._rings[1][position] = y
        position += 1
        head = extend_comoments(self._head, x, y, position)
        if position == self._length:
            self._publish(head)
            self._position = 0
            self._filled = True
            self._close_block()
        else:
            self._position = position
            self._head = head
            self._publish(self._join(self._tails[position], head))

    def _join(self, tail: Comoments, head: Comoments) -> Comoments:
        share, cross = self._share[self._position], self._cross[self._position]
        tail_x, tail_y, tail_squares_x, tail_squares_y, tail_products = tail
        head_x, head_y, head_squares_x, head_squares_y, head_products = head
        step_x = head_x - tail_x
        step_y = head_y - tail_y
        return (
            tail_x + step_x * share,
            tail_y + step_y * share,
            (tail_squares_x + head_squares_x) + step_x * step_x * cross,
            (tail_squares_y + head_squares_y) + step_y * step_y * cross,
            (tail_products + head_products) + step_x * step_y * cross,
        )

    def _publish(self, moments: Comoments) -> None:
        self.mean_x, self.mean_y, self.squares_x, self.squares_y, self.products = moments

    def _close_block(self) -> None:
        length = self._length
        xs, ys = self._rings
        tail = EMPTY
        for count in range(1, length):
            place = length - count
            tail = extend_comoments(tail, xs[place], ys[place], count)
            self._tails[place] = tail
        self._head = EMPTY


class ExtremeWindow(Window):
    """Highest high and lowest low of the last n bars: `highest`, `lowest`. No rounding at all."""

    __slots__ = ("_head_high", "_head_low", "_tail_highs", "_tail_lows", "highest", "lowest")

    def __init__(self, length: int) -> None:
        super().__init__(length, 2)
        self._tail_highs = [0.0] * length
        self._tail_lows = [0.0] * length
        self._head_high = 0.0
        self._head_low = 0.0
        self.highest = 0.0
        """Highest high of the window; meaningful once filled."""
        self.lowest = 0.0
        """Lowest low of the window; meaningful once filled."""

    def add(self, high: float, low: float) -> None:
        """Take the next bar's high and low."""
        position = self._position
        highs, lows = self._rings
        highs[position] = high
        lows[position] = low
        if position == 0 or high > self._head_high:
            self._head_high = high
        if position == 0 or low < self._head_low:
            self._head_low = low
        highest = self._head_high
        lowest = self._head_low
        position += 1
        if position == self._length:
            self._position = 0
            self._filled = True
            self._close_block()
        else:
            self._position = position
            highest = max(highest, self._tail_highs[position])
            lowest = min(lowest, self._tail_lows[position])
        self.highest = highest
        self.lowest = lowest

    def _close_block(self) -> None:
        highs, lows = self._rings
        highest = highs[-1]
        lowest = lows[-1]
        for place in range(self._length - 1, 0, -1):
            highest = max(highest, highs[place])
            lowest = min(lowest, lows[place])
            self._tail_highs[place] = highest
            self._tail_lows[place] = lowest


Comoments = tuple[float, float, float, float, float]
"""mean x, mean y, squares x, squares y, products."""

EMPTY: Comoments = (0.0, 0.0, 0.0, 0.0, 0.0)


def extend_comoments(moments: Comoments, x: float, y: float, count: int) -> Comoments:
    """Moments of one more pair, the `count`-th (from 1)."""
    mean_x, mean_y, squares_x, squares_y, products = moments
    deviation_x = x - mean_x
    deviation_y = y - mean_y
    mean_x += deviation_x / count
    mean_y += deviation_y / count
    return (
        mean_x,
        mean_y,
        squares_x + deviation_x * (x - mean_x),
        squares_y + deviation_y * (y - mean_y),
        products + deviation_x * (y - mean_y),
    )


def join_weights(length: int) -> tuple[list[float], list[float]]:
    """For a head of p of n values: p / n, and p * (n - p) / n; index p from 0 to n - 1."""
    places = range(length)
    return [p / length for p in places], [p * (length - p) / length for p in places]
