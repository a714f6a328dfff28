package io.urteil.judges;

import io.urteil.judge.api.Judge;
import java.util.Optional;
import java.util.SequencedMap;

/** Selects the judges of an event. Thread-safe. */
@FunctionalInterface
public interface JudgeSelector<E, J extends Judge> {

  /** The judges by name; empty when the run of the event is unknown. */
  Optional<SequencedMap<String, J>> of(E event);
}
