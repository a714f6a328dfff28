package io.urteil.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BrokerRequirementsTest {

  @Test
  void shouldAcceptKafka42WithShareGroups() {
    // When // Then
    assertThat(BrokerRequirements.lacks(BrokerRequirements.METADATA_OF_4_2, 1)).isEmpty();
  }

  @Test
  void shouldNameEverythingThatKafka40Lacks() {
    // When // Then
    assertThat(BrokerRequirements.lacks(25, 0))
        .containsExactly(
            "renewable record locks: metadata.version 25 is the newest that it supports"
                + " (expected: >= 28, Kafka 4.2 or later)",
            "share groups: share.version is 0 (expected: >= 1;"
                + " 'kafka-features.sh upgrade --feature share.version=1' enables them)");
  }
}
