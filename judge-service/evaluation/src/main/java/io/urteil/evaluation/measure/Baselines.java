package io.urteil.evaluation.measure;

import java.util.ArrayList;
import java.util.List;

/** Baseline judges, which use nothing but length or position. */
final class Baselines {

  private Baselines() {}

  /** Prefers the candidate with more characters (Unicode code points); equal lengths tie. */
  static ComparisonVerdict longer(Comparison comparison) {
    return ComparisonVerdict.scored(
        comparison.candidates().stream().map(candidate -> (double) length(candidate)).toList());
  }

  /** Prefers the candidate that the benchmark lists first. */
  static ComparisonVerdict first(Comparison comparison) {
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < comparison.candidates().size(); i++) {
      scores.add(i == 0 ? 1.0 : 0.0);
    }
    return ComparisonVerdict.scored(scores);
  }

  static int length(Comparison.Candidate candidate) {
    return candidate.text().codePointCount(0, candidate.text().length());
  }
}
