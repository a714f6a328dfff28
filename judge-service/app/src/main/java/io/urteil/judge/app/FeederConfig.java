package io.urteil.judge.app;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Configuration of the feeder. */
@ConfigMapping(prefix = "urteil.feeder")
public interface FeederConfig {

  /** Id of the run to feed; required for the role {@code feeder}. */
  Optional<String> run();
}
