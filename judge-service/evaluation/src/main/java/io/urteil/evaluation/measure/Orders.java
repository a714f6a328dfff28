package io.urteil.evaluation.measure;

import java.util.List;
import java.util.Random;

/** Which orders of a comparison are judged. */
public enum Orders {
  /** The benchmark's own. */
  GIVEN,
  /** The other way round only. */
  SWAPPED,
  /** As given and the other way round, each on its own. */
  BOTH,
  /** One of them, drawn by seed and the comparison's id; of more than two candidates a rotation. */
  RANDOM;

  /** The orders of a comparison. */
  public List<Order> of(Comparison comparison, long seed) {
    int candidates = comparison.candidates().size();
    return switch (this) {
      case GIVEN -> List.of(Order.given(candidates));
      case SWAPPED -> List.of(Order.reversed(candidates));
      case BOTH -> List.of(Order.given(candidates), Order.reversed(candidates));
      case RANDOM ->
          List.of(Order.rotated(candidates, random(comparison.id(), seed).nextInt(candidates)));
    };
  }

  private static Random random(String id, long seed) {
    return new Random(seed * 0x9E3779B97F4A7C15L ^ id.hashCode() * 0xC2B2AE3D27D4EB4FL);
  }
}
