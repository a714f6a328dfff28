package io.urteil.cli;

import io.urteil.embedded.JavaProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The packaged application, started as ops/urteil starts it. */
public final class PackagedUrteil {

  private static final Path APPLICATION =
      Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
  private static final Map<String, String> THREADS =
      Map.of("OMP_NUM_THREADS", "1", "OMP_WAIT_POLICY", "PASSIVE");

  private PackagedUrteil() {}

  /** Starts {@code urteil ARGUMENTS} in a directory. */
  public static JavaProcess start(Path directory, String... arguments) {
    return start(directory, List.of(), arguments);
  }

  /** The same, with further flags of the JVM, as in URTEIL_JAVA_OPTS. */
  public static JavaProcess start(Path directory, List<String> jvmFlags, String... arguments) {
    return start(directory, jvmFlags, Map.of(), arguments);
  }

  /** The same, with further environment variables. */
  public static JavaProcess start(
      Path directory, List<String> jvmFlags, Map<String, String> environment, String... arguments) {
    Map<String, String> variables = new HashMap<>(THREADS);
    variables.putAll(environment);
    List<String> command = new ArrayList<>();
    // Maven in the background ignores Ctrl-C, and its children would too.
    command.addAll(List.of("env", "--default-signal=INT", JavaProcess.java()));
    command.addAll(JavaProcess.JVM_FLAGS);
    command.addAll(JavaProcess.compilerFlags());
    command.addAll(jvmFlags);
    command.addAll(List.of("-Xmx512m", "-jar", APPLICATION.toString()));
    command.addAll(List.of(arguments));
    return JavaProcess.start("urteil " + arguments[0], command, variables, directory);
  }
}
