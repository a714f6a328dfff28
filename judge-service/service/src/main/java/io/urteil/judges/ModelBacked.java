package io.urteil.judges;

import io.urteil.chat.ChatModel;
import java.util.Map;

/** A judge that queries chat models. */
public interface ModelBacked {

  /**
   * The largest number of samples that one call requests of each model at the same time.
   *
   * @param candidates number of rollouts that the call judges together
   */
  Map<ChatModel, Integer> samplesAtOnce(int candidates);
}
