"""A consumer as it is often written: offsets committed by a timer, each message counted, no compare-and-set.

Run as `python -m tests.chaos.naive <brokers> <topic> <group> <url>`. It works as long as nothing happens to it; in a
chaos run it counts twice, or not at all, and so shows that the run can tell.
"""

import sys
import time
from contextlib import closing
from typing import Any

import psycopg
from confluent_kafka import Consumer

from tests.postgres import connect

TABLE = "CREATE TABLE IF NOT EXISTS naive (position bigint PRIMARY KEY, times integer NOT NULL)"
COUNT = """
    INSERT INTO naive VALUES (%s, 1) ON CONFLICT (position) DO UPDATE SET times = naive.times + 1
"""
OPTIONS = {
    "enable.auto.commit": True,
    "auto.commit.interval.ms": 1000,
    "auto.offset.reset": "earliest",
    "session.timeout.ms": 6000,
    "topic.metadata.refresh.interval.ms": 2000,
}


def main(brokers: str, topic: str, group: str, url: str) -> None:
    """Count until it is ended; a database that is away is waited for, and the message at hand is forgotten."""
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": group, **OPTIONS})
    consumer.subscribe([topic])
    while True:
        try:
            with closing(connect(url)) as database:
                database.execute(TABLE)
                count(consumer, database)
        except psycopg.Error:
            time.sleep(0.2)


def count(consumer: Consumer, database: "psycopg.Connection[object]") -> None:
    """Message after message."""
    while True:
        message = consumer.poll(1.0)
        if message is not None and not message.error():
            headers: Any = message.headers()
            database.execute(COUNT, (int(dict(headers)["position"]),))


if __name__ == "__main__":
    main(*sys.argv[1:])
