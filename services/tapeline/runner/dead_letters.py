"""The dead letter of bytes that no stage can use."""

from __future__ import annotations

import base64

from tapeline.contracts.codec import RECORD_BYTES_MAX, BadRecordError
from tapeline.contracts.messages import Dead
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
