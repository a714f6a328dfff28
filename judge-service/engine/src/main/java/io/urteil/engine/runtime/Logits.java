package io.urteil.engine.runtime;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** The rows of logits that a run left; valid until the next one. */
public interface Logits {

  /** All of them, {@code [row, vocabulary]} or {@code [row, label]}; a device is asked for them. */
  FloatBuffer rows();

  /**
   * The logits of a row's block of {@link TopTokens#BLOCK} tokens; the last has what is left. Valid
   * until the next call.
   */
  FloatBuffer block(int row, int block);

  /** What the device has picked out of them; null if they are here anyway. */
  @Nullable TopTokens top();
}
