package io.urteil.evaluation.benchmark;

import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.PairMeasure;
import io.urteil.order.CandidateOrders;
import io.urteil.prompt.Preference;
import java.util.List;

/** A benchmark of true and false statements; the example of extend/benchmark.md. */
final class FactPairs {

  static final Benchmark BENCHMARK =
      new Benchmark(
          "fact-pairs",
          "a true and a false answer to each question (needs --data)",
          List.of(),
          CandidateOrders.BOTH,
          FactPairs::comparisons,
          comparisons -> new PairMeasure(PairMeasure.By.DECISIVE, false));

  private FactPairs() {}

  static List<Comparison> comparisons(DataRow row) {
    return List.of(
        Comparison.pair(
            row.uniqueId(row.name("id")),
            row.text("question"),
            row.text("true"),
            row.text("false"),
            Preference.A,
            row.text("topic", "all")));
  }
}
