package io.urteil.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaFailuresTest {

  static Stream<Arguments> failures() {
    Throwable loop = new IllegalStateException("a");
    Throwable back = new IllegalStateException("b", loop);
    loop.initCause(back);
    return Stream.of(
        Arguments.of(new DisconnectException("gone"), true, true),
        Arguments.of(new KafkaException("x", new IOException("reset")), true, true),
        Arguments.of(new ExecutionException(new DisconnectException("gone")), true, true),
        Arguments.of(new IllegalStateException("x", new DisconnectException("gone")), true, false),
        Arguments.of(new TopicAuthorizationException("no"), true, false),
        Arguments.of(new KafkaException("x", new TopicAuthorizationException("no")), true, false),
        Arguments.of(new RecordTooLargeException("9 MB"), false, false),
        Arguments.of(new ExecutionException(new RecordTooLargeException("9 MB")), false, false),
        Arguments.of(new SerializationException("null"), false, false),
        Arguments.of(new IllegalStateException("content"), false, false),
        Arguments.of(new StackOverflowError(), false, false),
        Arguments.of(loop, false, false));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldTellKafkasFailuresFromThoseOfARecord(
      Throwable failure, boolean ofKafka, boolean mayPass) {
    assertThat(KafkaFailures.isOfKafka(failure)).isEqualTo(ofKafka);
    assertThat(KafkaFailures.mayPass(failure)).isEqualTo(mayPass);
  }
}
