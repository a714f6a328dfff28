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
import urllib.parse
import urllib.request
import uuid

WAIT_S = 60
PAUSE_S = 1.0
#: The gateway holds the request of a single sample for this time.
HOLD_S = 110


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
    key = f"{step}/{uuid.uuid4()}" if step is not None else str(uuid.uuid4())
    answer = _post(url, "/v1/rewards", {"run": run, "groups": groups}, key, timeout)
    return [group["members"] for group in answer["groups"]]


def _post(url, path, body, key, timeout, hold=WAIT_S):
    """The answer to a request, which is repeated until the verdicts are there.

    :param hold: seconds for which the gateway holds the request
    """
    data, end, cause = json.dumps(body).encode(), time.monotonic() + timeout, None
    while (left := end - time.monotonic()) > 0:
        wait, pause = min(hold, left), PAUSE_S
        headers = {"Content-Type": "application/json", "Prefer": f"wait={wait:.0f}", "Idempotency-Key": key} | _key()
        request = urllib.request.Request(f"{url.rstrip('/')}{path}", data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=wait + 30) as response:
                if response.status == 200:
                    return json.load(response)
                continue  # 202: a group is still open.
        except urllib.error.HTTPError as error:
            title, detail = _problem(error)
            cause = f"{error.code}: {detail}"
            if title == "judge failed":
                raise NotJudged(detail) from None
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

    verl shows one answer at a time. A run that compares the members of a group needs gateway:
    {samples: by-prompt} in its run file, and the prompt.
    Use the reward manager naive: rate_limited turns an exception into 0.0.
    """
    prompt = (extra_info or {}).get("prompt") or ""
    if await asyncio.to_thread(_is_by_prompt, url, run):
        sample = {"prompt": _content(prompt), "response": solution_str, "label": ground_truth}
        path = f"/remote_rm?{urllib.parse.urlencode({'run': run})}"
        score = await asyncio.to_thread(_post, url, path, sample, str(uuid.uuid4()), timeout, HOLD_S)
        return {"score": score, "judged": 1}
    group = _prompt(prompt) | _reference(ground_truth) | {"members": [{"text": solution_str}]}
    ((member,),) = await asyncio.to_thread(rewards, url, run, [group], timeout)
    if member["reward"] is None:
        raise NotJudged(f"{member['status']}: {member.get('reason') or 'no reason'}")
    return {"score": member["reward"], "judged": 1}


_by_prompt = {}


def _is_by_prompt(url, run):
    """Whether the samples of a prompt are judged together; asked once for each run."""
    if (url, run) not in _by_prompt:
        request = urllib.request.Request(f"{url.rstrip('/')}/v1/runs", headers=_key())
        with urllib.request.urlopen(request, timeout=30) as response:
            published = {each["name"]: each for each in json.load(response)}.get(run, {"judges": []})
        by_prompt = published.get("samples") == "by-prompt"
        together = [judge["name"] for judge in published["judges"] if judge["groupwise"]]
        if together and not by_prompt:
            raise Refused(
                f"run '{run}': {', '.join(together)} compares the members of a group, and verl shows one answer at a"
                " time (expected: gateway: {samples: by-prompt} in the run file)"
            )
        _by_prompt[url, run] = by_prompt
    return _by_prompt[url, run]


def _key():
    key = os.environ.get("URTEIL_API_KEY")
    return {"Authorization": f"Bearer {key}"} if key else {}


def _prompt(prompt):
    return {"prompt": prompt} if isinstance(prompt, str) else {"messages": _messages(prompt)}


def _content(prompt):
    return prompt if isinstance(prompt, str) else _messages(prompt)


def _reference(expected):
    return {} if expected is None else {"reference": str(expected)}


def _member(completion):
    return {"text": completion} if isinstance(completion, str) else {"messages": _messages(completion)}


def _messages(messages):
    return [{"role": message["role"], "content": message["content"] or ""} for message in messages]


def _problem(error):
    """Title and detail of a refusal."""
    try:
        problem = json.load(error)
        title = problem.get("title") or ""
        return title, problem.get("detail") or title
    except (ValueError, OSError, AttributeError):
        return "", error.reason
