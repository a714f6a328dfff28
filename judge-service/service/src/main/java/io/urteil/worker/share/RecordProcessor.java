package io.urteil.worker.share;

import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Processes one record on a thread of its own. Thread-safe; may block for hours. */
public interface RecordProcessor {

  /**
   * Processes the record and returns its acknowledgement.
   *
   * @throws InterruptedException when the worker stops; the record is then released
   */
  AcknowledgeType handle(ConsumerRecord<String, byte[]> record) throws InterruptedException;

  /**
   * Whether tenants use the topic. Then a lane is replaced as soon as its records take longer than
   * a moment, because the records of a tenant may be behind those of another one.
   */
  boolean hasTenants();
}
