-- Exactly-once delivery: offsets beside the data, and the outbox.

CREATE TABLE stage_offsets (
  stage text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL CHECK (next_offset >= 0),
  PRIMARY KEY (stage, topic, partition)
);

-- One row for each writer; a newer owner raises the epoch, and a zombie's write then fails.
CREATE TABLE stage_epochs (
  stage text PRIMARY KEY,
  epoch bigint NOT NULL CHECK (epoch >= 0)
);

-- Records that PostgreSQL wants published: written with the data, published by the relay in order.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  key text NOT NULL,
  payload bytea NOT NULL
);
