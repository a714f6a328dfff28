"""The situations that every client of the gateway is put into."""

import concurrent.futures
import subprocess
import sys
import time
import uuid

import pytest

from service import RIGHT, WRONG

LIMIT_S = 90


class Conformance:
    """A subclass is one client: its `ask` returns the reward of one answer, or raises."""

    #: What the client raises when a verdict has failed.
    failure = Exception

    def ask(self, url, answer):
        raise NotImplementedError

    def test_returns_the_reward(self, service):
        mark = unique()
        assert self.ask(service.url(), f"The answer is 42. {mark}") == pytest.approx(RIGHT)
        assert self.ask(service.url(), f"The answer is 41. {mark}") == pytest.approx(WRONG)

    def test_waits_longer_than_the_client_backs_off(self, service):
        mark = unique()
        began = time.monotonic()
        assert self.ask(service.url(), f"42 {mark} [slow 3]") == pytest.approx(RIGHT)
        assert time.monotonic() - began >= 3
        assert service.stub.count(mark) == 1

    @pytest.mark.parametrize("verdict", ["fail", "refuse"])
    def test_returns_no_number_when_the_verdict_fails(self, service, verdict):
        self.assert_failed(lambda: self.ask(service.url(), f"42 {unique()} [{verdict}]"))

    def assert_failed(self, ask):
        with pytest.raises(self.failure):
            ask()

    def test_is_judged_once_when_the_client_is_killed_and_retries(self, service):
        mark = unique()
        answer = f"42 [hold {mark}]"
        client = subprocess.Popen(
            [sys.executable, sys.modules[type(self).__module__].__file__, type(self).__name__, service.url(), answer])
        service.stub.await_asked(mark)
        client.kill()
        client.wait()
        with background(lambda: self.ask(service.url(), answer)) as retry:
            time.sleep(0.5)
            service.stub.release(mark)
            assert retry.result(LIMIT_S) == pytest.approx(RIGHT)
        assert service.stub.count(mark) == 1

    def test_is_judged_once_when_the_gateway_is_killed(self, service):
        mark = unique()
        answer = f"42 [hold {mark}]"
        with background(lambda: self.ask(service.url(), answer)) as lost:
            service.stub.await_asked(mark)
            service.second.kill()
            try:
                with background(lambda: self.ask(service.url(0), answer)) as retry:
                    time.sleep(0.5)
                    service.stub.release(mark)
                    assert retry.result(LIMIT_S) == pytest.approx(RIGHT)
                # The client of the killed gateway has an error or nothing, or has reached the restarted one.
            finally:
                service.restart_second_gateway()
            if lost.exception(LIMIT_S) is None:
                assert lost.result() is None or lost.result() == pytest.approx(RIGHT)
        assert service.stub.count(mark) == 1

    def test_waits_when_the_topology_is_killed(self, service):
        mark = unique()
        with background(lambda: self.ask(service.url(), f"42 [hold {mark}]")) as waiting:
            service.stub.await_asked(mark)
            service.topology.kill()
            service.stub.release(mark)
            service.topology.start()
            assert waiting.result(LIMIT_S) == pytest.approx(RIGHT)
        assert service.stub.count(mark) == 1

    def test_takes_sixteen_members_at_once(self, service):
        mark = unique()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            rewards = list(
                pool.map(lambda i: self.ask(service.url(), f"{42 if i % 2 else 41} {mark} {i}"), range(16)))
        assert rewards == pytest.approx([RIGHT if i % 2 else WRONG for i in range(16)])
        assert service.stub.count(mark) == 16


class background:
    """Runs a call on its own thread, which does not keep the tests from ending."""

    def __init__(self, call):
        self.pool = concurrent.futures.ThreadPoolExecutor(1)
        self.future = self.pool.submit(call)

    def __enter__(self):
        return self.future

    def __exit__(self, *_):
        self.pool.shutdown(wait=False, cancel_futures=True)


def unique():
    """A word without digits, which judges of numbers ignore."""
    return uuid.uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))[:16]


def main(clients):
    """The client as a process of its own, which a test kills."""
    name, url, answer = sys.argv[1:]
    print(clients[name]().ask(url, answer))
