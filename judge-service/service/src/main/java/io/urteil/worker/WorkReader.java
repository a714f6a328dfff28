package io.urteil.worker;

import io.urteil.event.Judgement;
import io.urteil.worker.crash.Delivery;
import io.urteil.worker.fair.WorkOwner;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Parses the events of one topic into work for judges. Thread-safe. */
interface WorkReader {

  /** Validates the event and selects the judges of its run. */
  Parsed read(ConsumerRecord<String, byte[]> record, SpecificRecord event);

  /** The result of parsing an event. */
  sealed interface Parsed {

    /** A valid event with its judges. */
    record Accepted(Work work) implements Parsed {}

    /** An event that cannot be judged, as the fields of a dead letter. */
    record Rejected(String cause, String message, @Nullable String runId) implements Parsed {}
  }

  /** The judging of one event. */
  interface Work {

    /** The run of the judges. */
    String runId();

    /** For whom it competes with other work. */
    WorkOwner owner();

    /**
     * Calls every judge. A failure or timeout is the status of that judge's judgement.
     *
     * @param delivery of the record
     */
    List<Judgement> judge(Delivery delivery) throws InterruptedException;

    /** A FAILED judgement by every judge, without calling it. */
    List<Judgement> failed(String message, int deliveries);
  }
}
