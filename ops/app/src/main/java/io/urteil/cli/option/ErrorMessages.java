package io.urteil.cli.option;

import io.urteil.embedded.EmbeddedKafkaException;
import io.urteil.engine.UnusableDeviceException;
import io.urteil.kafka.BrokerUnreachableException;
import io.urteil.kafka.ClusterAccessException;
import io.urteil.kafka.UnsupportedBrokerException;
import io.urteil.local.hub.HubException;
import io.urteil.model.file.UnusableModelException;
import io.urteil.run.RunFileException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Prints errors as {@code urteil: …} on standard error and maps them to exit codes. Prints the
 * stack trace only with {@code --verbose}.
 */
public final class ErrorMessages implements IParameterExceptionHandler, IExecutionExceptionHandler {

  /** Options with another name now. */
  private static final Map<String, String> RENAMED =
      Map.of("--verdict-source", "--read", "--max-cases", "--limit");

  private final BooleanSupplier verbose;

  public ErrorMessages(BooleanSupplier verbose) {
    this.verbose = verbose;
  }

  @Override
  public int handleParseException(ParameterException mistake, String[] arguments) {
    CommandLine line = mistake.getCommandLine();
    PrintWriter errors = line.getErr();
    Optional<String> former = former(mistake);
    errors.println("urteil: " + former.orElse(String.valueOf(mistake.getMessage())));
    if (former.isEmpty()) {
      UnmatchedArgumentException.printSuggestions(mistake, errors);
    }
    errors.println("'" + line.getCommandSpec().qualifiedName() + " --help' shows the usage");
    return ExitCode.USAGE;
  }

  /** The message for an option that has another name now; empty for other mistakes. */
  private static Optional<String> former(ParameterException mistake) {
    return mistake instanceof UnmatchedArgumentException unmatched
        ? unmatched.getUnmatched().stream()
            .map(argument -> argument.replaceFirst("=.*", ""))
            .filter(RENAMED::containsKey)
            .findFirst()
            .map(name -> "%s: unknown (expected: %s)".formatted(name, RENAMED.get(name)))
        : Optional.empty();
  }

  @Override
  public int handleExecutionException(Exception thrown, CommandLine line, ParseResult parsed) {
    PrintWriter errors = line.getErr();
    errors.println("urteil: " + message(thrown));
    if (verbose.getAsBoolean()) {
      thrown.printStackTrace(errors);
    }
    return exitCode(thrown);
  }

  /** The exit code of a command that ends with this error. */
  public static int exitCode(Throwable thrown) {
    return switch (thrown) {
      case EmbeddedKafkaException _,
          BrokerUnreachableException _,
          ClusterAccessException _,
          UnsupportedBrokerException _,
          UnusableDeviceException _ ->
          ExitCode.ENVIRONMENT;
      case HubException hub ->
          switch (hub.kind()) {
            case REQUEST, MODEL -> ExitCode.USAGE;
            case UNREACHABLE -> ExitCode.ENVIRONMENT;
            case TRANSFER -> ExitCode.FAILED;
          };
      case IllegalStateException stopped when isAccess(stopped.getCause()) -> ExitCode.ENVIRONMENT;
      case RunFileException _,
          UnusableModelException _,
          IllegalArgumentException _,
          NoSuchFileException _ ->
          ExitCode.USAGE;
      default -> ExitCode.FAILED;
    };
  }

  /** Whether a component failed because the brokers refuse it or are too old. */
  private static boolean isAccess(@Nullable Throwable cause) {
    return cause instanceof ClusterAccessException || cause instanceof UnsupportedBrokerException;
  }

  /** The text of an error for the user. */
  public static String message(Throwable thrown) {
    String message = thrown.getMessage();
    return switch (thrown) {
      case NoSuchFileException missing ->
          missing.getFile() + ": no such file (expected: a readable file)";
      case FileSystemException file ->
          "%s: %s"
              .formatted(
                  file.getFile(),
                  file.getReason() == null ? file.getClass().getSimpleName() : file.getReason());
      case NullPointerException _, IndexOutOfBoundsException _, ClassCastException _ ->
          "internal error: " + thrown + " (--verbose prints the stack trace)";
      default -> message == null || message.isBlank() ? thrown.toString() : message;
    };
  }
}
