package io.urteil.evaluation.measure;

import io.urteil.prompt.Preference;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Precision, recall and F1, averaged over the classes of the labels (A, B, tie); precision is 0 for
 * a class that is never predicted. The verdict on each order of a pair is one prediction, converted
 * to the order of the benchmark.
 */
public record MacroScores(double precision, double recall, double f1) {

  public static MacroScores of(List<JudgedComparison> pairs, Measure measure) {
    boolean unreadableIsTie =
        measure instanceof PairMeasure pairMeasure
            && pairMeasure.by() == PairMeasure.By.THREE_CLASSES;
    Map<Preference, Integer> labelled = new EnumMap<>(Preference.class);
    Map<Preference, Integer> predicted = new EnumMap<>(Preference.class);
    Map<Preference, Integer> both = new EnumMap<>(Preference.class);
    for (JudgedComparison outcome : pairs) {
      Preference label = outcome.comparison().better();
      for (ComparisonVerdict verdict : outcome.all()) {
        labelled.merge(label, 1, Integer::sum);
        Optional<Preference> preference = verdict.preference();
        if (preference.isEmpty() && unreadableIsTie) {
          preference = Optional.of(Preference.TIE);
        }
        if (preference.isPresent()) {
          predicted.merge(preference.get(), 1, Integer::sum);
          both.merge(label, preference.get() == label ? 1 : 0, Integer::sum);
        }
      }
    }
    int classes = labelled.size();
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    for (Map.Entry<Preference, Integer> label : labelled.entrySet()) {
      int right = both.getOrDefault(label.getKey(), 0);
      int preference = predicted.getOrDefault(label.getKey(), 0);
      precision += ratio(right, preference) / classes;
      recall += ratio(right, label.getValue()) / classes;
      f1 += ratio(2.0 * right, preference + label.getValue()) / classes;
    }
    return new MacroScores(precision, recall, f1);
  }

  private static double ratio(double part, int whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
