"""What an error of a consumer means for its process."""

from __future__ import annotations

import pytest
from confluent_kafka import KafkaError

from tapeline.runner.kafka_clients import KafkaSettingsError
from tapeline.runner.kafka_state import refused
from tapeline.runner.log import FencedError


@pytest.mark.parametrize("code", [KafkaError._FATAL, KafkaError.FENCED_INSTANCE_ID])
def test_a_consumer_that_is_fenced_ends_its_process(code: int) -> None:
    """The client hands it out as a message that is not marked as fatal, and then is silent."""
    with pytest.raises(FencedError, match="another process has taken over this replica"):
        refused(KafkaError(code))


def test_records_that_were_deleted_end_the_process_with_a_remedy() -> None:
    with pytest.raises(KafkaSettingsError, match="start the session with --fresh"):
        refused(KafkaError(KafkaError._AUTO_OFFSET_RESET))


@pytest.mark.parametrize("code", [KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT])
def test_what_the_client_mends_by_itself_is_only_said(code: int) -> None:
    assert KafkaError(code).name() in (refused(KafkaError(code)) or "")
