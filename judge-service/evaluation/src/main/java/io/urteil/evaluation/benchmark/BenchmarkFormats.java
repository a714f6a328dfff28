package io.urteil.evaluation.benchmark;

import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.Comparison.Candidate;
import io.urteil.evaluation.measure.Comparison.Gold;
import io.urteil.evaluation.measure.MatrixMeasure;
import io.urteil.evaluation.measure.RewardBench2Measure;
import io.urteil.evaluation.measure.RewardBenchMeasure;
import io.urteil.pair.AnswerPair;
import io.urteil.pair.PairFormatException;
import io.urteil.pair.PairRows;
import io.urteil.prompt.Preference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Converts rows of the benchmarks' files to comparisons, in the formats of their authors;
 * ops/data/README.md lists the sources.
 */
final class BenchmarkFormats {

  /** Column with a reference answer, for judges that use one. */
  static final String REFERENCE = "reference";

  private BenchmarkFormats() {}

  /** PandaLM's test set v1: the label is the majority of three annotators. */
  static List<Comparison> pandaLm(DataRow row) {
    Map<Integer, Integer> votes = new TreeMap<>();
    for (String annotator : List.of("annotator1", "annotator2", "annotator3")) {
      votes.merge(row.integer(annotator, 0, 2), 1, Integer::sum);
    }
    Map.Entry<Integer, Integer> majority =
        votes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
    if (majority.getValue() < 2) {
      throw row.invalid("annotators: three labels (expected: a majority of two or three)");
    }
    String input = row.text("input");
    return List.of(
        Comparison.pair(
            row.uniqueId(row.name("idx")),
            input.isBlank() ? row.text("instruction") : row.text("instruction") + "\n\n" + input,
            row.textOrBoolean("response1"),
            row.textOrBoolean("response2"),
            preference(majority.getKey()),
            row.text("motivation_app")));
  }

  /** PandaLM's numbering of verdicts. */
  static Preference preference(int label) {
    return switch (label) {
      case 1 -> Preference.A;
      case 2 -> Preference.B;
      default -> Preference.TIE;
    };
  }

  /** JudgeBench: the label names the objectively correct response. */
  static List<Comparison> judgeBench(DataRow row) {
    return List.of(
        Comparison.pair(
            row.uniqueId(row.text("pair_id")),
            row.text("question"),
            row.text("response_A"),
            row.text("response_B"),
            switch (row.text("label")) {
              case "A>B" -> Preference.A;
              case "B>A" -> Preference.B;
              default ->
                  throw row.invalid(
                      "label: '%s' (expected: A>B or B>A)".formatted(row.text("label")));
            },
            judgeBenchCategory(row)));
  }

  private static String judgeBenchCategory(DataRow row) {
    String source = row.text("source");
    if (source.startsWith("mmlu-pro")) {
      return "knowledge";
    }
    return switch (source) {
      case "livebench-reasoning" -> "reasoning";
      case "livebench-math" -> "math";
      case "livecodebench" -> "coding";
      default -> source;
    };
  }

