package io.urteil.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.embedded.EmbeddedKafkaException;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class ErrorMessagesTest {

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new EmbeddedKafkaException("port: 1 (expected: 2)", null), 3, "port: 1"),
        Arguments.of(
            new UnusableModelException(Path.of("m"), List.of("a", "b")), 2, "Model 'm' cannot be"),
        Arguments.of(new IllegalArgumentException("steps: 0"), 2, "steps: 0"),
        Arguments.of(new IllegalStateException("trainer stopped: x"), 1, "trainer stopped: x"),
        Arguments.of(new AccessDeniedException("/secret"), 1, "/secret: AccessDeniedException"),
        Arguments.of(new IOException("disk full"), 1, "disk full"),
        Arguments.of(new IllegalStateException(), 1, "java.lang.IllegalStateException"),
        Arguments.of(new NullPointerException("x"), 1, "internal error: java.lang.Null"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldGiveOneMessageAndItsStatus(Exception thrown, int status, String message) {
    // Given
    StringWriter errors = new StringWriter();
    ErrorMessages messages = new ErrorMessages(() -> false);
    CommandLine line = new CommandLine(new Failing(thrown)).setErr(new PrintWriter(errors, true));

    // When
    int ended = line.setExecutionExceptionHandler(messages).execute();

    // Then
    assertThat(ended).isEqualTo(status);
    assertThat(errors.toString()).startsWith("urteil: " + message).doesNotContain("\tat ");
  }

  @Command(name = "failing")
  record Failing(Exception thrown) implements Callable<Integer> {

    @Override
    public Integer call() throws Exception {
      throw thrown;
    }
  }
}
