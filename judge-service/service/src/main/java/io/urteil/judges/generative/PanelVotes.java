package io.urteil.judges.generative;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Vote;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import java.util.ArrayList;
import java.util.List;

/** What votes come to for one candidate. Pure. */
final class PanelVotes {

  private PanelVotes() {}

  /**
   * The votes on a candidate; text and cost of a vote on several stand with the one shown first.
   */
  static Evidence evidence(List<PanelVote> casts, int candidate, int comparisons) {
    List<Vote> votes = new ArrayList<>();
    int promptTokens = 0;
    int completionTokens = 0;
    for (PanelVote cast : casts) {
      if (cast.showing().showsFirst(candidate)) {
        votes.add(cast.vote());
        promptTokens += cast.vote().getPromptTokens();
        completionTokens += cast.vote().getCompletionTokens();
      } else if (cast.showing().shows(candidate)) {
        votes.add(
            Vote.newBuilder(cast.vote())
                .setText(null)
                .setPromptTokens(0)
                .setCompletionTokens(0)
                .build());
      }
    }
    return new Evidence(votes, comparisons, promptTokens, completionTokens);
  }

  /**
   * The finding about a candidate on whom no vote could be read: unparseable if any was written and
   * could not be read, else abstained, else failed.
   */
  static Finding unread(List<PanelVote> casts, int candidate, Evidence evidence) {
    List<PanelVote> about = casts.stream().filter(cast -> cast.showing().shows(candidate)).toList();
    for (JudgementStatus status :
        List.of(JudgementStatus.UNPARSEABLE, JudgementStatus.ABSTAINED, JudgementStatus.FAILED)) {
      for (PanelVote cast : about.reversed()) {
        if (cast.vote().getStatus() == status) {
          String text = String.valueOf(cast.vote().getText());
          return switch (status) {
            case UNPARSEABLE -> new Finding.Unparseable(text, null, evidence);
            case ABSTAINED -> new Finding.Abstained(text, evidence);
            default -> new Finding.Failed(text, evidence);
          };
        }
      }
    }
    return new Finding.Abstained("nothing to compare with (expected: two members)", evidence);
  }
}
