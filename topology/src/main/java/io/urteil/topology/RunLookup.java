package io.urteil.topology;

import io.urteil.run.RunFile;
import java.util.Optional;

/** Looks up runs by id. Called on Streams threads; may block to read the runs topic. */
@FunctionalInterface
public interface RunLookup {

  /** The run of this id; empty if no readable run file was published for it. */
  Optional<RunFile> find(String runId);
}
