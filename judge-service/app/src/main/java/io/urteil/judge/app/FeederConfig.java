package io.urteil.judge.app;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Configuration of the feeder. */
@ConfigMapping(prefix = "urteil.feeder")
public interface FeederConfig {

  /** The run whose prompts are published; required in the role {@code feeder}. */
  Optional<String> run();
}
