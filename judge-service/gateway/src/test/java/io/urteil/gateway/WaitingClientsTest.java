package io.urteil.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WaitingClientsTest {

  private static final GroupName NAME = new GroupName("run", "group");

  private static final Duration LONG = Duration.ofMinutes(1);

  private final WaitingClients clients = new WaitingClients(Runnable::run);

  @Test
  void shouldGiveEveryClientTheOutcome() {
    // Given
    CompletableFuture<Optional<GroupOutcome>> first = clients.await(NAME, LONG);
    CompletableFuture<Optional<GroupOutcome>> second = clients.await(NAME, LONG);
    GroupOutcome outcome = outcome();

    // When
    clients.closed(NAME, outcome);

    // Then
    assertThat(first.join()).containsSame(outcome);
    assertThat(second.join()).containsSame(outcome);
    assertThat(clients.groups()).isZero();
  }

  @Test
  void shouldHoldNothingForClientsThatWaitNoLonger() {
    // Given
    CompletableFuture<Optional<GroupOutcome>> first = clients.await(NAME, Duration.ofMillis(1));
    CompletableFuture<Optional<GroupOutcome>> second = clients.await(NAME, LONG);

    // When
    assertThat(first.join()).isEmpty();

    // Then
    assertThat(clients.groups()).isEqualTo(1);
    second.cancel(true);
    await().atMost(LONG).until(() -> clients.groups() == 0);
  }

  @Test
  void shouldFailAllClients() {
    // Given
    CompletableFuture<Optional<GroupOutcome>> client = clients.await(NAME, LONG);

    // When
    clients.fail(new RefusedException(new Refusal.Unavailable("stopping")));

    // Then
    assertThatThrownBy(client::join).hasMessageContaining("stopping");
    assertThat(clients.groups()).isZero();
  }

  private static GroupOutcome outcome() {
    return GroupOutcome.newBuilder()
        .setRunId(NAME.run())
        .setGroupId(NAME.id())
        .setOrdinal(-1)
        .setPurpose(Purpose.PROBE)
        .setStatus(GroupStatus.COMPLETE)
        .setExpected(0)
        .setMembers(List.of())
        .setDuplicates(0)
        .setConflicts(0)
        .setColumns(Map.of())
        .setOpenedAt(Instant.EPOCH)
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
