package io.urteil.service.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Configuration of a service's namespace. */
@ConfigMapping(prefix = "urteil.namespace")
public interface NamespaceConfig {

  /** Prefix of every topic name, group name and transactional id; one for each tenant. */
  Optional<String> prefix();

  /** Data directory of the service; one for each process. */
  @WithDefault("data")
  Path dataDir();

  /**
   * Folders in which run files and checkpoints may name models, prompts and data, beside the data
   * directory.
   */
  Optional<List<Path>> modelRoots();
}
