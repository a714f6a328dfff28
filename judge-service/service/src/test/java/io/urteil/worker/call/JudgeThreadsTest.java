package io.urteil.worker.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.urteil.worker.fair.WorkOwner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JudgeThreadsTest {

  private final JudgeThreads threads = new JudgeThreads(2, Duration.ofMillis(50));
  private volatile boolean spinning = true;

  @AfterEach
  void stop() {
    spinning = false;
    threads.close();
  }

  @Test
  void shouldRunOtherCallsWhenMoreCallsThanProcessorsIgnoreTheirInterruption() {
    // Given
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      threads.start("spin", () -> {}, this::spin).abandon();
    }

    // Then
    assertThat(threads.start("honest", () -> {}, () -> "found").result())
        .succeedsWithin(Duration.ofSeconds(20))
        .isEqualTo("found");
  }

  @Test
  void shouldReplaceTheThreadsOfAComputingJudgeThatAreLost() {
    // Given
    List<JudgeThreads.Running<String>> calls = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      calls.add(threads.startComputing("rule", WorkOwner.NONE, () -> {}, this::spin));
    }
    JudgeThreads.Running<String> queued =
        threads.startComputing("rule", WorkOwner.NONE, () -> {}, () -> "found");

    // When
    await().until(() -> threads.running() == calls.size());
    assertThat(queued.result()).isNotDone();
    calls.forEach(JudgeThreads.Running::abandon);

    // Then
    assertThat(queued.result()).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("found");
  }

  @Test
  void shouldSayWhoseThreadsAreLostAndForgetThoseThatEnd() {
    // Given
    List<JudgeThreads.Running<String>> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(threads.start("run/spin", () -> {}, this::spin));
    }
    threads.check();
    await().until(() -> threads.running() == 3);

    // When
    calls.forEach(JudgeThreads.Running::abandon);

    // Then
    await().until(() -> threads.lost() == 3);
    assertThatThrownBy(threads::check)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "3 threads lost to judges that do not end after their time limit: [run/spin]"
                + " (expected: at most 2)");
    spinning = false;
    await().until(() -> threads.lost() == 0);
    threads.check();
  }

  @Test
  void shouldCountNoThreadThatEndsWhenItIsInterrupted() {
    // Given
    JudgeThreads.Running<String> call =
        threads.start(
            "polite",
            () -> {},
            () -> {
              Thread.sleep(Duration.ofMinutes(5));
              return "never";
            });
    await().until(() -> threads.running() == 1);

    // When
    call.abandon();

    // Then
    await().until(() -> threads.running() == 0);
    assertThat(threads.lost()).isZero();
  }

  private String spin() {
    while (spinning) {
      Thread.onSpinWait();
    }
    return "late";
  }
}