  /** RM-Bench: three chosen and three rejected responses, nine pairs per item. */
  static List<Comparison> rmBench(DataRow row) {
    String domain = row.text("domain", row.file().stem().replaceFirst("_.*", ""));
    String item = row.uniqueId(domain + "/" + row.name("id"));
    List<String> chosen = row.texts("chosen", 3);
    List<String> rejected = row.texts("rejected", 3);
    if (chosen.size() != 3 || rejected.size() != 3) {
      throw row.invalid(
          "%d chosen, %d rejected (expected: 3 of each)".formatted(chosen.size(), rejected.size()));
    }
    List<Comparison> pairs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        pairs.add(
            new Comparison(
                "%s/%d-%d".formatted(item, i, j),
                item,
                row.text("prompt"),
                List.of(Candidate.of(chosen.get(i)), Candidate.of(rejected.get(j))),
                new Gold.Better(Preference.A),
                domain,
                Map.of(
                    MatrixMeasure.DOMAIN, domain,
                    MatrixMeasure.CHOSEN, String.valueOf(i),
                    MatrixMeasure.REJECTED, String.valueOf(j))));
      }
    }
    return pairs;
  }

  /** The pairs of LLMBar's processed sets: MT-bench, FairEval, LLMEval^2. */
  static List<Comparison> llmBar(DataRow row) {
    return List.of(
        Comparison.pair(
            String.valueOf(row.number()),
            row.text("input"),
            row.text("output_1"),
            row.text("output_2"),
            row.integer("label", 1, 2) == 1 ? Preference.A : Preference.B,
            "all"));
  }

  /** HHH alignment: two grading prompts per row, which contain question and response. */
  static List<Comparison> hhh(DataRow row) {
    String[] chosen = questionAndResponse(row, "chosen_instruction");
    String[] rejected = questionAndResponse(row, "rejected_instruction");
    if (!chosen[0].equals(rejected[0])) {
      throw row.invalid("two questions (expected: the same for chosen and rejected)");
    }
    return List.of(
        Comparison.pair(
            String.valueOf(row.number()),
            chosen[0],
            chosen[1],
            rejected[1],
            Preference.A,
            row.text("source")));
  }

  private static String[] questionAndResponse(DataRow row, String key) {
    String text = row.text(key);
    String[] marks = {
      "###The instruction to evaluate:", "###Response to evaluate:", "###Score Rubrics:"
    };
    int question = text.indexOf(marks[0]);
    int response = text.indexOf(marks[1], question);
    int rubrics = text.indexOf(marks[2], response);
    if (question < 0 || response < 0 || rubrics < 0) {
      throw row.invalid(
          "%s: %s (expected: a text with %s)"
              .formatted(key, DataRow.shown(row.node().path(key)), String.join(", ", marks)));
    }
    return new String[] {
      text.substring(question + marks[0].length(), response).strip(),
      text.substring(response + marks[1].length(), rubrics).strip()
    };
  }

  /** Sampled solutions of MATH problems with extracted answers and grades. */
  static List<Comparison> mathBestOf(DataRow row) {
    List<String> texts = row.texts("code", 2);
    List<String> answers = row.texts("pred", 2);
    List<Boolean> right = row.flags("score", 2);
    if (texts.size() != answers.size() || texts.size() != right.size()) {
      throw row.invalid(
          "%d code, %d pred, %d score (expected: one of each per candidate)"
              .formatted(texts.size(), answers.size(), right.size()));
    }
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      candidates.add(new Candidate(texts.get(i), answers.get(i)));
    }
    String id = row.uniqueId(row.name("idx"));
    return List.of(
        new Comparison(
            id,
            id,
            row.text("question"),
            candidates,
            new Gold.Right(right),
            row.text("level", "all"),
            Map.of(REFERENCE, row.text("gt"))));
  }

  /** GSM8K's recorded model solutions: one candidate per model. */
  static List<Comparison> gsm8k(DataRow row) {
    List<Candidate> candidates = new ArrayList<>();
    List<Boolean> right = new ArrayList<>();
    row.node().properties().stream()
        .filter(field -> field.getValue().has("solution"))
        .sorted(Comparator.comparing(Map.Entry::getKey))
        .forEach(
            field -> {
              String text = field.getValue().path("solution").asText();
              candidates.add(new Candidate(text, gsm8kAnswer(text)));
              right.add(field.getValue().path("is_correct").asBoolean());
            });
    if (candidates.size() < 2) {
      throw row.invalid(
          "%d solutions (expected: at least two objects {solution, is_correct})"
              .formatted(candidates.size()));
    }
    String reference = gsm8kAnswer(row.text("ground_truth"));
    if (reference == null) {
      throw row.invalid("ground_truth: no 'A:' (expected: the final answer after it)");
    }
    String id = String.valueOf(row.number());
    return List.of(
        new Comparison(
            id,
            id,
            row.text("question"),
            candidates,
            new Gold.Right(right),
            "all",
            Map.of(REFERENCE, reference)));
  }

  /** The text after the last {@code A:}; null if the text is truncated before it. */
  private static @Nullable String gsm8kAnswer(String text) {
    int mark = text.lastIndexOf("A:");
    return mark < 0 ? null : text.substring(mark + 2).strip();
  }

  /** RewardBench 1: {@code {"id", "prompt", "chosen", "rejected", "subset"}}. */
  static List<Comparison> rewardBench(DataRow row) {
    String subset = row.text("subset");
    if (RewardBenchMeasure.SUBSETS_OF.values().stream().noneMatch(all -> all.contains(subset))) {
      throw row.invalid(
          "subset: '%s' (expected: one of %s)"
              .formatted(subset, RewardBenchMeasure.SUBSETS_OF.values()));
    }
    return List.of(
        Comparison.pair(
            row.uniqueId(subset + "/" + row.name("id")),
            row.text("prompt"),
            row.text("chosen"),
            row.text("rejected"),
            Preference.A,
            subset));
  }

  /** RewardBench 2: {@code {"id", "prompt", "chosen": [], "rejected": [], "subset"}}. */
  static List<Comparison> rewardBench2(DataRow row) {
    String subset = row.text("subset");
    String id = row.uniqueId(row.name("id"));
    if (subset.equals(RewardBench2Measure.TIES) && !id.matches("(ref|tied):.+")) {
      throw row.invalid("id: '%s' (expected: ref:N or tied:N in the subset Ties)".formatted(id));
    }
    List<Candidate> candidates = new ArrayList<>();
    List<Boolean> right = new ArrayList<>();
    for (String text : row.texts("chosen", 1)) {
      candidates.add(Candidate.of(text));
      right.add(true);
    }
    for (String text : row.texts("rejected", 1)) {
      candidates.add(Candidate.of(text));
      right.add(false);
    }
    return List.of(
        new Comparison(
            id, id, row.text("prompt"), candidates, new Gold.Right(right), subset, Map.of()));
  }

  /** Pairs of the user, in every format of {@link PairRows}. */
  static List<Comparison> pairs(DataRow row) {
    List<AnswerPair> pairs;
    try {
      pairs = row.rows().pairs().read(row.node());
    } catch (PairFormatException e) {
      throw row.invalid(String.valueOf(e.getMessage()));
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (AnswerPair pair : pairs) {
      String place = row.where().replaceFirst(".* ", "");
      String unnamed = pairs.size() == 1 ? place : place + "/" + comparisons.size();
      comparisons.add(comparison(row.uniqueId(pair.id() == null ? unnamed : pair.id()), pair));
    }
    return comparisons;
  }

  private static Comparison comparison(String id, AnswerPair pair) {
    return new Comparison(
        id,
        id,
        pair.question(),
        pair.answers().stream().map(Candidate::of).toList(),
        new Gold.Better(pair.better()),
        pair.source() == null ? "all" : pair.source(),
        pair.reference() == null ? Map.of() : Map.of(REFERENCE, pair.reference()));
  }
}
