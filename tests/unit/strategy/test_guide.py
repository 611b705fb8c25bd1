"""Follows docs/write-your-first-strategy.md literally: its class and entry must trade."""

import re
from dataclasses import fields

import pytest
import yaml

from strategy_builders import CONFIGS, Runner, config, series, session, told
from tapeline.strategy import library
from tapeline.strategy.api import CLASSES, BarView
from tapeline.strategy.registry import Entry
from tapeline.strategy.settings import Settings

GUIDE = CONFIGS.parent / "docs" / "write-your-first-strategy.md"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text(), re.DOTALL)


@pytest.fixture
def followed(tmp_path, monkeypatch):
    """The session of a person who did what the guide says."""
    (code,) = blocks("python")
    entry, manifest = blocks("yaml")
    (tmp_path / "three_up.py").write_text(code)
    monkeypatch.setattr(library, "__path__", [*library.__path__, str(tmp_path)])
    registry = config("registry")
    registry["strategies"] |= yaml.safe_load(entry)
    yield session(*yaml.safe_load(manifest)["strategies"], registry=registry)
    CLASSES.pop("three_up", None)


def test_the_guide_gives_an_intent(followed):
    runner = Runner(Settings.from_session(followed))
    closes = [100.0, 99.5] * 6 + [100.0, 100.5, 101.0, 101.5, 101.0]

    orders = runner.feed(series(closes))

    assert told(orders) == ["ENTRY BUY SIGNAL", "EXIT SELL SIGNAL"]
    assert orders[0].strategy == "three_up"
    assert set(orders[0].extra.signal.indicators) == {"sma_10", "atr_5"}


def test_the_guide_names_what_exists():
    text = GUIDE.read_text()
    keys = {field.alias or name for name, field in Entry.model_fields.items()}
    documented = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))

    assert documented == keys
    assert {"open", "minute", "holding", "volume"} <= {field.name for field in fields(BarView)}
    assert (CONFIGS.parent / "services/tapeline/strategy/library/pair_spread.py").exists()
