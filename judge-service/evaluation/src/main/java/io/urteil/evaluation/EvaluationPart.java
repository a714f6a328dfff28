package io.urteil.evaluation;

import io.urteil.evaluation.benchmark.BenchmarkItems;
import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.evaluation.measure.JudgedComparison;
import io.urteil.evaluation.report.EvaluationCase;
import io.urteil.event.Judgement;
import io.urteil.event.Namespace;
import io.urteil.order.CandidateOrder;
import io.urteil.order.CandidateOrders;
import io.urteil.reward.RewardRule;
import io.urteil.run.judge.JudgePanel.Combine;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of an evaluation that one run file describes: one judge, or all judges of a file of
 * recorded verdicts, with the presentations that they judge and their judgements.
 *
 * <p>A judge that sees no order, or presents both orders itself, judges each comparison once, and
 * its verdict holds for all orders of the evaluation.
 */
final class EvaluationPart {

  private final BenchmarkItems items;
  private final Function<Comparison, List<CandidateOrder>> ordersOf;
  private final EvaluationRunFile runFile;
  private final boolean once;
  private final List<Presentation> presentations;
  private final Map<String, List<Presentation>> presentationsOf;
  private @Nullable JudgementIndex judgements;

  /**
   * @param ordersOf the orders of the evaluation
   * @param orders their name
   * @param reward reward section of the judge's run file; null for none
   */
  EvaluationPart(
      BenchmarkItems items,
      Function<Comparison, List<CandidateOrder>> ordersOf,
      String orders,
      long seed,
      SequencedMap<String, JudgeSection> judges,
      @Nullable RewardRule reward) {
    this.items = items;
    this.ordersOf = ordersOf;
    boolean groupwise = judges.values().stream().anyMatch(JudgeSection::isGroupwise);
    boolean presentsOrders = judges.values().stream().allMatch(EvaluationPart::presentsBothOrders);
    this.once = !groupwise || presentsOrders;
    List<String> decided = new ArrayList<>(items.hashes().values());
    // The presentations of a judge that is asked once have other numbers than those of each order.
    decided.add(presentsOrders ? "once" : orders);
    decided.add(String.valueOf(seed));
    this.runFile = EvaluationRunFile.of(items.benchmark().name(), judges, reward, decided);
    this.presentations =
        items.presentations(
            once ? one -> List.of(CandidateOrder.given(one.candidates().size())) : ordersOf);
    this.presentationsOf =
        presentations.stream().collect(Collectors.groupingBy(one -> one.comparison().id()));
  }

  private static boolean presentsBothOrders(JudgeSection judge) {
    return switch (judge) {
      case ModelJudge.Tournament pairs -> pairs.orders() == CandidateOrders.BOTH;
      case ModelJudge.Listwise list -> list.orders() == CandidateOrders.BOTH;
      default -> false;
    };
  }

  EvaluationRunFile runFile() {
    return runFile;
  }

  List<Presentation> presentations() {
    return presentations;
  }

  /**
   * Judges the remaining presentations and blocks until all are judged.
   *
   * @return the number of presentations that earlier sessions judged
   */
  int judge(
      Namespace namespace,
      boolean rejudge,
      Supplier<Optional<Throwable>> failure,
      LongConsumer progress) {
    EvaluationSession session = new EvaluationSession(namespace, runFile, failure);
    int before = session.judge(presentations, rejudge, progress);
    judgements = session.index();
    return before;
  }

  /** The judgements of a presentation by presented position. */
  Map<Integer, Judgement> judgements(String judge, Presentation presentation) {
    return judged().of(judge, presentation);
  }

  /**
   * Writes every verdict of a judge as one JSON line.
   *
   * @param label the name of the judge in the lines
   */
  void writeItems(Writer out, String label, String judge) throws IOException {
    for (Presentation presentation : presentations) {
      ItemsFile.write(
          out,
          label,
          presentation,
          judgements(judge, presentation),
          ownReadings(judge, presentation));
    }
  }

  /** The texts of a judge on a comparison: those of the votes, else those of the judgements. */
  List<EvaluationCase.Response> responses(String judge, Comparison comparison) {
    List<EvaluationCase.Response> responses = new ArrayList<>();
    for (Presentation presentation : presented(comparison)) {
      responses.addAll(JudgeTexts.of(presentation, judgements(judge, presentation)));
    }
    return responses;
  }

  /** The verdicts of a judge on all comparisons, in their order. */
  List<JudgedComparison> outcomes(String judge) {
    boolean ownOrders = presentations.stream().anyMatch(one -> !ownReadings(judge, one).isEmpty());
    return items.comparisons().stream()
        .map(comparison -> outcome(judge, comparison, ownOrders))
        .toList();
  }

  private JudgedComparison outcome(String judge, Comparison comparison, boolean ownOrders) {
    List<Presentation> presented = presented(comparison);
    SequencedMap<CandidateOrder, ComparisonVerdict> rulings = new LinkedHashMap<>();
    for (Presentation presentation : presented) {
      ComparisonVerdict verdict =
          ComparisonVerdictReader.read(presentation.order(), judgements(judge, presentation));
      List<CandidateOrder> orders =
          once ? ordersOf.apply(comparison) : List.of(presentation.order());
      orders.forEach(order -> rulings.put(order, verdict));
    }
    if (!ownOrders) {
      return new JudgedComparison(comparison, rulings);
    }
    SequencedMap<CandidateOrder, ComparisonVerdict> readings =
        new LinkedHashMap<>(ownReadings(judge, presented.getFirst()));
    if (readings.isEmpty()) {
      // A comparison without votes, such as a failed one, has the same result in both orders.
      int candidates = comparison.candidates().size();
      ComparisonVerdict verdict = rulings.firstEntry().getValue();
      readings.put(CandidateOrder.given(candidates), verdict);
      readings.put(CandidateOrder.reversed(candidates), verdict);
    }
    return new JudgedComparison(comparison, rulings, readings);
  }

  /**
   * What the judge read in each order that it presented itself; empty if it did not, or if the
   * evaluation presents several orders of the comparison to it.
   */
  private SequencedMap<CandidateOrder, ComparisonVerdict> ownReadings(
      String judge, Presentation presentation) {
    return presented(presentation.comparison()).size() > 1
        ? new LinkedHashMap<>()
        : OrderReadings.of(presentation.order(), judgements(judge, presentation), combine(judge));
  }

  private List<Presentation> presented(Comparison comparison) {
    return presentationsOf.getOrDefault(comparison.id(), List.of());
  }

  private Combine combine(String judge) {
    return runFile.file().judges().get(judge) instanceof ModelJudge.Tournament pairs
        ? pairs.combine()
        : Combine.MEAN;
  }

  private JudgementIndex judged() {
    return Objects.requireNonNull(judgements, "no judgements (expected: a call of judge() first)");
  }
}
