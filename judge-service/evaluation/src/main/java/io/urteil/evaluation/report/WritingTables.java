package io.urteil.evaluation.report;

import io.urteil.evaluation.measure.AccuracyByVotes;
import io.urteil.evaluation.measure.EvaluationResult;
import io.urteil.evaluation.measure.ResponseLengths;
import io.urteil.evaluation.measure.ResponseLengths.Lengths;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The tables about the texts and votes of judges that write. Pure. */
final class WritingTables {

  private WritingTables() {}

  /** The tables of the judges that have such figures. */
  static List<MarkdownTable> of(SequencedMap<String, EvaluationResult> judges) {
    List<MarkdownTable> tables = new ArrayList<>();
    judges.forEach(
        (judge, figures) -> {
          if (!figures.accuracyByVotes().isEmpty()) {
            tables.add(votes(judge, figures.accuracyByVotes()));
          }
        });
    if (judges.values().stream().anyMatch(figures -> figures.lengths() != null)) {
      tables.add(lengths(judges));
    }
    return tables;
  }

  private static MarkdownTable votes(String judge, List<AccuracyByVotes> points) {
    MarkdownTable table =
        new MarkdownTable(List.of(judge + " by votes", "accuracy", "95 %", "subsets"));
    for (AccuracyByVotes point : points) {
      table.row(
          List.of(
              String.valueOf(point.votes()),
              MarkdownTable.percent(point.accuracy()),
              MarkdownTable.percent(point.interval()),
              String.valueOf(point.subsets())));
    }
    return table;
  }

  private static MarkdownTable lengths(SequencedMap<String, EvaluationResult> judges) {
    MarkdownTable table =
        new MarkdownTable(
            List.of(
                "texts",
                "number",
                "tokens, mean",
                "median",
                "90 %",
                "characters of thought, mean",
                "median",
                "90 %"));
    for (Map.Entry<String, EvaluationResult> judge : judges.entrySet()) {
      ResponseLengths lengths = judge.getValue().lengths();
      if (lengths != null) {
        row(table, judge.getKey(), lengths.all());
        row(table, judge.getKey() + ", right", lengths.right());
        row(table, judge.getKey() + ", wrong", lengths.wrong());
      }
    }
    return table;
  }

  private static void row(MarkdownTable table, String name, @Nullable Lengths lengths) {
    if (lengths == null) {
      return;
    }
    List<String> row = new ArrayList<>(List.of(name, String.valueOf(lengths.responses())));
    row.add(number(lengths.tokensMean()));
    row.add(number(lengths.tokensMedian()));
    row.add(number(lengths.tokensP90()));
    row.add(number(lengths.thoughtCharactersMean()));
    row.add(number(lengths.thoughtCharactersMedian()));
    row.add(number(lengths.thoughtCharactersP90()));
    table.row(row);
  }

  private static String number(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.1f", value);
  }
}
