package io.urteil.worker;

import io.urteil.event.Judgement;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads the events of one topic as work for judges. Thread-safe. */
interface WorkReader {

  /** What an event asks of the judges of its run. */
  Reading read(ConsumerRecord<String, byte[]> record, SpecificRecord event);

  /** What became of an event. */
  sealed interface Reading {

    /** Work for judges. */
    record Asked(Work work) implements Reading {}

    /** Nothing that can be judged: a dead letter. */
    record Refused(String cause, String message, @Nullable String runId) implements Reading {}
  }

  /** What one event asks for. */
  interface Work {

    /** The run whose judges are asked. */
    String runId();

    /**
     * Asks every judge; whoever fails or takes too long says so in its judgement.
     *
     * @param deliveries how often the record was handed out, this time included
     */
    List<Judgement> judge(int deliveries) throws InterruptedException;

    /** FAILED by every judge, unasked. */
    List<Judgement> giveUp(String message, int deliveries);
  }
}
