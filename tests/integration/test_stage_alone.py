"""One stage of a session and a look at one topic of it, each from a command line of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from typer.testing import CliRunner

from tapeline.cli.main import app
from tapeline.local import LocalKafka
from tapeline.runner.kafka_clients import KafkaSettingsError

MANIFEST = str(Path("configs/sessions/paper-short.yaml").resolve())
CONFIGS = str(Path("configs").resolve())


def test_a_look_at_a_topic_that_is_not_there_creates_none(kafka: LocalKafka, prefix: str) -> None:
    given = ["tail", "fills", MANIFEST, "--kafka", kafka.bootstrap, "--prefix", prefix]

    said = CliRunner().invoke(app, given).exception

    assert isinstance(said, KafkaSettingsError)
    assert f"topic {prefix}.fills does not exist" in str(said)
    held = AdminClient({"bootstrap.servers": kafka.bootstrap}).list_topics(timeout=10).topics
    assert not [name for name in held if name.startswith(prefix)]


def test_a_stage_alone_leaves_the_folder_of_the_run_and_its_database_alone(
    kafka: LocalKafka, prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[list[str], Mapping[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda _path, words, env: started.append((words, env)))
    monkeypatch.setenv("POSTGRES", "host=db password=secret")
    monkeypatch.chdir(tmp_path)
    given = ["stage", "bar_builder_1s", MANIFEST, "--implementation", "go", "--configs", CONFIGS]

    done = CliRunner().invoke(app, [*given, "--kafka", kafka.bootstrap, "--prefix", prefix])

    assert done.exception is None
    ((words, env),) = started
    plan = Path("build/stages") / prefix / "plans" / "bar_builder_1s.json"
    assert words[words.index("--plan") + 1] == str(plan)
    assert [path for path in Path("build").rglob("*") if path.is_file()] == [plan]
    assert "POSTGRES" not in env
