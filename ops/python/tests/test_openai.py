"""The client of OpenAI: chat completions and decisions."""

import json

import openai
import pytest

from conformance import Conformance, main, unique
from service import RIGHT

pytestmark = pytest.mark.light

PROMPT = "What is 6 times 7?"


def client(url):
    return openai.OpenAI(base_url=f"{url}/v1", api_key="none")


def chat(url, answer):
    completion = client(url).chat.completions.create(
        model="urteil:quality",
        messages=[{"role": "user", "content": PROMPT}, {"role": "assistant", "content": answer}],
        metadata={"reference": "42"},
    )
    return float(completion.choices[0].message.content)


class TestChat(Conformance):
    failure = openai.UnprocessableEntityError

    def ask(self, url, answer):
        return chat(url, answer)

    def test_names_the_code_of_a_failed_verdict(self, service):
        with pytest.raises(openai.UnprocessableEntityError) as raised:
            chat(service.url(), f"{unique()} [fail]")
        assert raised.value.code == "judge_failed"

    def test_names_the_runs_when_the_model_is_none(self, service):
        with pytest.raises(openai.NotFoundError, match="majority, quality"):
            client(service.url()).chat.completions.create(
                model="gpt", messages=[{"role": "assistant", "content": "42"}])

    def test_rejects_a_conversation_without_an_answer(self, service):
        with pytest.raises(openai.UnprocessableEntityError, match="the answer to judge"):
            client(service.url()).chat.completions.create(
                model="quality", messages=[{"role": "user", "content": "42"}])


def decide(url, answer, questions):
    state = json.dumps({"question": PROMPT, "response": answer, "answer": "42"})
    return client(url).decisions.create(
        model="urteil:quality",
        input=[{"type": "message", "role": "user", "content": state}],
        questions=questions,
    )


class TestDecisions(Conformance):
    QUESTION = {"type": "predicate", "name": "right", "instructions": "The answer is right."}

    def ask(self, url, answer):
        (decision,) = decide(url, answer, [self.QUESTION]).answers
        return decision.probability if decision.type == "predicate" else None

    def assert_failed(self, ask):
        assert ask() is None

    def test_refuses_to_answer_when_the_verdict_fails(self, service):
        (decision,) = decide(service.url(), f"{unique()} [fail]", [self.QUESTION]).answers
        assert (decision.type, decision.name) == ("refusal", "right")

    def test_answers_ratings_by_the_expected_level(self, service):
        levels = [{"label": label} for label in ("bad", "fair", "good")]
        question = {"type": "score", "name": "grade", "instructions": "Grade it.", "levels": levels}
        (decision,) = decide(service.url(), f"42 {unique()}", [question]).answers
        assert decision.score == pytest.approx(2 * RIGHT)
        assert [p.label for p in decision.probabilities] == ["bad", "fair", "good"]
        assert sum(p.probability for p in decision.probabilities) == pytest.approx(1)

    def test_rejects_choices(self, service):
        choice = {"type": "choice", "instructions": "Which?", "choices": [{"value": "A"}, {"value": "B"}]}
        with pytest.raises(openai.UnprocessableEntityError, match="one reward and no choices"):
            decide(service.url(), "42", [choice])


if __name__ == "__main__":
    main(globals())
