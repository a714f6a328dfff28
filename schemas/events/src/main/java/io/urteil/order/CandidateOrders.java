package io.urteil.order;

import java.util.List;
import java.util.function.Supplier;

/** The orders in which the same candidates are shown to a judge. */
public enum CandidateOrders {
  /** The original order. */
  GIVEN,
  /** The reverse order only. */
  SWAPPED,
  /** The original and the reverse order, in separate prompts. */
  BOTH,
  /** A random order by a seed. */
  RANDOM;

  /**
   * The orders of this number of candidates.
   *
   * @param drawn supplies the order of {@link #RANDOM}; called only for it
   */
  public List<CandidateOrder> of(int candidates, Supplier<CandidateOrder> drawn) {
    return switch (this) {
      case GIVEN -> List.of(CandidateOrder.given(candidates));
      case SWAPPED -> List.of(CandidateOrder.reversed(candidates));
      case BOTH -> List.of(CandidateOrder.given(candidates), CandidateOrder.reversed(candidates));
      case RANDOM -> List.of(drawn.get());
    };
  }
}
