package io.urteil.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Vote;
import io.urteil.order.CandidateOrder;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes every verdict as one JSON line, with the judge's text. The option {@code
 * --recorded-verdicts} reads these lines, so that an evaluation can be recomputed without the
 * judge.
 */
final class ItemsFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ItemsFile() {}

  /**
   * Writes a line.
   *
   * @param readings what a judge that presents several orders itself read in each; empty for others
   */
  static void write(
      Writer out,
      String judge,
      Presentation presentation,
      Map<Integer, Judgement> byPosition,
      SequencedMap<CandidateOrder, ComparisonVerdict> readings)
      throws IOException {
    out.write(line(judge, presentation, byPosition, readings));
    out.write('\n');
  }

  private static String line(
      String judge,
      Presentation presentation,
      Map<Integer, Judgement> byPosition,
      SequencedMap<CandidateOrder, ComparisonVerdict> readings) {
    Comparison comparison = presentation.comparison();
    ComparisonVerdict verdict = ComparisonVerdictReader.read(presentation.order(), byPosition);
    SortedMap<Integer, Judgement> sorted = new TreeMap<>(byPosition);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", comparison.id());
    line.put("order", presentation.order().name());
    line.put("judge", judge);
    line.put("source", comparison.source());
    if (verdict.status() == JudgementStatus.SCORED) {
      line.put("scores", presentation.order().applyTo(verdict.scores()));
    } else {
      line.put("verdict", label(verdict));
    }
    if (!readings.isEmpty()) {
      Map<String, Object> byOrder = new LinkedHashMap<>();
      readings.forEach(
          (order, read) ->
              byOrder.put(
                  order.name(),
                  read.status() == JudgementStatus.SCORED
                      ? order.applyTo(read.scores())
                      : label(read)));
      line.put("readings", byOrder);
    }
    line.put(
        "gold",
        switch (comparison.gold()) {
          case Comparison.Gold.Better(var preference) -> preference.spelling();
          case Comparison.Gold.Right(List<Boolean> right) -> right;
        });
    line.put("top", verdict.top());
    List<String> texts =
        sorted.values().stream()
            .map(Judgement::getText)
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    if (!texts.isEmpty()) {
      line.put("text", String.join("\n", texts));
    }
    List<String> errors =
        sorted.values().stream()
            .map(Judgement::getError)
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    if (!errors.isEmpty()) {
      line.put("errors", errors);
    }
    List<Map<String, Object>> votes = votes(sorted);
    if (!votes.isEmpty()) {
      line.put("votes", votes);
    }
    line.put("promptTokens", sorted.values().stream().mapToInt(Judgement::getPromptTokens).sum());
    line.put(
        "completionTokens",
        sorted.values().stream().mapToInt(Judgement::getCompletionTokens).sum());
    line.put("contentHashes", sorted.values().stream().map(Judgement::getContentHash).toList());
    line.put(
        "judgeVersion", sorted.isEmpty() ? "" : sorted.firstEntry().getValue().getJudgeVersion());
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot encode a verdict as JSON", e);
    }
  }

  private static String label(ComparisonVerdict verdict) {
    return verdict.status().name().toLowerCase(Locale.ROOT);
  }

  /** The votes that have a text. */
  private static List<Map<String, Object>> votes(Map<Integer, Judgement> byPosition) {
    List<Map<String, Object>> votes = new ArrayList<>();
    for (Judgement judgement : byPosition.values()) {
      for (Vote vote : judgement.getVotes()) {
        if (vote.getText() != null) {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("order", vote.getOrder());
          one.put("sample", vote.getSample());
          one.put("status", vote.getStatus().name());
          one.put("text", vote.getText());
          votes.add(one);
        }
      }
    }
    return votes;
  }
}
