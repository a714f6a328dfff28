"""Reward functions for trainers in Python, over the gateway. Needs no other package.

TRL:    GRPOTrainer(reward_funcs=urteil_rewards.trl("http://127.0.0.1:8080", "my-run"), ...)
verl:   reward.custom_reward_function.path=ops/python/urteil_rewards.py
        +reward.custom_reward_function.reward_kwargs.url=http://127.0.0.1:8080
        +reward.custom_reward_function.reward_kwargs.run=my-run

The environment variable URTEIL_API_KEY is the key of a gateway that needs one.

A reward that does not exist is never a number: TRL gets None, which it leaves out of the group; verl
gets an exception, since it has no other way.
"""

import asyncio
import http.client
import json
import os
import time
import urllib.error
import urllib.request
import uuid

WAIT_S = 60
PAUSE_S = 1.0


class NotJudged(Exception):
    """The judges gave no reward; the message has the status and the reason."""


class Refused(Exception):
    """The gateway does not accept the request; the message says what it expects."""


def rewards(url, run, groups, timeout=600, step=None):
    """Submits groups, and waits until all are closed.

    A request that fails on the way is repeated, with one key: each completion is judged once.

    :param groups: a list of {"prompt" or "messages", "reference", "members": [{"text"}, ...]}
    :param step: of the trainer, for the ids of the groups
    :param timeout: seconds, after which TimeoutError is raised
    :return: for each group a list of {"reward", "advantage", "status", "reason"}; "reward" may be None
    """
    body = json.dumps({"run": run, "groups": groups}).encode()
    key = f"{step}/{uuid.uuid4()}" if step is not None else str(uuid.uuid4())
    end, cause = time.monotonic() + timeout, None
    while (left := end - time.monotonic()) > 0:
        wait, pause = min(WAIT_S, left), PAUSE_S
        headers = {"Content-Type": "application/json", "Prefer": f"wait={wait:.0f}", "Idempotency-Key": key} | _key()
        request = urllib.request.Request(f"{url.rstrip('/')}/v1/rewards", data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=wait + 30) as response:
                if response.status == 200:
                    return [group["members"] for group in json.load(response)["groups"]]
                continue  # 202: a group is still open.
        except urllib.error.HTTPError as error:
            cause = f"{error.code}: {_detail(error)}"
            if error.code not in (429, 502, 503, 504):
                raise Refused(cause) from None
            pause = float(error.headers.get("Retry-After") or PAUSE_S)
        except (OSError, http.client.HTTPException) as error:
            cause = str(error) or type(error).__name__
        time.sleep(min(pause, max(0, end - time.monotonic())))
    raise TimeoutError(f"no reward from {url} in {timeout} s" + (f"; last error: {cause}" if cause else ""))


def trl(url, run, reference="answer", timeout=600):
    """A reward function for TRL's GRPOTrainer, which can be pickled.

    :param reference: the column of the data set that has the expected answer; unused if it has none
    """
    return _TrlReward(url, run, reference, timeout)


class _TrlReward:
    def __init__(self, url, run, reference, timeout):
        self.url, self.run, self.reference, self.timeout = url, run, reference, timeout
        self.__name__ = f"urteil/{run}"

    def __call__(self, prompts, completions, trainer_state=None, log_metric=None, **columns):
        """Completions of one prompt in consecutive rows are a group."""
        references = columns.get(self.reference) or [None] * len(prompts)
        groups, last = [], object()
        for prompt, completion, expected in zip(prompts, completions, references, strict=True):
            if (prompt, expected) != last:
                last = (prompt, expected)
                groups.append(_prompt(prompt) | _reference(expected) | {"members": []})
            groups[-1]["members"].append(_member(completion))
        step = getattr(trainer_state, "global_step", None)
        members = sum(rewards(self.url, self.run, groups, self.timeout, step), [])
        if log_metric is not None and members:
            log_metric("urteil/unjudged", sum(m["reward"] is None for m in members) / len(members))
        return [member["reward"] for member in members]


async def compute_score(
    data_source, solution_str, ground_truth, extra_info=None, *, url, run, timeout=600, **_
):
    """The reward function of verl, for one answer. The prompt is extra_info["prompt"], if there is one.

    Runs that compare the members of a group cannot be used, since verl shows one answer at a time.
    Use the reward manager naive: rate_limited turns an exception into 0.0.
    """
    await _once(_require_single, url, run)
    prompt = (extra_info or {}).get("prompt") or ""
    group = _prompt(prompt) | _reference(ground_truth) | {"members": [{"text": solution_str}]}
    ((member,),) = await asyncio.to_thread(rewards, url, run, [group], timeout)
    if member["reward"] is None:
        raise NotJudged(f"{member['status']}: {member.get('reason') or 'no reason'}")
    return {"score": member["reward"], "judged": 1}


_known = set()


async def _once(check, *arguments):
    if arguments not in _known:
        await asyncio.to_thread(check, *arguments)
        _known.add(arguments)


def _require_single(url, run):
    request = urllib.request.Request(f"{url.rstrip('/')}/v1/judges", headers=_key())
    with urllib.request.urlopen(request, timeout=30) as response:
        judges = json.load(response)
    together = [judge["name"] for judge in judges if judge["run"] == run and judge["groupwise"]]
    if together:
        raise Refused(
            f"run '{run}': {', '.join(together)} compares the members of a group, and verl shows one answer at a time"
        )


def _key():
    key = os.environ.get("URTEIL_API_KEY")
    return {"Authorization": f"Bearer {key}"} if key else {}


def _prompt(prompt):
    return {"prompt": prompt} if isinstance(prompt, str) else {"messages": _messages(prompt)}


def _reference(expected):
    return {} if expected is None else {"reference": str(expected)}


def _member(completion):
    return {"text": completion} if isinstance(completion, str) else {"messages": _messages(completion)}


def _messages(messages):
    return [{"role": message["role"], "content": message["content"] or ""} for message in messages]


def _detail(error):
    try:
        problem = json.load(error)
        return problem.get("detail") or problem.get("title") or ""
    except (ValueError, OSError, AttributeError):
        return error.reason
