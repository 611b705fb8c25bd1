"""The dead letter of bytes that no stage can use."""

from __future__ import annotations

import base64

from tapeline.contracts import codec
from tapeline.contracts.codec import RECORD_BYTES_MAX, BadRecordError
from tapeline.contracts.messages import Dead
from tapeline.runner.stage import Event
from tapeline.runner.wiring import Place


def dead_letter(
    stage: str, place: Place, offset: int, at_ns: int, refused: tuple[bytes, BadRecordError]
) -> Dead:
    """What `<topic>.dead` gets.

    Of a hostile record it holds as many bytes as a good one may have: the whole of it, in base64,
    might be more than a broker takes, and the stage would stand still.

    Args:
        stage: who refuses.
        place: topic and partition of the record.
        offset: its offset.
        at_ns: session time at which it is refused, UTC nanoseconds.
        refused: its bytes, and why they are refused.
    """
    value, error = refused
    topic, partition = place
    return Dead(
        at_ns=at_ns,
        topic=topic,
        partition=partition,
        offset=offset,
        stage=stage,
        reason=error.reason,
        detail=error.detail[:1000],
        payload_b64=base64.b64encode(value[:RECORD_BYTES_MAX]).decode(),
    )


def dead_event(stage: str, event: Event) -> Dead:
    """What the topic's dead letters get for an event that stands for bytes that are no record."""
    value = event.message.value
    try:
        codec.decode(event.topic, value)
    except BadRecordError as error:
        place = event.topic, event.partition
        return dead_letter(stage, place, event.position, event.at_ns, (value, error))
    raise AssertionError(f"{event.topic}/{event.partition}@{event.position} decodes after all")
