package io.urteil.order;

import java.util.List;
import java.util.function.Supplier;

/** The orders in which a set of candidates is presented. */
public enum CandidateOrders {
  /** The given order. */
  GIVEN,
  /** The reverse order only. */
  SWAPPED,
  /** The given and the reverse order, each in a separate request. */
  BOTH,
  /** One random order, drawn by a seed. */
  RANDOM;

  /**
   * The orders of this number of candidates.
   *
   * @param drawn the order for {@link #RANDOM}; not called otherwise
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
