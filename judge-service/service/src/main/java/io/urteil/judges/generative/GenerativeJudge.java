package io.urteil.judges.generative;

import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.ParsedVerdict.Pointwise;
import io.urteil.run.judge.JudgePanel.Combine;
import io.urteil.run.judge.ModelJudge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows a rollout to a panel and reads the verdict.
 *
 * <ul>
 *   <li>{@code mean}: the mean score of all votes that could be read; its label is the one that
 *       most votes have.
 *   <li>{@code majority}: the score that most votes gave, or the mean of those given equally often.
 * </ul>
 */
public final class GenerativeJudge implements PointwiseJudge {

  private final Panel panel;
  private final Combine combine;
  private final Duration timeLimit;

  /**
   * @throws IllegalArgumentException when a prompt does not fit
   */
  public GenerativeJudge(List<PanelMember> panelists, ModelJudge.Generative settings) {
    this.panel = new Panel(panelists, settings.panel(), JudgeMode.POINTWISE);
    this.combine = settings.combine();
    this.timeLimit = settings.timeLimit();
  }

  @Override
  public String version() {
    return "generative/1 %s %s"
        .formatted(combine.name().toLowerCase(java.util.Locale.ROOT), panel.spelling());
  }

  @Override
  public String promptHash() {
    return panel.promptHash();
  }

  @Override
  public Optional<Duration> timeLimit() {
    return Optional.of(timeLimit);
  }

  @Override
  public Finding judge(Rollout rollout) throws Exception {
    List<PanelVote> casts =
        panel.ask(CandidateAnswers.of(rollout), List.of(new CandidatePresentation(List.of(0), 0)));
    Evidence evidence = PanelVotes.evidence(casts, 0, 0);
    List<Pointwise> read = new ArrayList<>();
    for (PanelVote cast : casts) {
      if (cast.read().orElse(null) instanceof Pointwise pointwise) {
        read.add(pointwise);
      }
    }
    if (read.isEmpty()) {
      return PanelVotes.unread(casts, 0, evidence);
    }
    Verdict verdict =
        Verdict.newBuilder()
            .setScores(List.of(score(read)))
            .setLabel(label(read))
            .setProbabilities(probabilities(casts))
            .build();
    return new Finding.Scored(
        verdict, casts.size() == 1 ? casts.getFirst().vote().getText() : null, evidence);
  }

  private double score(List<Pointwise> read) {
    if (combine == Combine.MEAN) {
      return read.stream().mapToDouble(Pointwise::score).average().orElseThrow();
    }
    Map<Double, Integer> counts = new LinkedHashMap<>();
    read.forEach(vote -> counts.merge(vote.score(), 1, Integer::sum));
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() == most)
        .mapToDouble(Map.Entry::getKey)
        .average()
        .orElseThrow();
  }

  /** The word that most votes have; null when they have none or two equally often. */
  private static @Nullable String label(List<Pointwise> read) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Pointwise vote : read) {
      if (vote.label() != null) {
        counts.merge(vote.label(), 1, Integer::sum);
      }
    }
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<String> labels =
        counts.entrySet().stream()
            .filter(entry -> entry.getValue() == most)
            .map(Map.Entry::getKey)
            .toList();
    return labels.size() == 1 ? labels.getFirst() : null;
  }

  /** Mean probabilities of the choices, where the verdict is read from them. */
  private static List<Double> probabilities(List<PanelVote> casts) {
    List<List<Double>> all =
        casts.stream()
            .map(cast -> cast.vote().getVerdict())
            .filter(verdict -> verdict != null && !verdict.getProbabilities().isEmpty())
            .map(Verdict::getProbabilities)
            .toList();
    List<Double> means = new ArrayList<>();
    for (int i = 0; !all.isEmpty() && i < all.getFirst().size(); i++) {
      int choice = i;
      means.add(all.stream().mapToDouble(p -> p.get(choice)).average().orElseThrow());
    }
    return means;
  }
}
