"""slime's remote_rm, from a checkout that URTEIL_SLIME names: it has no package."""

import asyncio
import os
import sys

import pytest

from conformance import Conformance, main

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif("URTEIL_SLIME" not in os.environ, reason="URTEIL_SLIME names no checkout of slime"),
]

sys.path.insert(0, os.environ.get("URTEIL_SLIME", ""))

PROMPT = [{"role": "user", "content": "What is 6 times 7?"}]


class TestSlime(Conformance):
    #: It tries ten times with pauses of up to 30 s before it raises.
    FAILURE_S = 20

    def ask(self, url, answer, limit=None):
        import slime.rollout.rm_hub as rewards
        from slime.utils.types import Sample

        class Arguments:
            custom_rm_path, rm_type, reward_key, rm_url = None, "remote_rm", None, f"{url}/remote_rm?run=quality"

        async def run():
            try:
                sample = Sample(group_index=0, index=0, prompt=PROMPT, response=answer, label="42")
                return await asyncio.wait_for(rewards.async_rm(Arguments, sample), limit)
            finally:
                await rewards._get_shared_session().close()
                rewards._shared_session = None

        return asyncio.run(run())

    @pytest.mark.parametrize("verdict", ["fail", "refuse"])
    def test_returns_no_number_when_the_verdict_fails(self, service, verdict):
        with pytest.raises(TimeoutError):
            self.ask(service.url(), f"42 [{verdict}]", self.FAILURE_S)


if __name__ == "__main__":
    main(globals())
