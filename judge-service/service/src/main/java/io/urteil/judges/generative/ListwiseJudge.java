package io.urteil.judges.generative;

import io.urteil.event.Verdict;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.run.judge.ModelJudge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Shows all members of a group at once to a panel. A member's score is the mean over all votes that
 * could be read, its label the rank from 1.
 */
public final class ListwiseJudge implements GroupJudge {

  private final Panel panel;
  private final ModelJudge.Listwise settings;

  /**
   * @throws IllegalArgumentException when a prompt does not fit
   */
  public ListwiseJudge(List<PanelMember> panelists, ModelJudge.Listwise settings) {
    this.panel = new Panel(panelists, settings.panel(), JudgeMode.LISTWISE);
    this.settings = settings;
  }

  @Override
  public String version() {
    return "listwise/1 orders=%s %s"
        .formatted(settings.orders().name().toLowerCase(java.util.Locale.ROOT), panel.spelling());
  }

  @Override
  public String promptHash() {
    return panel.promptHash();
  }

  @Override
  public Optional<Duration> timeLimit() {
    return Optional.of(settings.timeLimit());
  }

  @Override
  public List<Finding> judge(CandidateGroup group) throws Exception {
    CandidateAnswers candidates = CandidateAnswers.of(group);
    int size = candidates.size();
    List<PanelVote> casts = panel.ask(candidates, showings(candidates));
    double[] sums = new double[size];
    int votes = 0;
    for (PanelVote cast : casts) {
      if (cast.read().orElse(null) instanceof ParsedVerdict.Read read
          && read.scores().size() == size) {
        votes++;
        for (int place = 0; place < size; place++) {
          sums[cast.showing().order().get(place)] += read.scores().get(place);
        }
      }
    }
    List<Finding> findings = new ArrayList<>();
    for (int candidate = 0; candidate < size; candidate++) {
      Evidence evidence = PanelVotes.evidence(casts, candidate, size - 1);
      findings.add(
          votes == 0
              ? PanelVotes.unread(casts, candidate, evidence)
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

  private List<CandidatePresentation> showings(CandidateAnswers candidates) {
    return settings.orders().of(candidates.size(), () -> drawn(candidates)).stream()
        .map(order -> new CandidatePresentation(order.shown(), 0))
        .toList();
  }

  private CandidateOrder drawn(CandidateAnswers candidates) {
    List<Integer> drawn = new ArrayList<>(CandidateOrder.given(candidates.size()).shown());
    String list = candidates.groupId() + "/" + candidates.arm();
    Collections.shuffle(drawn, new Random(Seeds.of(panel.seed(), list)));
    return new CandidateOrder(drawn);
  }
}
