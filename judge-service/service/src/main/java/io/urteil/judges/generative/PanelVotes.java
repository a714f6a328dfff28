package io.urteil.judges.generative;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Vote;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import java.util.ArrayList;
import java.util.List;

/** Aggregates the votes on one candidate. Pure. */
final class PanelVotes {

  private PanelVotes() {}

  /**
   * The votes on a candidate. Text and token counts of a vote on several candidates are attributed
   * to the one shown first.
   */
  static Evidence evidence(List<PanelVote> panelVotes, int candidate, int comparisons) {
    List<Vote> votes = new ArrayList<>();
    int promptTokens = 0;
    int completionTokens = 0;
    for (PanelVote panelVote : panelVotes) {
      if (panelVote.presentation().showsFirst(candidate)) {
        votes.add(panelVote.vote());
        promptTokens += panelVote.vote().getPromptTokens();
        completionTokens += panelVote.vote().getCompletionTokens();
      } else if (panelVote.presentation().shows(candidate)) {
        votes.add(
            Vote.newBuilder(panelVote.vote())
                .setText(null)
                .setPromptTokens(0)
                .setCompletionTokens(0)
                .build());
      }
    }
    return new Evidence(votes, comparisons, promptTokens, completionTokens);
  }

  /**
   * The finding about a candidate without a verdict: unparseable if any vote is unparseable, else
   * abstained, else failed.
   */
  static Finding withoutVerdict(List<PanelVote> panelVotes, int candidate, Evidence evidence) {
    List<PanelVote> about =
        panelVotes.stream().filter(panelVote -> panelVote.presentation().shows(candidate)).toList();
    for (JudgementStatus status :
        List.of(JudgementStatus.UNPARSEABLE, JudgementStatus.ABSTAINED, JudgementStatus.FAILED)) {
      for (PanelVote panelVote : about.reversed()) {
        if (panelVote.vote().getStatus() == status) {
          String text = String.valueOf(panelVote.vote().getText());
          return switch (status) {
            case UNPARSEABLE -> new Finding.Unparseable(text, null, evidence);
            case ABSTAINED -> new Finding.Abstained(text, evidence);
            default -> new Finding.Failed(text, evidence);
          };
        }
      }
    }
    return new Finding.Abstained("a single member (expected: at least two)", evidence);
  }
}
