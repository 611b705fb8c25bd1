"""The OMS against the paper gateway that loses placements and answers: both end up agreeing."""

from __future__ import annotations

import heapq
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from oms_desk import ACCOUNT, DAY, END_NS, START_NS, Desk, allowed, instrument, leg, market
from tapeline.contracts.clock import MS_NS, SECOND_NS
from tapeline.contracts.messages import Control, Tick
from tapeline.execution.gateway_paper import logic as paper
from tapeline.execution.gateway_paper.matcher import MatchRules
from tapeline.execution.gateway_paper.settings import Broker, Settings
from tapeline.execution.oms import logic as oms
from tapeline.execution.oms.state import is_terminal
from tapeline.market.phases import CONTINUOUS, Phase
from tapeline.runner.stage import TIMER, Event, Output

FEEDBACK_NS = SECOND_NS
MINUTES = 8


class Duet:
    """Merges both stages' events by time, as the runner does."""

    def __init__(self, seed: int, lost_bp: int) -> None:
        self.desk = Desk()
        self.broker_settings = Settings(
            session="test",
            account=ACCOUNT,
            instruments={s: instrument(s) for s in ("INFY", "TCS")},
            phases={"cash_fno": (Phase(START_NS, END_NS, CONTINUOUS, DAY),)},
            day_starts_ns=(),
            final_statement_ns=END_NS,
            rules=MatchRules(seed=seed),
            broker=Broker(lost_request_bp=lost_bp, lost_ack_bp=lost_bp),
        )
        self.broker = paper.State(self.broker_settings)
        self._queue: list[tuple[int, int, str, Any]] = []
        self._sent = 0

    def post(self, at_ns: int, topic: str, message: Any) -> None:
        heapq.heappush(self._queue, (at_ns, self._sent, topic, message))
        self._sent += 1

    def run(self, until_ns: int) -> None:
        while True:
            times = (
                self._queue[0][0] if self._queue else None,
                self.desk.state.timer_ns(),
                self.broker.timer_ns(),
            )
            now_ns = min(time for time in times if time is not None)
            if now_ns > until_ns:
                return
            if times[1] == now_ns:
                self._oms(now_ns, TIMER, None)
            elif times[2] == now_ns:
                self._paper(now_ns, TIMER, None)
            else:
                _, _, topic, message = heapq.heappop(self._queue)
                take = self._paper if topic in ("ticks", "live_orders") else self._oms
                take(now_ns, topic, message)

    def _oms(self, now_ns: int, topic: str, message: Any) -> None:
        event = Event(now_ns, 0, ACCOUNT, 0, topic, message)
        outputs = oms.step(self.desk.state, event, self.desk.settings)
        self.desk.outputs += outputs
        for output in outputs:
            assert not output.topic.endswith(".dead"), output
            if output.topic == "live_orders":
                self.post(output.message.at_ns, "live_orders", output.message)

    def _paper(self, now_ns: int, topic: str, message: Any) -> None:
        event = Event(now_ns, 0, ACCOUNT, 0, topic, message)
        outputs: list[Output] = list(paper.step(self.broker, event, self.broker_settings))
        for output in outputs:
            self.post(output.message.at_ns + FEEDBACK_NS, output.topic, output.message)


def post_ticks(duet: Duet, moves: list[int]) -> None:
    price = {"INFY": 1_000_000, "TCS": 1_000_000}
    for second in range(MINUTES * 60):
        at_ns = START_NS + second * SECOND_NS
        for symbol, before in list(price.items()):
            last = before + 500 * moves[(second * 7 + len(symbol)) % len(moves)]
            price[symbol] = last
            quote = Tick(
                at_ns=at_ns,
                symbol=symbol,
                seq=second,
                event_ns=at_ns,
                last_price_e4=last,
                last_qty=5,
                day_volume=second * 10,
                trade=True,
                bids=(last - 500, 6),
                asks=(last + 500, 6),
            )
            duet.post(at_ns, "ticks", quote)


def intent(at_ns: int, number: int, kind: str) -> Any:
    name = f"I{number}"
    if kind == "exit":
        return allowed(at_ns, name, market(), action="EXIT", expires_ns=at_ns + 60 * SECOND_NS)
    legs = (leg(),) if kind == "entry" else (leg(), leg("TCS", "SELL", limit_price_e4=999_500))
    return allowed(at_ns, name, *legs, expires_ns=at_ns + 45 * SECOND_NS, leg_timeout_ms=10_000)


@settings(deadline=None, max_examples=25)
@given(
    kinds=st.lists(st.sampled_from(("entry", "exit", "pair")), min_size=1, max_size=6),
    moves=st.lists(st.integers(-2, 2), min_size=3, max_size=7),
    seed=st.integers(0, 10_000),
    lost_bp=st.sampled_from((0, 1_000, 4_000)),
    kill_s=st.integers(1, 120),
)
def test_whatever_is_lost_the_oms_and_the_broker_agree_in_the_end(
    kinds: list[str], moves: list[int], seed: int, lost_bp: int, kill_s: int
) -> None:
    duet = Duet(seed, lost_bp)
    post_ticks(duet, moves)
    for number, kind in enumerate(kinds):
        at_ns = START_NS + (5 + 17 * number) * SECOND_NS + 200 * MS_NS
        duet.post(at_ns, "orders.allowed", intent(at_ns, number, kind))
    at_ns = START_NS + kill_s * SECOND_NS
    control = Control(at_ns=at_ns, command="KILL", by="test", reason="OK", key=None, value=None)
    duet.post(at_ns, "control", control)
    duet.run(START_NS + MINUTES * 60 * SECOND_NS)

    traded = {order.order_id: order.filled_qty for order in duet.broker.orders.values()}
    for order in duet.desk.state.orders.values():
        assert order.filled_qty == order.broker_qty == traded.get(order.order_id, 0)
        assert order.filled_qty <= order.qty
        resting = order.action == "EXIT" and order.state in ("ACCEPTED", "PARTIALLY_FILLED")
        assert is_terminal(order) or resting, order
    assert sum(fill.qty for fill in duet.desk.fills) == sum(traded.values())
    assert sum(event.event == "OVERFILL" for event in duet.desk.events) == 0
