"""Turns the records of a partition into events: step 2."""

from __future__ import annotations

import msgspec

from tapeline.contracts import codec
from tapeline.contracts.codec import FLAT_BYTES_MAX
from tapeline.runner.log import Record
from tapeline.runner.merge import Buffer
from tapeline.runner.stage import PARTITION_SHIFT, Event


def decode_into(buffer: Buffer, records: list[Record]) -> int:
    """Adds the events of records to their partition's buffer.

    Bytes that are no record of their topic wait in their place, so that their offset and their
    burial commit together: the event's message is then the Record itself.

    Returns:
        How many of those there are.
    """
    topic, rank, latency = buffer.input.topic, buffer.input.rank, buffer.latency_ns
    first = buffer.partition << PARTITION_SHIFT
    keep_broadcasts = not buffer.drops_broadcasts()
    last_ns = buffer.last_ns
    append = buffer.events.append
    decode = codec.decoder(topic).decode
    bad = 0
    for record in records:
        message, key = record.message, record.key
        if message is None:
            value = record.value
            try:
                if len(value) > FLAT_BYTES_MAX:
                    codec.check_size(topic, value)
                message = record.message = decode(value)
            except (msgspec.MsgspecError, UnicodeDecodeError, codec.BadRecordError):
                bad += 1
                place = first + record.offset
                append(Event(max(last_ns, 0), rank, "", place, topic, record))
                continue
        # at_ns never goes back within a partition.
        at_ns = message.at_ns + latency
        if at_ns < last_ns:
            at_ns = last_ns
        else:
            last_ns = at_ns
        if key or keep_broadcasts:
            append(Event(at_ns, rank, key, first + record.offset, topic, message))
    buffer.last_ns = last_ns
    return bad
