"""The sentences of docs/benchmarks.md; page.py puts the figures in."""

TOP = """
# Benchmarks

Written by `make bench` on {day}; run it again to measure your machine.
Machines are noisy: other work on the same cores moved the figures below by up to a factor of two.
Quote ratios of one run, not single figures.

Machine: {processor}, {cores} cores, {memory_gb} GB, {system}; Python {python}, Go {go}. Broker,
database and whatever is measured share its cores.
"""

SIDE_BY_SIDE = """
## Side by side on Kafka

![Ticks to 1-second bars over Kafka: bare loops and our runners](benchmarks.svg)

The stage `bar_builder_1s` against loops that do nothing but the same work: {ticks} ticks of 100
symbols ({bytes} bytes each) become {bars} one-second bars. One broker with one partition; the
competitors take turns, {rounds} rounds, each a process of its own. The clock runs from the moment
its partition is assigned to the moment its last bar is visible to a reader of committed records.
Figures are medians.

<table>

After each run all bars are read back and compared with a reference: a competitor with a missing,
doubled or wrong one ends the benchmark. *CPU s* is user and system time of the process from the
start of the clock; *with start-up* is that of the whole process. *Commits* are counted on the
topic.

**What the bare loops do** ([bare_loop.py](../tests/bench/bare_loop.py),
[barloop](../go/internal/bench/barloop/main.go)). They decode each tick into the same checked type,
keep one window for each symbol, and write the same bars as the same bytes. Open windows are in
memory only: a crash loses them, so no loop without more work can be used in their place. They know
no late, doubled or wrong ticks, no corrections, phases or price bands. With transactions they
commit bars and offsets together, at most 10,000 ticks at a time, as our runners do. They are tuned:
the Python loop sets `fetch.queue.backoff.ms` to 1 (by default librdkafka waits a second whenever
its queue was full, which makes a fast loop several times slower), takes one message and then
whatever waits, and switches garbage collection off; the Go loop fetches 4 MiB at a time and
allocates in slabs. The Go loop runs once with the decoder of the contracts and once with fastjson,
which checks no bounds; the faster one is the yardstick.

**What the runners do beyond that.** They handle every rule of the stage, send bad records to the
dead letters, merge partitions in the order of session time, save their state, and go on after a
crash at any step without losing or doubling a bar. *Our rules* is the bare loop that calls the pure
step of the stage: what lies between it and the plain loop is the price of the rules, and what lies
between it and the runner is the runner.
"""

LATENCY = """
## From a tick to an order and to its fill

A session in real time on a real broker and database, each stage a Python process, at {rate} ticks
in a wall second. A sample begins when the tick or beat that closes a one-minute bar reaches
ingestion, and ends when the order that the strategy made of the bar (`orders.allowed`), or the
first fill of it (`fills`), is visible to a reader of committed records. Each commit on the way is a
transaction of another process; the simulated broker answers at once. The session runs at five times
the speed of the wall, so that minutes close, and orders come, five times as often.

Two things are in the figures of the session that no chain has. The minutes of 100 symbols close
within a tenth of a second, so that each stage finds many records and commits one lot while the next
one waits. And eleven processes share two cores with the broker, which takes half of one of them.

The chain is as many bare loops in a row as the session has commits on the way, each a process with
transactions, without linger, with short fetches, and with `retry.backoff.ms` at 2: a transaction
that begins while the one before is still being ended is told to try again, and librdkafka's default
pause of 100 ms would be most of the latency. *Same load*: its source sends as many messages
a second as the session has ticks, the first loop passes on all of them, the others one of fifty, as
few bars are those of a minute. *Idle*: one message at a time.

<table>
"""

MEMORY = """
## Memory of a stage

The most resident memory that each process of `{session}` ever had, MB of 1,000,000 bytes.

<table>
"""

PEERS = """
## Other systems

Measured by us on another machine, and not by `make bench`: 2 cores of an Intel Xeon at 2.6 GHz,
Kafka 4.1.1, one partition, 1,000,000 ticks of 88 bytes (ours have more than twice that) to 199,900
finished bars, all of them compared. Bare loops in the same runs reached 457,288 ticks/s
(confluent-kafka, transactions, 1.95 CPU s) and 563,763 ticks/s (franz-go with fastjson,
transactions, 1.27 CPU s). The last column compares with the first of these.

| system | ticks/s | CPU s | of the bare Python loop |
| --- | --- | --- | --- |
| bytewax 0.21.1, own window in `stateful_map`, not exactly-once | 181,981 | 5.83 | 40% |
| Kafka Streams 4.1.1, in memory, exactly-once v2, commits each 100 ms | 146,221 | 13.87 | 32% |
| Kafka Streams 4.1.1, RocksDB, exactly-once v2, commits each 100 ms | 123,354 | 15.47 | 27% |
| quixstreams 3.28.1, exactly-once, 5,000 messages or 100 ms (200,000 ticks) | 21,138 | 8.78 | 5% |

Our runners were not in those runs: only the last column may be held against the table above.
"""

ONE_PROCESS = """
## In one process

<table>

The core is `step()` over ready-made events, without log, codec and runner. The flow is everything
between the source and the last committed row: generated ticks, all stages, every record encoded,
validated and written to its topic's file, PostgreSQL with real commits. It leaves out starting
PostgreSQL and writing the tables as CSV, which `from the command` contains.

### Where the time of the flow goes

<shares>

What is missing to 100 % is the scheduler, the watermarks of idle stages and the progress display.
"""

INDICATORS = """
## Indicators

Nanoseconds for one bar, loop included.

<table>
"""

REPEAT = """
## Repeat it

`make bench` measures everything: about a quarter of an hour, with Python, Go and Java 17. It starts
a broker of its own on a free port and removes it at the end. Nothing else should run meanwhile.

```sh
make bench                                        # all parts
.venv/bin/python -m tests.bench.run kafka         # one part anew; the others are kept
.venv/bin/python tests/bench/bench_kafka.py 100000 2   # a small try: ticks, rounds
```
"""
