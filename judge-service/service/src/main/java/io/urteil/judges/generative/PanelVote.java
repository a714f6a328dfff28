package io.urteil.judges.generative;

import io.urteil.event.Vote;
import io.urteil.prompt.ParsedVerdict;
import java.util.Optional;

/**
 * A vote that was cast.
 *
 * @param ballot votes of one ballot are by one panelist under one principle
 * @param vote as the event carries it, text and tokens included
 * @param parsed what its text came to; empty when nothing was written
 */
record PanelVote(
    CandidatePresentation showing, int ballot, Vote vote, Optional<ParsedVerdict> parsed) {

  /** The verdict, if one could be read. */
  Optional<ParsedVerdict.Read> read() {
    return parsed.filter(ParsedVerdict.Read.class::isInstance).map(ParsedVerdict.Read.class::cast);
  }
}
