"""Creates the topics of a session before it runs: `make up TOPICS=MANIFEST PARTITIONS=N`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tapeline.contracts.errors import SettingsError
from tapeline.local.daemon import LocalServiceError
from tapeline.runner.kafka_topics import TopicsError, create_topics
from tapeline.runner.sink import TransientError
from tapeline.session.compose import Lanes
from tapeline.session.load import load_session
from tapeline.session.manifest import ManifestError
from tapeline.session.topics import session_topics


def create_for(manifest: Path, environment: Mapping[str, str], bootstrap: str) -> str:
    """Creates what is missing, with the partitions that PARTITIONS says for a market topic.

    Returns:
        A sentence on what was done.

    Raises:
        LocalServiceError: the manifest is refused, or a topic exists with other partitions.
    """
    partitions = environment.get("PARTITIONS") or "1"
    if not partitions.isdecimal() or partitions == "0":
        raise LocalServiceError(f"PARTITIONS={partitions}: give a number from 1 on")
    try:
        context = load_session(manifest, configs_dir=None)
        lanes = Lanes(context.pipeline, context.spec.mode, context.name, int(partitions), {})
        topics = session_topics(lanes)
        made = create_topics({"bootstrap.servers": bootstrap}, context.name, topics)
    except (ManifestError, SettingsError, TopicsError, TransientError) as error:
        raise LocalServiceError(str(error)) from error
    return f"topics of {context.name}: {made} created, {len(topics) - made} were there"
