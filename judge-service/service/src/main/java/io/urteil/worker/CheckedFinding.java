package io.urteil.worker;

import io.urteil.contract.EventRules;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a judge returned: a finding that is missing or impossible (null, a score that is not
 * finite, a probability outside of [0, 1], a label of megabytes) is a failure with a reason, and
 * long texts are cut. Pure.
 */
final class CheckedFinding {

  private CheckedFinding() {}

  /** The finding with bounded texts, or the failure of a finding that cannot be published. */
  static Finding of(@Nullable Finding finding) {
    if (finding == null) {
      return failed("the judge returned null (expected: a finding)");
    }
    Optional<String> problem = problem(finding);
    return problem.isPresent() ? failed(problem.get()) : bounded(finding);
  }

  private static Finding failed(String reason) {
    return new Finding.Failed(BoundedText.error(reason), Evidence.NONE);
  }

  private static Optional<String> problem(Finding finding) {
    if (isNull(finding.evidence())) {
      return Optional.of("evidence: null (expected: Evidence.NONE or more)");
    }
    List<Vote> votes = finding.evidence().votes();
    if (votes.size() > BoundedText.COUNT) {
      return Optional.of(
          "votes: %d (expected: at most %d)".formatted(votes.size(), BoundedText.COUNT));
    }
    for (Vote vote : votes) {
      if (isNull(vote.getJudge()) || isNull(vote.getStatus())) {
        return Optional.of("vote without judge or status (expected: both)");
      }
      if (vote.getVerdict() != null) {
        Optional<String> problem = problem(vote.getVerdict());
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    return switch (finding) {
      case Finding.Scored scored when isNull(scored.verdict()) ->
          Optional.of("verdict: null (expected: a verdict)");
      case Finding.Scored scored ->
          problem(scored.verdict())
              .or(() -> EventRules.violation(withoutRounding(scored.verdict())));
      case Finding.Abstained abstained -> Optional.empty();
      case Finding.Unparseable unparseable -> Optional.empty();
      case Finding.Failed failed -> Optional.empty();
    };
  }

  private static Optional<String> problem(Verdict verdict) {
    return numbers("scores", verdict.getScores(), -Double.MAX_VALUE, Double.MAX_VALUE)
        .or(() -> numbers("probabilities", verdict.getProbabilities(), 0, 1 + 1e-6))
        .or(() -> shortText("label", verdict.getLabel()))
        .or(() -> shortText("preference", verdict.getPreference()));
  }

  /** Probabilities that rounding put above 1 are 1: the contract of the event has no tolerance. */
  private static Verdict withoutRounding(Verdict verdict) {
    return verdict.getProbabilities().stream().allMatch(value -> value <= 1)
        ? verdict
        : Verdict.newBuilder(verdict)
            .setProbabilities(
                verdict.getProbabilities().stream().map(value -> Math.min(1, value)).toList())
            .build();
  }

  private static Optional<String> numbers(
      String field, @Nullable List<@Nullable Double> values, double least, double most) {
    if (values == null) {
      return Optional.of(field + ": null (expected: a list)");
    }
    if (values.size() > BoundedText.COUNT) {
      return Optional.of(
          "%s: %d (expected: at most %d)".formatted(field, values.size(), BoundedText.COUNT));
    }
    for (Double value : values) {
      if (value == null || !(value >= least && value <= most)) {
        return Optional.of(
            "%s: %s (expected: finite numbers%s)"
                .formatted(field, value, least == 0 ? " from 0 to 1" : ""));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> shortText(String field, @Nullable String text) {
    return text == null || text.length() <= BoundedText.LABEL
        ? Optional.empty()
        : Optional.of(
            "%s: %d characters (expected: at most %d)"
                .formatted(field, text.length(), BoundedText.LABEL));
  }

  private static Finding bounded(Finding finding) {
    Evidence evidence = bounded(finding.evidence());
    return switch (finding) {
      case Finding.Scored(Verdict verdict, @Nullable String text, Evidence all) ->
          new Finding.Scored(withoutRounding(verdict), text(text), evidence);
      case Finding.Abstained(@Nullable String reason, Evidence all) ->
          new Finding.Abstained(BoundedText.error(reason), evidence);
      case Finding.Unparseable(@Nullable String text, @Nullable String fault, Evidence all) ->
          new Finding.Unparseable(
              text == null ? "" : BoundedText.cut(text, BoundedText.TEXT),
              BoundedText.cutNullable(fault, BoundedText.FAULT),
              evidence);
      case Finding.Failed(@Nullable String error, Evidence all) ->
          new Finding.Failed(BoundedText.error(error), evidence);
    };
  }

  private static @Nullable String text(@Nullable String text) {
    return BoundedText.cutNullable(text, BoundedText.TEXT);
  }

  private static Evidence bounded(Evidence evidence) {
    int votes = evidence.votes().size();
    if (votes == 0) {
      return evidence;
    }
    int longest = Math.min(BoundedText.TEXT, BoundedText.VOTES_TEXT / votes);
    if (evidence.votes().stream().allMatch(vote -> fits(vote, longest))) {
      return evidence;
    }
    List<Vote> bounded = new ArrayList<>();
    for (Vote vote : evidence.votes()) {
      bounded.add(
          fits(vote, longest)
              ? vote
              : Vote.newBuilder(vote)
                  .setText(BoundedText.cutNullable(vote.getText(), longest))
                  .setJudge(BoundedText.cut(vote.getJudge(), BoundedText.LABEL))
                  .build());
    }
    return new Evidence(
        bounded, evidence.comparisons(), evidence.promptTokens(), evidence.completionTokens());
  }

  private static boolean fits(Vote vote, int longest) {
    return (vote.getText() == null || vote.getText().length() <= longest)
        && vote.getJudge().length() <= BoundedText.LABEL;
  }

  @SuppressWarnings("ConstantValue") // values of plug-ins
  private static boolean isNull(@Nullable Object value) {
    return value == null;
  }
}
