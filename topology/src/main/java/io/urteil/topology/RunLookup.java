package io.urteil.topology;

import io.urteil.run.RunFile;
import java.util.Optional;

/** The runs that events may belong to. Called on Streams threads, and may block for the log. */
@FunctionalInterface
public interface RunLookup {

  /** The run of this id, or nothing when no run file of it was ever published. */
  Optional<RunFile> find(String runId);
}
