package io.urteil.judges.generative;

import io.urteil.event.Vote;
import io.urteil.prompt.ParsedVerdict;
import java.util.Optional;

/**
 * A vote of a panel member.
 *
 * @param presentation the candidates that the vote is about
 * @param voterIndex number of the voter, which is one panel member under one principle
 * @param vote the event, with text and token counts
 * @param parsed the parsed text; empty if the vote failed
 */
record PanelVote(
    CandidatePresentation presentation, int voterIndex, Vote vote, Optional<ParsedVerdict> parsed) {

  /** The verdict; empty if the vote failed, abstained or is unparseable. */
  Optional<ParsedVerdict.Read> read() {
    return parsed.filter(ParsedVerdict.Read.class::isInstance).map(ParsedVerdict.Read.class::cast);
  }
}
