"""compose.yaml and what it mounts: pinned, on loopback, healthy, with metrics that exist."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tapeline.local.kafka import CLUSTER
from tapeline.local.ports import Ports
from tapeline.monitoring.exporter.names import METRICS, PREFIX
from tapeline.runner import metrics as runner
from tidy.violation import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
LOCAL = ROOT / "deploy" / "local"
DASHBOARDS = sorted((LOCAL / "grafana" / "dashboards").glob("*.json"))

MADE_BY_UP = {"./build/services/targets"}
"""Mounted folders that are no files of the project."""


def each(name: str) -> list[Any]:
    return [pytest.param(service.get(name), id=key) for key, service in SERVICES.items()]


def test_these_services_are_there() -> None:
    assert list(SERVICES) == ["kafka", "postgres", "prometheus", "grafana"]


@pytest.mark.parametrize("image", each("image"))
def test_an_image_is_pinned_to_a_version(image: str) -> None:
    assert re.fullmatch(r"[a-z/]+:v?\d+\.\d+(\.\d+)?", image)


def test_the_jars_and_the_image_are_the_same_kafka() -> None:
    version = SERVICES["kafka"]["image"].partition(":")[2]
    (jars,) = re.findall(
        r"<artifactId>kafka_2\.13</artifactId>\s*<version>(.*)</version>",
        (LOCAL / "kafka" / "pom.xml").read_text(),
    )

    assert version == jars


def test_the_container_starts_the_shared_settings_as_the_process_does(tmp_path: Path) -> None:
    """Its command, with the broker's programs left out: the settings must be whole."""
    script = SERVICES["kafka"]["command"][-1].replace("${KAFKA_PORT:-29092}", "29092")
    assert f"-t {CLUSTER} " in script
    script = script.partition("cd /opt/kafka/bin")[0]
    script = script.replace("/tmp/", f"{tmp_path}/").replace("/etc/tapeline/", f"{LOCAL}/kafka/")
    subprocess.run(["bash", "-ec", script], check=True)
    made = (tmp_path / "server.properties").read_text().splitlines()
    keys = [line.partition("=")[0] for line in made if "=" in line and line[0] != "#"]

    assert "advertised.listeners=PLAINTEXT://127.0.0.1:29092" in made
    assert len(set(keys)) == len(keys)
    assert {"process.roles", "listeners", "log.dirs", "controller.quorum.voters"} <= set(keys)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_listens_on_the_loopback_address_only(name: str) -> None:
    service = SERVICES[name]
    if service.get("network_mode") == "host":
        settings = json.dumps([service.get("command"), service.get("environment")])
        assert "--web.listen-address=127.0.0.1:" in settings or (
            service["environment"]["GF_SERVER_HTTP_ADDR"] == "127.0.0.1"
        )
    else:
        assert [port.split(":")[0] for port in service["ports"]] == ["127.0.0.1"]


@pytest.mark.parametrize("check", each("healthcheck"))
def test_a_service_says_when_it_is_healthy(check: dict[str, Any]) -> None:
    assert check["test"][0] == "CMD"
    assert {"interval", "timeout", "retries"} <= check.keys()


@pytest.mark.parametrize("volumes", each("volumes"))
def test_what_is_mounted_exists(volumes: list[str]) -> None:
    for volume in volumes:
        source, target, *mode = volume.split(":")
        assert target.startswith("/")
        if source.startswith("./"):
            assert mode == ["ro"]
            assert source in MADE_BY_UP or (ROOT / source).exists(), source
        else:
            assert source in COMPOSE["volumes"]


def test_ports_have_the_defaults_of_make_up() -> None:
    named = dict(re.findall(r"\$\{(\w+_PORT):-(\d+)\}", (ROOT / "compose.yaml").read_text()))

    assert named == Ports().environment()


def test_a_broker_that_must_not_make_topics_has_one_set_of_settings() -> None:
    lines = (LOCAL / "kafka" / "server.properties").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")

    assert settings["auto.create.topics.enable"] == "false"
    assert settings["transaction.state.log.min.isr"] == "1"


def test_prometheus_looks_where_the_targets_are_mounted() -> None:
    jobs = yaml.safe_load((LOCAL / "prometheus.yml").read_text())["scrape_configs"]
    (files,) = [f for job in jobs for sd in job.get("file_sd_configs", []) for f in sd["files"]]
    mounted = [v.split(":")[1] for v in SERVICES["prometheus"]["volumes"]]

    assert str(Path(files).parent) in mounted


def test_grafana_finds_its_source_and_its_dashboards() -> None:
    provisioning = LOCAL / "grafana" / "provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text())[
        "datasources"
    ]
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "tapeline.yml").read_text())[
        "providers"
    ]
    mounted = [v.split(":")[1] for v in SERVICES["grafana"]["volumes"]]

    assert source["url"].removeprefix("$") in SERVICES["grafana"]["environment"]
    assert provider["options"]["path"] in mounted
    assert "/etc/grafana/provisioning" in mounted


def known() -> set[str]:
    """Names as Prometheus shows them."""
    names = set()
    for metric in METRICS:
        name = PREFIX + metric.name
        endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "gauge": [""]}
        names |= {name + ending for ending in endings[metric.kind]}
    own = [v for k, v in vars(runner).items() if k.isupper() and isinstance(v, str)]
    gauges = {runner.HORIZON}
    return names | {name if name in gauges else f"{name}_total" for name in own}


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_asks_for_metrics_that_exist(path: Path) -> None:
    board = json.loads(path.read_text())
    expressions = [t["expr"] for panel in board["panels"] for t in panel["targets"]]
    expressions += [variable["query"] for variable in board["templating"]["list"]]
    named = {name for e in expressions for name in re.findall(r"\btapeline_\w+", e)}

    assert named - known() == set()
    assert len(named) > 5


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_can_be_provisioned(path: Path) -> None:
    board = json.loads(path.read_text())
    panels = board["panels"]

    assert board["uid"] == f"tapeline-{path.stem}"
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({tuple(panel["gridPos"].values()) for panel in panels}) == len(panels)
    assert {panel["datasource"]["uid"] for panel in panels} == {"prometheus"}
    assert all(panel["description"] for panel in panels)
