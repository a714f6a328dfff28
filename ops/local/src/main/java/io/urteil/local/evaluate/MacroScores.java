package io.urteil.local.evaluate;

import io.urteil.prompt.Preference;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Precision, recall and F1, each computed for every class that labels have (A, B, tie) and averaged
 * over them; 0 where a class is never predicted. Every order of a pair counts as a prediction, in
 * the benchmark's own order.
 */
record MacroScores(double precision, double recall, double f1) {

  static MacroScores of(List<Outcome> pairs, Measure measure) {
    boolean unreadableIsTie =
        measure instanceof PairMeasure pairMeasure
            && pairMeasure.by() == PairMeasure.By.THREE_CLASSES;
    int classes = Preference.values().length;
    int[] labelled = new int[classes];
    int[] predicted = new int[classes];
    int[] both = new int[classes];
    for (Outcome outcome : pairs) {
      int label = outcome.comparison().better().ordinal();
      for (Ruling ruling : outcome.all()) {
        labelled[label]++;
        Optional<Preference> said = ruling.preference();
        if (said.isEmpty() && unreadableIsTie) {
          said = Optional.of(Preference.TIE);
        }
        if (said.isPresent()) {
          predicted[said.get().ordinal()]++;
          both[label] += said.get().ordinal() == label ? 1 : 0;
        }
      }
    }
    Set<Preference> present = EnumSet.noneOf(Preference.class);
    for (Preference preference : Preference.values()) {
      if (labelled[preference.ordinal()] > 0) {
        present.add(preference);
      }
    }
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    for (Preference preference : present) {
      int i = preference.ordinal();
      precision += ratio(both[i], predicted[i]) / present.size();
      recall += ratio(both[i], labelled[i]) / present.size();
      f1 += ratio(2.0 * both[i], predicted[i] + labelled[i]) / present.size();
    }
    return new MacroScores(precision, recall, f1);
  }

  private static double ratio(double part, int whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
