package io.urteil.worker.fair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class FairTasksTest {

  private final Queue<Runnable> rights = new ArrayDeque<>();
  private final FairTasks tasks = new FairTasks(rights::add);
  private final List<String> ran = new ArrayList<>();

  @Test
  void shouldRunTheTasksOfOwnersInTurn() {
    // Given
    for (int i = 0; i < 4; i++) {
      add("flood", i);
    }
    rights.remove().run();
    add("calm", 0);
    add("calm", 1);

    // When
    while (!rights.isEmpty()) {
      rights.remove().run();
    }

    // Then
    assertThat(ran).containsExactly("flood 0", "flood 1", "calm 0", "flood 2", "calm 1", "flood 3");
  }

  @Test
  void shouldRunTheNextTaskAfterOneThatThrows() {
    // Given
    tasks.execute(
        WorkOwner.NONE,
        () -> {
          throw new IllegalStateException("on purpose");
        });
    add("next", 0);

    // When
    Assertions.assertThatIllegalStateException().isThrownBy(rights.remove()::run);
    rights.remove().run();

    // Then
    assertThat(ran).containsExactly("next 0");
  }

  private void add(String owner, int number) {
    tasks.execute(new WorkOwner(owner, true), () -> ran.add(owner + " " + number));
  }
}
