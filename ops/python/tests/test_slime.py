"""slime's remote_rm, from a checkout that URTEIL_SLIME names: it has no package."""

import asyncio
import os
import subprocess
import sys

import pytest

from conformance import Conformance, main, unique
from service import RIGHT, WRONG

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif("URTEIL_SLIME" not in os.environ, reason="URTEIL_SLIME names no checkout of slime"),
]

sys.path.insert(0, os.environ.get("URTEIL_SLIME", ""))

PROMPT = [{"role": "user", "content": "What is 6 times 7?"}]


async def rewards(url, answers, run="quality", prompt=PROMPT, label="42"):
    import slime.rollout.rm_hub as hub
    from slime.utils.types import Sample

    class Arguments:
        custom_rm_path, rm_type, reward_key, rm_url = None, "remote_rm", None, f"{url}/remote_rm?run={run}"

    samples = [
        Sample(group_index=0, index=i, prompt=prompt, response=answer, label=label) for i, answer in enumerate(answers)
    ]
    try:
        return await hub.batched_async_rm(Arguments, samples)
    finally:
        await hub._get_shared_session().close()


class Alone:
    """One answer, in a process of its own: slime has one HTTP session in a process."""

    def ask(self, url, answer):
        (reward,) = asyncio.run(rewards(url, [answer]))
        return reward


class TestSlime(Conformance):
    #: It tries ten times, with pauses of up to 30 s, before it raises.
    PATIENCE_S = 30

    def ask(self, url, answer, limit=None):
        command = [sys.executable, __file__, "Alone", url, answer]
        output = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=limit, check=True).stdout
        return float(output.splitlines()[-1])

    @pytest.mark.parametrize("verdict", ["fail", "refuse"])
    def test_returns_no_number_when_the_verdict_fails(self, service, verdict):
        with pytest.raises(subprocess.TimeoutExpired):
            self.ask(service.url(), f"42 {unique()} [{verdict}]", self.PATIENCE_S)

    def test_takes_sixteen_members_at_once(self, service):
        mark = unique()
        answers = [f"{42 if i % 2 else 41} {mark} {i}" for i in range(16)]
        assert asyncio.run(rewards(service.url(), answers)) == pytest.approx([WRONG, RIGHT] * 8)
        assert service.stub.count(mark) == 16

    def test_has_the_samples_of_a_prompt_judged_together(self, service):
        prompt = [{"role": "user", "content": f"What is it? {unique()}"}]
        given = asyncio.run(rewards(service.url(), ["7", "7.0", "8", "It is 7"], "together", prompt, None))
        assert given == pytest.approx([1, 1, 0, 1])


if __name__ == "__main__":
    main(globals())
