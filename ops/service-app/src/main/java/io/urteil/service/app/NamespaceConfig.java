package io.urteil.service.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Where a service runs. */
@ConfigMapping(prefix = "urteil.namespace")
public interface NamespaceConfig {

  /** Put before every topic name, group name and transactional id; one a tenant. */
  Optional<String> prefix();

  /** Where the service keeps files; one a process. */
  @WithDefault("data")
  Path dataDir();
}
