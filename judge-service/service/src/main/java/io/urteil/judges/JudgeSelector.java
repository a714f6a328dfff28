package io.urteil.judges;

import io.urteil.judge.api.Judge;
import java.util.Optional;
import java.util.SequencedMap;

/** Which judges look at an event. Thread-safe. */
@FunctionalInterface
public interface JudgeSelector<E, J extends Judge> {

  /** The judges by name; empty when nobody published the event's run. */
  Optional<SequencedMap<String, J>> of(E event);
}
