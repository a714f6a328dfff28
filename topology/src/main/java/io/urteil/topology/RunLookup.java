package io.urteil.topology;

import io.urteil.event.Purpose;
import io.urteil.run.RunFile;
import java.util.Optional;

/** Looks up run files of groups. Called on Streams threads; may block to read the runs topic. */
@FunctionalInterface
public interface RunLookup {

  /** The run file of a group; empty if no readable run file was published for its run. */
  Optional<RunFile> find(String runId, Purpose purpose, long ordinal);
}
