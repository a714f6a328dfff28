package io.urteil.evaluation.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.event.JudgementStatus;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recorded verdicts by judge. Reads the formats of the benchmarks' authors: PandaLM's results,
 * JudgeBench's verdicts in both orders, and the reward model's scores of the MATH samples; and the
 * format that {@code urteil evaluate} writes:
 *
 * <pre>{"id": "17", "order": "BA", "judge": "mine", "verdict": "A"}</pre>
 *
 * where A is the candidate presented first, {@code order} defaults to AB, and {@code scores} by
 * presented position may replace {@code verdict}. {@code verdict} is A, B, tie, unparseable,
 * abstained, failed or timed_out. {@code readings} holds, by order, the scores or the status that a
 * judge read which presented several orders itself.
 *
 * @param byJudge the verdicts of each judge, in the order of the file
 */
public record RecordedVerdicts(SequencedMap<String, List<Verdict>> byJudge) {

  private static final Set<String> WITHOUT_SCORES =
      Set.of("unparseable", "abstained", "failed", "timed_out");

  /**
   * One verdict.
   *
   * @param order name of the presented order
   * @param scores scores by presented position; empty unless the status is SCORED
   * @param text the recorded text of the judge; null without one
   * @param readings what the judge read in each order that it presented itself; empty for others
   */
  public record Verdict(
      String judge,
      String id,
      String order,
      JudgementStatus status,
      List<Double> scores,
      @Nullable String text,
      SequencedMap<String, Reading> readings) {

    public Verdict {
      scores = List.copyOf(scores);
      readings = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(readings));
    }

    Verdict(
        String judge,
        String id,
        String order,
        JudgementStatus status,
        List<Double> scores,
        @Nullable String text) {
      this(judge, id, order, status, scores, text, new LinkedHashMap<>());
    }

