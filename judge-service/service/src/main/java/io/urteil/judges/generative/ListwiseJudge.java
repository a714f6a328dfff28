package io.urteil.judges.generative;

import io.urteil.chat.ChatModel;
import io.urteil.event.Verdict;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judges.ModelBacked;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.run.judge.ModelJudge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Judges all members of an arm in one prompt by a panel. The score of a member is its mean over all
 * votes with a verdict; its label is its rank, from 1. Thread-safe.
 */
public final class ListwiseJudge implements GroupJudge, ModelBacked {

  private final Panel panel;
  private final ModelJudge.Listwise settings;

  /**
   * @throws IllegalArgumentException when a prompt does not match the settings
   */
  public ListwiseJudge(List<PanelMember> members, ModelJudge.Listwise settings) {
    this.panel = new Panel(members, settings.panel(), JudgeMode.LISTWISE);
    this.settings = settings;
  }

  @Override
  public String version() {
    return "listwise/1 orders=%s %s"
        .formatted(settings.orders().name().toLowerCase(java.util.Locale.ROOT), panel.label());
  }

  @Override
  public String promptHash() {
    return panel.promptHash();
  }

  @Override
  public Map<ChatModel, Integer> samplesAtOnce(int candidates) {
    return panel.samplesAtOnce(
        settings.orders().of(candidates, () -> CandidateOrder.given(candidates)).size());
  }

  @Override
  public Optional<Duration> timeLimit() {
    return Optional.of(settings.timeLimit());
  }

  @Override
  public List<Finding> judge(CandidateGroup group) throws Exception {
    CandidateAnswers candidates = CandidateAnswers.of(group);
    int size = candidates.size();
    List<PanelVote> panelVotes = panel.ask(candidates, presentations(candidates));
    double[] sums = new double[size];
    int votes = 0;
    for (PanelVote panelVote : panelVotes) {
      if (panelVote.read().orElse(null) instanceof ParsedVerdict.Read read
          && read.scores().size() == size) {
        votes++;
        for (int place = 0; place < size; place++) {
          sums[panelVote.presentation().order().get(place)] += read.scores().get(place);
        }
      }
    }
    List<Finding> findings = new ArrayList<>();
    for (int candidate = 0; candidate < size; candidate++) {
      Evidence evidence = PanelVotes.evidence(panelVotes, candidate, size - 1);
      findings.add(
          votes == 0
              ? PanelVotes.withoutVerdict(panelVotes, candidate, evidence)
              : scored(sums, candidate, votes, evidence));
    }
    return findings;
  }

  private static Finding scored(double[] sums, int candidate, int votes, Evidence evidence) {
    int rank = 1;
    for (double sum : sums) {
      rank += sum > sums[candidate] ? 1 : 0;
    }
    Verdict verdict =
        Verdict.newBuilder()
            .setScores(List.of(sums[candidate] / votes))
            .setLabel(Integer.toString(rank))
            .build();
    return new Finding.Scored(verdict, null, evidence);
  }

  private List<CandidatePresentation> presentations(CandidateAnswers candidates) {
    return settings.orders().of(candidates.size(), () -> shuffled(candidates)).stream()
        .map(order -> new CandidatePresentation(order.shown(), 0))
        .toList();
  }

  private CandidateOrder shuffled(CandidateAnswers candidates) {
    List<Integer> shuffled = new ArrayList<>(CandidateOrder.given(candidates.size()).shown());
    String list = candidates.groupId() + "/" + candidates.arm();
    Collections.shuffle(shuffled, new Random(Seeds.of(panel.seed(), list)));
    return new CandidateOrder(shuffled);
  }
}
