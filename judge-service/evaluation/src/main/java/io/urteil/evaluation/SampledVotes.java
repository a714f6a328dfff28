package io.urteil.evaluation;

import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judges.generative.ScoreVotes;
import io.urteil.judges.tournament.PairVote;
import io.urteil.order.CandidateOrder;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The votes of a judge on one presentation, and the verdict from some of its samples: what the
 * judge returns if it has these samples only, of each panel member in each order that it presents.
 * With all samples it is the verdict of the judgements. Pure.
 */
final class SampledVotes {

  /**
   * One vote.
   *
   * @param voter the panel member under one principle
   * @param order the presented positions in the order shown
   */
  private record Cast(int sample, String voter, List<Integer> order, Vote vote) {}

  private final ModelJudge judge;
  private final CandidateOrder order;
  private final List<List<Cast>> byPosition;
  private final ComparisonVerdict whole;

  private SampledVotes(
      ModelJudge judge,
      CandidateOrder order,
      List<List<Cast>> byPosition,
      ComparisonVerdict whole) {
    this.judge = judge;
    this.order = order;
    this.byPosition = byPosition;
    this.whole = whole;
  }

  /**
   * The samples of each vote of a judge; 1 for a judge that does not sample, or whose verdict on
   * this comparison is not a function of its samples alone: a tournament of more than two.
   */
  static int samples(@Nullable JudgeSection judge, Comparison comparison) {
    return switch (judge) {
      case ModelJudge.Generative alone -> alone.panel().votes();
      case ModelJudge.Listwise list -> list.panel().votes();
      case ModelJudge.Tournament pairs ->
          comparison.candidates().size() == 2 ? pairs.panel().votes() : 1;
      case null, default -> 1;
    };
  }

  /**
   * The votes of judgements.
   *
   * @param order the order in which the candidates were presented to the judge
   * @param byPosition the judgements by presented position
   */
  static SampledVotes of(
      ModelJudge judge, CandidateOrder order, Map<Integer, Judgement> byPosition) {
    List<List<Cast>> votes = new ArrayList<>();
    for (int position = 0; position < order.shown().size(); position++) {
      Judgement judgement = byPosition.get(position);
      votes.add(judgement == null ? List.of() : cast(judgement.getVotes()));
    }
    return new SampledVotes(judge, order, votes, ComparisonVerdictReader.read(order, byPosition));
  }

  /** Numbers the principles: the votes of a member, order and sample are in their sequence. */
  private static List<Cast> cast(List<Vote> votes) {
    Map<String, Integer> seen = new HashMap<>();
    List<Cast> cast = new ArrayList<>();
    for (Vote vote : votes) {
      String key = vote.getJudge() + "/" + vote.getOrder() + "/" + vote.getSample();
      int principle = seen.merge(key, 1, Integer::sum);
      cast.add(
          new Cast(
              vote.getSample(),
              vote.getJudge() + "/" + principle,
              Arrays.stream(vote.getOrder().split(",", -1)).map(Integer::valueOf).toList(),
              vote));
    }
    return cast;
  }

  /** The verdict from these samples. A judgement without votes, such as a failed one, is kept. */
  ComparisonVerdict of(BitSet samples) {
    List<List<Cast>> some =
        byPosition.stream()
            .map(all -> all.stream().filter(cast -> samples.get(cast.sample())).toList())
            .toList();
    if (some.stream().anyMatch(List::isEmpty)) {
      return whole;
    }
    return switch (judge) {
      case ModelJudge.Generative alone -> pointwise(alone.combine(), some);
      case ModelJudge.Tournament pairs ->
          ofScores(pairwise(pairs.combine(), pairs.panel(), some.getFirst()), some);
      case ModelJudge.Listwise list -> ofScores(listwise(some.getFirst()), some);
      case ModelJudge.Scalar scores -> whole;
    };
  }

  private ComparisonVerdict pointwise(JudgePanel.Combine combine, List<List<Cast>> some) {
    List<JudgementStatus> statuses = new ArrayList<>();
    List<@Nullable Double> scores = new ArrayList<>();
    for (List<Cast> votes : some) {
      List<Double> read =
          votes.stream()
              .flatMap(cast -> verdict(cast).stream())
              .filter(verdict -> verdict.getScores().size() == 1)
              .map(verdict -> verdict.getScores().getFirst())
              .toList();
      statuses.add(read.isEmpty() ? OrderReadings.status(votesOf(votes)) : JudgementStatus.SCORED);
      scores.add(read.isEmpty() ? null : (Double) ScoreVotes.score(read, combine));
    }
    return new ComparisonVerdict(order.backFrom(statuses), order.backFrom(scores));
  }

  /** The scores of the presented positions; empty without a readable vote. */
  private static List<Double> pairwise(
      JudgePanel.Combine combine, JudgePanel panel, List<Cast> votes) {
    boolean perVoter = panel.principles().size() > 1;
    Map<String, List<PairVote>> voters = new LinkedHashMap<>();
    for (Cast cast : votes) {
      pairVote(cast)
          .ifPresent(
              vote ->
                  voters
                      .computeIfAbsent(perVoter ? cast.voter() : "", voter -> new ArrayList<>())
                      .add(vote));
    }
    List<PairVote> counted =
        voters.values().stream()
            .flatMap(all -> perVoter ? List.of(PairVote.mean(all)).stream() : all.stream())
            .toList();
    if (counted.isEmpty()) {
      return List.of();
    }
    double points = PairVote.points(counted, combine);
    return List.of(points, 1 - points);
  }

  private static Optional<PairVote> pairVote(Cast cast) {
    return PairVote.of(cast.vote())
        .map(vote -> cast.order().getFirst() == 0 ? vote : vote.swapped());
  }

  /** The mean scores of the presented positions; empty without a readable vote. */
  private static List<Double> listwise(List<Cast> votes) {
    double[] sums = new double[votes.getFirst().order().size()];
    int read = 0;
    for (Cast cast : votes) {
      List<Double> scores = verdict(cast).map(Verdict::getScores).orElse(List.of());
      if (scores.size() == sums.length) {
        read++;
        for (int place = 0; place < sums.length; place++) {
          sums[cast.order().get(place)] += scores.get(place);
        }
      }
    }
    int votesRead = read;
    return read == 0 ? List.of() : Arrays.stream(sums).mapToObj(sum -> sum / votesRead).toList();
  }

  private ComparisonVerdict ofScores(List<Double> scores, List<List<Cast>> some) {
    if (scores.isEmpty()) {
      return new ComparisonVerdict(
          order.backFrom(some.stream().map(votes -> OrderReadings.status(votesOf(votes))).toList()),
          order.backFrom(
              IntStream.range(0, some.size()).<@Nullable Double>mapToObj(i -> null).toList()));
    }
    return ComparisonVerdict.scored(order.backFrom(scores));
  }

  private static Optional<Verdict> verdict(Cast cast) {
    return cast.vote().getStatus() == JudgementStatus.SCORED
        ? Optional.ofNullable(cast.vote().getVerdict())
        : Optional.empty();
  }

  private static List<Vote> votesOf(List<Cast> cast) {
    return cast.stream().map(Cast::vote).toList();
  }
}
