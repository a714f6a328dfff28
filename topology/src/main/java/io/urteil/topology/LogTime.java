package io.urteil.topology;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The timestamp of a record: the broker's time of its append, where the topic has {@code
 * message.timestamp.type=LogAppendTime}, as the topics that Urteil creates. A record without a
 * timestamp, which would end Kafka Streams, has time 0.
 */
public final class LogTime implements TimestampExtractor {

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return Math.max(0, record.timestamp());
  }
}
