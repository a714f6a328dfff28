package io.urteil.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class JavaProcessTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void shouldReturnTheLineAndTheStatusWhenTheChildEndsByItself() {
    // Given
    try (JavaProcess child = JavaProcess.start(Child.class, "exit", "7")) {

      // When
      String line = child.awaitLine("working", LIMIT);

      // Then
      assertThat(line).isEqualTo("working on 7");
      assertThat(child.awaitExit(LIMIT)).isEqualTo(7);
      assertThat(child.output()).contains("to standard error");
    }
  }

  @Test
  void shouldShowTheOutputWhenTheChildEndsWithoutTheLine() {
    // Given
    try (JavaProcess child = JavaProcess.start(Child.class, "exit", "0")) {

      // When // Then
      assertThatThrownBy(() -> child.awaitLine("READY", LIMIT))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ended without a line with 'READY'")
          .hasMessageContaining("working on 0");
    }
  }

  @Test
  void shouldEndTheChildWithSigkillWhenItIgnoresEverythingElse() {
    // Given
    JavaProcess child = JavaProcess.start(Child.class, "hang", "0");
    child.awaitLine("working", LIMIT);

    // When
    child.kill();

    // Then
    assertThat(child.isAlive()).isFalse();
    assertThat(child.awaitExit(LIMIT)).isEqualTo(128 + 9);
    child.close();
  }

  /** Prints, then ends with the given status or never. */
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) throws InterruptedException {
      System.err.println("to standard error");
      System.out.println("working on " + arguments[1]);
      if (arguments[0].equals("hang")) {
        Runtime.getRuntime().addShutdownHook(new Thread(Child::sleepForLong));
        sleepForLong();
      }
      System.exit(Integer.parseInt(arguments[1]));
    }

    private static void sleepForLong() {
      try {
        Thread.sleep(Duration.ofMinutes(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
