package io.urteil.engine.runtime;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** The rows of logits of a run; valid until the next run. */
public interface Logits {

  /** All of them, {@code [row, vocabulary]} or {@code [row, label]}; fetched from a device. */
  FloatBuffer rows();

  /**
   * The logits of a row's block of {@link TopTokens#BLOCK} tokens; the last may be shorter. Valid
   * until the next call.
   */
  FloatBuffer block(int row, int block);

  /** The device's selection of them; null if all logits are in host memory. */
  @Nullable TopTokens top();
}
