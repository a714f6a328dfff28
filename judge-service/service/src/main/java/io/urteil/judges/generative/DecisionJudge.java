package io.urteil.judges.generative;

import static java.util.Objects.requireNonNull;

import io.urteil.chat.ChatModel;
import io.urteil.chat.RefusedRequestException;
import io.urteil.chat.decision.DecisionAnswer;
import io.urteil.chat.decision.DecisionAnswers;
import io.urteil.chat.decision.DecisionRequest;
import io.urteil.chat.decision.RemoteDecisionModel;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.ModelBacked;
import io.urteil.model.file.FileHash;
import io.urteil.run.judge.RubricJudge;
import io.urteil.run.judge.RubricQuestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Asks a decision server all questions of a rubric about a rollout. The score is the mean of the
 * questions' values, by weight; each value is the expected value of the question's options.
 *
 * <p>Each question is a vote. Its probabilities are those of the options times the probability that
 * the model gave to them altogether, so their sum is the confidence in the answer. If the model
 * refuses a question, or a question's sum is too small, the judge abstains: a mean over the other
 * questions would be the score of another rubric. Thread-safe.
 */
public final class DecisionJudge implements PointwiseJudge, ModelBacked {

  private final RemoteDecisionModel model;
  private final RubricJudge settings;

  public DecisionJudge(RemoteDecisionModel model, RubricJudge settings) {
    this.model = model;
    this.settings = settings;
  }

  @Override
  public String version() {
    return "rubric/1 %s questions=%d%s%s on %s"
        .formatted(
            settings.protocol().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            settings.questions().size(),
            settings.reference() ? " with-reference" : "",
            settings.leastMass() == 0 ? "" : " least-mass=" + settings.leastMass(),
            model.server().name());
  }

  /** The hash of the questions as requests contain them, with the values of their options. */
  @Override
  public String promptHash() {
    return FileHash.sha256(model.written(settings.questions()));
  }

  @Override
  public Map<ChatModel, Integer> samplesAtOnce(int candidates) {
    return Map.of(model.server(), 1);
  }

  @Override
  public Optional<Duration> timeLimit() {
    return Optional.of(settings.timeLimit());
  }

  @Override
  public Finding judge(Rollout rollout) throws Exception {
    CandidateAnswers candidate = CandidateAnswers.of(rollout);
    CompletableFuture<DecisionAnswers> answers =
        model.ask(
            new DecisionRequest(
                "%s/%s/%d".formatted(candidate.groupId(), candidate.arm(), candidate.index(0)),
                candidate.question(),
                candidate.answers().getFirst(),
                settings.reference() ? candidate.reference() : null,
                settings.questions()));
    try {
      return finding(answers.get(), String.valueOf(candidate.index(0)));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RefusedRequestException refused) {
        return new Finding.Failed(String.valueOf(refused.getMessage()), Evidence.NONE);
      }
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      answers.cancel(true);
    }
  }

  private Finding finding(DecisionAnswers answers, String order) {
    List<Vote> votes = new ArrayList<>();
    List<String> abstained = new ArrayList<>();
    double sum = 0;
    double weights = 0;
    for (Map.Entry<String, RubricQuestion> each : settings.questions().entrySet()) {
      RubricQuestion question = each.getValue();
      Vote vote = vote(each.getKey(), question, answers, order, votes.isEmpty());
      votes.add(vote);
      Verdict verdict = vote.getVerdict();
      if (verdict != null) {
        sum += question.weight() * verdict.getScores().getFirst();
        weights += question.weight();
      } else {
        abstained.add(each.getKey() + ": " + vote.getText());
      }
    }
    Evidence evidence = new Evidence(votes, 0, answers.inputTokens(), answers.outputTokens());
    if (!abstained.isEmpty()) {
      return new Finding.Abstained(String.join("; ", abstained), evidence);
    }
    Verdict.Builder verdict = Verdict.newBuilder().setScores(List.of(sum / weights));
    Verdict only = votes.getFirst().getVerdict();
    if (votes.size() == 1 && only != null) {
      verdict.setLabel(only.getLabel()).setProbabilities(only.getProbabilities());
    }
    return new Finding.Scored(verdict.build(), null, evidence);
  }

  /** The vote of one question; the first one carries the tokens of the request. */
  private Vote vote(
      String name, RubricQuestion question, DecisionAnswers answers, String order, boolean first) {
    Vote.Builder vote =
        Vote.newBuilder()
            .setOrder(order)
            .setSample(0)
            .setJudge(name)
            .setPromptTokens(first ? answers.inputTokens() : 0)
            .setCompletionTokens(first ? answers.outputTokens() : 0);
    return switch (requireNonNull(answers.byQuestion().get(name), name)) {
      case DecisionAnswer.Decided(var probabilities, double mass)
          when mass < settings.leastMass() ->
          vote.setStatus(JudgementStatus.ABSTAINED)
              .setVerdict(null)
              .setText(
                  "probability of the options: %s (expected: >= %s)"
                      .formatted(mass, settings.leastMass()))
              .build();
      case DecisionAnswer.Decided(var probabilities, double mass) ->
          vote.setStatus(JudgementStatus.SCORED)
              .setText(null)
              .setVerdict(verdict(question, probabilities, mass))
              .build();
      case DecisionAnswer.Refused refused ->
          vote.setStatus(JudgementStatus.ABSTAINED)
              .setVerdict(null)
              .setText("the model refused to answer")
              .build();
    };
  }

  private static Verdict verdict(RubricQuestion question, List<Double> probabilities, double mass) {
    double value = 0;
    double most = -1;
    String label = "";
    Iterator<Double> each = probabilities.iterator();
    for (Map.Entry<String, Double> option : question.values().entrySet()) {
      double probability = each.next();
      value += probability * option.getValue();
      if (probability > most) {
        most = probability;
        label = option.getKey();
      }
    }
    return Verdict.newBuilder()
        .setScores(List.of(value))
        .setLabel(label)
        .setProbabilities(probabilities.stream().map(one -> one * mass).toList())
        .build();
  }
}
