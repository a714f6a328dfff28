package io.urteil.bench;

import io.urteil.embedded.JavaProcess;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a benchmark starts {@code urteil} in another process: the application that it runs in,
 * packaged or on a class path.
 */
public final class Urteil {

  /** Keeps native libraries from spinning. */
  private static final Map<String, String> THREADS =
      Map.of("OMP_NUM_THREADS", "1", "OMP_WAIT_POLICY", "PASSIVE");

  /** As few as ops/urteil gives; the manifest says the rest. */
  private static final List<String> FLAGS =
      List.of("--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC");

  private static final String APPLICATION = "quarkus-run.jar";
  private static final String MAIN = "io.urteil.cli.UrteilMain";

  private Urteil() {}

  /**
   * The command line of {@code urteil ARGUMENTS}.
   *
   * @param flags of its JVM, besides the usual ones
   */
  public static List<String> command(List<String> flags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(JavaProcess.java());
    if (isPackaged()) {
      command.addAll(FLAGS);
      command.addAll(archiveOfClasses());
      command.addAll(flags);
      command.addAll(List.of("-jar", Path.of(classPath()).toAbsolutePath().toString()));
    } else {
      command.addAll(JavaProcess.JVM_FLAGS);
      command.addAll(flags);
      command.add(MAIN);
    }
    command.addAll(arguments);
    return command;
  }

  /** The variables that the command line needs. */
  public static Map<String, String> environment() {
    Map<String, String> variables = new HashMap<>(THREADS);
    if (!isPackaged()) {
      // ONNX Runtime dies on command lines of more than about 4 KB.
      variables.put("CLASSPATH", classPath());
    }
    return variables;
  }

  private static boolean isPackaged() {
    return classPath().endsWith(APPLICATION);
  }

  private static String classPath() {
    return System.getProperty("java.class.path", "");
  }

  /** The archive of loaded classes that this JVM was started with halves a start. */
  private static List<String> archiveOfClasses() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("-XX:SharedArchiveFile=") || flag.startsWith("-Xlog:cds"))
        .toList();
  }
}
