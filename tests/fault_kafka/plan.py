"""What goes wrong in a run, drawn from a seed: the same seed gives the same plan."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SOURCE = "ingestion"
SINK = "store"

SCALING = ("bar_builder_1s", "bar_aggregator_multi")
"""Stages whose partitions several replicas may share."""

GO = (SOURCE, *SCALING)
"""Stages that have an implementation in Go."""

AHEAD = (*SCALING, "strategy_runner")
"""Stages that take whatever the source has published, in few commits."""

LOOP = ("risk_manager", "budget_guard", "oms", "gateway_paper")
"""Stages that wait for each other: they commit some times in each second of the session."""

BEHIND = ("recon", "exporter")
"""Stages that follow the loop."""

STAGES = (SOURCE, *AHEAD, *LOOP, *BEHIND, SINK)
"""Every stage of a paper session, in the order of the flow."""

ALL_STEPS = (1, 2, 3, 4, 5, 6, 7)
SOURCE_STEPS = (3, 4, 6, 7)
"""A source has no inputs and no state."""

SINK_KILLS = 7
"""Of the store from outside: it commits in the database, in one step."""

SLICES = 60
"""Commits of the source: ten minutes of session time, ten seconds each."""

LOOP_COUNT_MAX = 3
"""Most commits of a stage of the loop between two crashes: all must fit into the session."""

OUTSIDE_MS_MAX = 400
"""A kill from outside comes so long after the process has said that it is ready."""

DATA_SEEDS = 6
"""Different markets."""


@dataclass(frozen=True)
class Death:
    """How one life of a process ends."""

    step: int | None
    """Right after this commit step; None = from outside, at any moment."""
    count: int
    """After the step's count-th time, or so many milliseconds after the process is ready."""


@dataclass(frozen=True)
class Event:
    """Something that happens to the session as a whole, or to a process that goes on living."""

    kind: str
    """broker, postgres, zombie, rebalance or slow."""
    stage: str = ""
    delay_s: float = 0.0
    """After the source was let on."""
    pause_s: float = 0.0
    """How long it lasts."""


@dataclass(frozen=True)
class Round:
    """One session under faults.

    The source publishes the session in portions: it is killed at the end of each, and let on when
    the next event is due. So the session cannot end before all of its plan has happened.
    """

    name: str
    data_seed: int
    go: tuple[str, ...] = ()
    """Stages that run in Go."""
    lanes: int = 1
    replicas: int = 1
    """Of the scaling stages."""
    deaths: Mapping[str, tuple[Death, ...]] = field(default_factory=dict)
    """By stage, of its replica 0."""
    events: tuple[Event, ...] = ()

    def kills(self) -> int:
        """Processes that are killed by SIGKILL. Zombies are fenced, which is another end."""
        services = sum(event.kind in ("broker", "postgres") for event in self.events)
        return services + self.torn() + sum(len(deaths) for deaths in self.deaths.values())

    def torn(self) -> int:
        """Rebalances for which a process is killed, so that its successor stops in a commit."""
        return sum(e.kind == "rebalance" and e.stage not in self.go for e in self.events)


def draw(seed: int) -> list[Round]:
    """The plan of the long form: more than 60 kills in three sessions."""
    chance = random.Random(f"kafka {seed}")
    return [
        _round(
            chance,
            "every stage in Python, every step",
            events=("postgres", "broker"),
            deaths={stage: _deaths(chance, stage) for stage in STAGES[1:]},
        ),
        _round(
            chance,
            "stages in Go, every step",
            go=GO,
            events=("broker", "zombie risk_manager", "postgres"),
            deaths={
                **{stage: _deaths(chance, stage) for stage in (*SCALING, "oms")},
                SINK: _outside(chance, 2),
            },
        ),
        _round(
            chance,
            "two replicas of the bar stages, zombies, rebalances, slow consumers",
            go=("bar_aggregator_multi",),
            lanes=2,
            replicas=2,
            deaths={stage: _outside(chance, 2) for stage in chance.sample(LOOP[:3], 2)},
            events=(
                "zombie bar_builder_1s",
                "slow store",
                "rebalance bar_builder_1s",
                "zombie bar_aggregator_multi",
                "broker",
                "rebalance bar_aggregator_multi",
                "slow risk_manager",
                "zombie gateway_paper",
                "postgres",
                "zombie store",
            ),
        ),
    ]


def draw_short(seed: int) -> list[Round]:
    """A plan of some ten kills in one session, for the ordinary tests."""
    chance = random.Random(f"kafka short {seed}")
    stages = chance.sample([*AHEAD, *LOOP[1:], *BEHIND], len(ALL_STEPS))
    steps = chance.sample(ALL_STEPS, len(ALL_STEPS))
    deaths = {s: (_after(chance, s, step),) for s, step in zip(stages, steps, strict=True)}
    return [
        _round(
            chance,
            "one kill after each step",
            go=(chance.choice(SCALING),),
            events=("broker", "zombie risk_manager", "postgres"),
            deaths={**deaths, SINK: _outside(chance, 1)},
        )
    ]


def planned(rounds: Sequence[Round]) -> int:
    """Kills of all rounds."""
    return sum(each.kills() for each in rounds)


def _round(
    chance: random.Random,
    name: str,
    *,
    events: tuple[str, ...],
    deaths: Mapping[str, tuple[Death, ...]],
    go: tuple[str, ...] = (),
    lanes: int = 1,
    replicas: int = 1,
) -> Round:
    """Adds the deaths of the source: one at the end of each portion but the last."""
    portions = len(events) + 3
    steps = [SOURCE_STEPS[n % len(SOURCE_STEPS)] for n in range(portions - 1)]
    chance.shuffle(steps)
    source = tuple(Death(step, SLICES // portions) for step in steps)
    return Round(
        name,
        chance.randint(1, DATA_SEEDS),
        go,
        lanes,
        replicas,
        {SOURCE: source, **deaths},
        tuple(_event(chance, text) for text in events),
    )


def _event(chance: random.Random, text: str) -> Event:
    kind, _, stage = text.partition(" ")
    pause_s = 6.0 if kind == "slow" else chance.uniform(0.2, 2.0)
    return Event(kind, stage, chance.uniform(0.0, 1.0), pause_s)


def _deaths(chance: random.Random, stage: str) -> tuple[Death, ...]:
    """One after each step of a stage and one from outside, in any order.

    A stage that runs ahead of the loop may handle all that there is in one commit, and would not
    come to the next step: what it has handled it must not have committed. So its step 7 is last.
    """
    if stage == SINK:
        return _outside(chance, SINK_KILLS)
    deaths = [_after(chance, stage, step) for step in ALL_STEPS[:-1]] + [*_outside(chance, 1)]
    chance.shuffle(deaths)
    place = len(deaths) if stage in AHEAD else chance.randint(0, len(deaths))
    deaths.insert(place, _after(chance, stage, ALL_STEPS[-1]))
    return tuple(deaths)


def _after(chance: random.Random, stage: str, step: int) -> Death:
    return Death(step, chance.randint(1, LOOP_COUNT_MAX) if stage in LOOP else 1)


def _outside(chance: random.Random, count: int) -> tuple[Death, ...]:
    return tuple(Death(None, chance.randint(0, OUTSIDE_MS_MAX)) for _ in range(count))