    private Verdict withReadings(SequencedMap<String, Reading> other) {
      return new Verdict(judge, id, order, status, scores, text, other);
    }
  }

  /**
   * What a judge read in one order.
   *
   * @param scores in the order shown; empty unless the status is SCORED
   */
  public record Reading(JudgementStatus status, List<Double> scores) {
    public Reading {
      scores = List.copyOf(scores);
    }
  }

  /**
   * Reads a file of verdicts.
   *
   * @param ids comparisons of the benchmark; verdicts on others are skipped, because a file may
   *     cover several benchmarks
   * @throws IllegalArgumentException naming every invalid row, or if no verdict is on a comparison
   *     of the benchmark
   */
  public static RecordedVerdicts read(DataFile file, Collection<String> ids) throws IOException {
    Set<String> wanted = Set.copyOf(ids);
    SequencedMap<String, List<Verdict>> byJudge = new LinkedHashMap<>();
    for (Verdict verdict : DataRows.read(List.of(file), RecordedVerdicts::verdicts)) {
      if (wanted.contains(verdict.id())) {
        byJudge.computeIfAbsent(verdict.judge(), judge -> new ArrayList<>()).add(verdict);
      }
    }
    if (byJudge.isEmpty()) {
      throw new IllegalArgumentException(
          "--recorded-verdicts: %s has no verdict on any of the %d comparisons (expected: verdicts with their ids)"
              .formatted(file.name(), wanted.size()));
    }
    return new RecordedVerdicts(byJudge);
  }

  /**
   * All verdicts of one judge.
   *
   * @throws IllegalArgumentException naming every invalid row, or if the judge has no verdict
   */
  static List<Verdict> of(DataFile file, String judge) throws IOException {
    List<Verdict> verdicts =
        DataRows.read(List.of(file), RecordedVerdicts::verdicts).stream()
            .filter(verdict -> verdict.judge().equals(judge))
            .toList();
    if (verdicts.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no verdict of '%s' (expected: at least one)".formatted(file.name(), judge));
    }
    return verdicts;
  }

  /**
   * The verdicts of these judges, in their order.
   *
   * @throws IllegalArgumentException if the file has no verdict of a judge, or it is named twice
   */
  public RecordedVerdicts of(List<String> judges) {
    SequencedMap<String, List<Verdict>> chosen = new LinkedHashMap<>();
    for (String judge : judges) {
      List<Verdict> verdicts = byJudge.get(judge);
      if (verdicts == null) {
        throw new IllegalArgumentException(
            "--judge: '%s' (expected: one of %s)"
                .formatted(judge, String.join(", ", byJudge.keySet())));
      }
      if (chosen.put(judge, verdicts) != null) {
        throw new IllegalArgumentException(
            "--judge: '%s' twice (expected: each judge once)".formatted(judge));
      }
    }
    return new RecordedVerdicts(chosen);
  }

  /** The recorded orders of each comparison, by its id. */
  public Map<String, SequencedSet<CandidateOrder>> orders() {
    Map<String, SequencedSet<CandidateOrder>> orders = new HashMap<>();
    for (List<Verdict> verdicts : byJudge.values()) {
      for (Verdict verdict : verdicts) {
        orders
            .computeIfAbsent(verdict.id(), id -> new LinkedHashSet<>())
            .add(CandidateOrder.named(verdict.order()));
      }
    }
    return orders;
  }

  private static List<Verdict> verdicts(DataRow row) {
    if (row.has("decision_ab") || row.has("decision_ba")) {
      return judgeBench(row);
    }
    for (Map.Entry<String, JsonNode> field : row.node().properties()) {
      if (field.getKey().endsWith("_result")) {
        return List.of(pandaLm(row, field.getKey()));
      }
    }
    if (row.has("pred_score")) {
      List<Double> scores = row.numbers("pred_score", 2);
      return List.of(
          scored(
              row.file().stem(),
              row.name("idx"),
              CandidateOrder.given(scores.size()),
              scores,
              null));
    }
    return List.of(urteilFormat(row).withReadings(readings(row)));
  }

  private static SequencedMap<String, Reading> readings(DataRow row) {
    SequencedMap<String, Reading> readings = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> reading : row.node().path("readings").properties()) {
      JsonNode value = reading.getValue();
      int candidates = named(row, reading.getKey()).shown().size();
      if (value.isTextual() && WITHOUT_SCORES.contains(value.asText())) {
        readings.put(reading.getKey(), new Reading(status(value.asText()), List.of()));
        continue;
      }
      List<Double> scores = new ArrayList<>();
      value.forEach(score -> scores.add(score.isNumber() ? score.asDouble() : Double.NaN));
      if (scores.size() != candidates || scores.contains(Double.NaN)) {
        throw row.invalid(
            "readings.%s: %s (expected: %d scores, unparseable, abstained, failed or timed_out)"
                .formatted(reading.getKey(), value, candidates));
      }
      readings.put(reading.getKey(), new Reading(JudgementStatus.SCORED, scores));
    }
    return readings;
  }

  /**
   * A result is "1", "2", "Tie", 0, 1 or 2. Other values are unreadable verdicts, as in the
   * benchmark itself.
   */
  private static Verdict pandaLm(DataRow row, String key) {
    String judge = row.file().stem().replaceFirst("-testset-v1$", "");
    String id = row.name("idx");
    String text = row.text(key.replace("_result", "_reason"), "");
    String verdict = row.name(key).toLowerCase(Locale.ROOT);
    Preference preference =
        switch (verdict) {
          case "1" -> Preference.A;
          case "2" -> Preference.B;
          case "0", "tie" -> Preference.TIE;
          default -> null;
        };
    return preference == null
        ? new Verdict(judge, id, "AB", JudgementStatus.UNPARSEABLE, List.of(), text)
        : scored(judge, id, CandidateOrder.given(2), scores(preference), text);
  }

  private static List<Verdict> judgeBench(DataRow row) {
    // The recorded names of reward models start with the organisation.
    String judge = row.text("judge_model");
    if (row.text("judge_name", "").equals("reward_model")) {
      judge = judge.replaceFirst("^[^_]*_", "");
    }
    return List.of(
        judgeBench(row, judge, "decision_ab", CandidateOrder.given(2)),
        judgeBench(row, judge, "decision_ba", CandidateOrder.reversed(2)));
  }

  private static Verdict judgeBench(DataRow row, String judge, String key, CandidateOrder order) {
    String id = row.text("pair_id");
    if (row.node().path(key).isNull()) {
      return new Verdict(judge, id, order.name(), JudgementStatus.UNPARSEABLE, List.of(), null);
    }
    Preference preference =
        switch (row.text(key)) {
          case "A>B" -> Preference.A;
          case "B>A" -> Preference.B;
          case "A=B" -> Preference.TIE;
          default ->
              throw row.invalid(
                  "%s: '%s' (expected: A>B, B>A, A=B or null)".formatted(key, row.text(key)));
        };
    return scored(judge, id, order, scores(preference), null);
  }

  private static Verdict urteilFormat(DataRow row) {
    String judge = row.text("judge", row.file().stem());
    String id = row.name("id");
    String text = row.has("text") ? row.text("text") : null;
    if (row.has("scores")) {
      List<Double> scores = row.numbers("scores", 2);
      return scored(judge, id, order(row, scores.size()), scores, text);
    }
    String verdict = row.text("verdict");
    if (WITHOUT_SCORES.contains(verdict)) {
      return new Verdict(judge, id, order(row).name(), status(verdict), List.of(), text);
    }
    Optional<Preference> preference = Preference.named(verdict);
    if (preference.isPresent()) {
      return scored(judge, id, order(row, 2), scores(preference.get()), text);
    }
    throw row.invalid(
        "verdict: '%s' (expected: A, B, tie, unparseable, abstained, failed or timed_out)"
            .formatted(verdict));
  }

  private static JudgementStatus status(String verdict) {
    return JudgementStatus.valueOf(verdict.toUpperCase(Locale.ROOT));
  }

  private static CandidateOrder order(DataRow row) {
    return named(row, row.text("order", "AB"));
  }

  private static CandidateOrder named(DataRow row, String name) {
    try {
      return CandidateOrder.named(name);
    } catch (IllegalArgumentException e) {
      throw row.invalid(Objects.requireNonNull(e.getMessage()));
    }
  }

  private static CandidateOrder order(DataRow row, int candidates) {
    CandidateOrder order = row.has("order") ? order(row) : CandidateOrder.given(candidates);
    if (order.shown().size() != candidates) {
      throw row.invalid(
          "order: '%s' (expected: an order of %d candidates)".formatted(order, candidates));
    }
    return order;
  }

  private static Verdict scored(
      String judge, String id, CandidateOrder order, List<Double> scores, @Nullable String text) {
    return new Verdict(judge, id, order.name(), JudgementStatus.SCORED, scores, text);
  }

  private static List<Double> scores(Preference preference) {
    return ComparisonVerdict.of(preference).scores().stream().map(Objects::requireNonNull).toList();
  }
}
