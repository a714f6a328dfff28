package io.urteil.bench;

import io.urteil.embedded.JavaProcess;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a benchmark starts {@code urteil} in another process: the application that it runs in. */
public final class Urteil {

  /** Keeps native libraries from spinning. */
  public static final Map<String, String> ENVIRONMENT =
      Map.of("OMP_NUM_THREADS", "1", "OMP_WAIT_POLICY", "PASSIVE");

  /** As few as ops/urteil gives; the manifest says the rest. */
  private static final List<String> FLAGS =
      List.of("--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC");

  private static final String APPLICATION = "quarkus-run.jar";

  private Urteil() {}

  /**
   * The command line of {@code urteil ARGUMENTS}.
   *
   * @param flags of its JVM, besides the usual ones
   * @throws IllegalStateException when this JVM does not run the packaged application
   */
  public static List<String> command(List<String> flags, List<String> arguments) {
    String path = System.getProperty("java.class.path", "");
    if (!path.endsWith(APPLICATION)) {
      throw new IllegalStateException(
          "class path: %s (expected: the packaged application, as ops/urteil starts it)"
              .formatted(path));
    }
    List<String> command = new ArrayList<>();
    command.add(JavaProcess.java());
    command.addAll(FLAGS);
    command.addAll(archiveOfClasses());
    command.addAll(flags);
    command.addAll(List.of("-jar", Path.of(path).toAbsolutePath().toString()));
    command.addAll(arguments);
    return command;
  }

  /** The archive of loaded classes that this JVM was started with halves a start. */
  private static List<String> archiveOfClasses() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("-XX:SharedArchiveFile=") || flag.startsWith("-Xlog:cds"))
        .toList();
  }
}
