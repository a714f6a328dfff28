package io.urteil.judges.generative;

import io.urteil.chat.ChatModel;
import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.ModelBacked;
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
 * Judges a single rollout by a panel. The votes with a verdict are aggregated by {@link
 * ScoreVotes}; the label is the most frequent label. Thread-safe.
 */
public final class GenerativeJudge implements PointwiseJudge, ModelBacked {

  private final Panel panel;
  private final Combine combine;
  private final Duration timeLimit;

  /**
   * @throws IllegalArgumentException when a prompt does not match the settings
   */
  public GenerativeJudge(List<PanelMember> members, ModelJudge.Generative settings) {
    this.panel = new Panel(members, settings.panel(), JudgeMode.POINTWISE);
    this.combine = settings.combine();
    this.timeLimit = settings.timeLimit();
  }

  @Override
  public String version() {
    return "generative/1 %s %s"
        .formatted(combine.name().toLowerCase(java.util.Locale.ROOT), panel.label());
  }

  @Override
  public String promptHash() {
    return panel.promptHash();
  }

  @Override
  public Map<ChatModel, Integer> samplesAtOnce(int candidates) {
    return panel.samplesAtOnce(1);
  }

  @Override
  public Optional<Duration> timeLimit() {
    return Optional.of(timeLimit);
  }

  @Override
  public Finding judge(Rollout rollout) throws Exception {
    List<PanelVote> panelVotes =
        panel.ask(CandidateAnswers.of(rollout), List.of(new CandidatePresentation(List.of(0), 0)));
    Evidence evidence = PanelVotes.evidence(panelVotes, 0, 0);
    List<Pointwise> read = new ArrayList<>();
    for (PanelVote panelVote : panelVotes) {
      if (panelVote.read().orElse(null) instanceof Pointwise pointwise) {
        read.add(pointwise);
      }
    }
    if (read.isEmpty()) {
      return PanelVotes.withoutVerdict(panelVotes, 0, evidence);
    }
    Verdict verdict =
        Verdict.newBuilder()
            .setScores(
                List.of(ScoreVotes.score(read.stream().map(Pointwise::score).toList(), combine)))
            .setLabel(label(read))
            .setProbabilities(probabilities(panelVotes))
            .build();
    return new Finding.Scored(
        verdict, panelVotes.size() == 1 ? panelVotes.getFirst().vote().getText() : null, evidence);
  }

  /** The most frequent label; null if there is none or a draw. */
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

  /** Mean probability of each choice, over the votes that carry probabilities. */
  private static List<Double> probabilities(List<PanelVote> panelVotes) {
    List<List<Double>> all =
        panelVotes.stream()
            .map(panelVote -> panelVote.vote().getVerdict())
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
