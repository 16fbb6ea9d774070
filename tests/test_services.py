"""The servers that other tests stand on."""

from __future__ import annotations

import time

import pytest
import redis

from tests.services import Broker


@pytest.mark.services
def test_broker_keeps_what_it_was_given_over_a_kill(broker: Broker) -> None:
    with redis.Redis(unix_socket_path=str(broker.socket)) as client:
        client.rpush("bell", "one")
        assert client.config_get("appendonly") == {"appendonly": "yes"}
    time.sleep(1.2)  # appendfsync everysec
    broker.kill()
    broker.start()
    with redis.Redis(unix_socket_path=str(broker.socket)) as client:
        assert client.lrange("bell", 0, -1) == [b"one"]
    assert broker.socket.stat().st_mode & 0o077 == 0
