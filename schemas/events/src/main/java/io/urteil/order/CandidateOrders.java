package io.urteil.order;

import java.util.List;
import java.util.function.Supplier;

/** Which orders of the same candidates are shown. */
public enum CandidateOrders {
  /** The candidates' own order. */
  GIVEN,
  /** The opposite order only. */
  SWAPPED,
  /** The candidates' own order and the opposite one, each on its own. */
  BOTH,
  /** One that is drawn by a seed. */
  RANDOM;

  /**
   * The orders of so many candidates.
   *
   * @param drawn the order for {@link #RANDOM}; asked for only then
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
