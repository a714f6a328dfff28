package io.urteil.bench;

import io.urteil.embedded.JavaProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Command line for {@code urteil} in another process: the packaged application in the system
 * property {@code urteil.application}, which ops/urteil sets, or else this JVM's class path.
 */
public final class UrteilProgram {

  /** Prevents threads of native libraries from spinning. */
  private static final Map<String, String> THREADS =
      Map.of("OMP_NUM_THREADS", "1", "OMP_WAIT_POLICY", "PASSIVE");

  /** The flags of ops/urteil; the manifest of the jar has the others. */
  private static final List<String> FLAGS =
      List.of(
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-XX:+ExitOnOutOfMemoryError");

  /**
   * The jar of the packaged application, and its class-data archive, which halves the start-up
   * time.
   */
  private static final String APPLICATION = "urteil.application";

  private static final String ARCHIVE = "urteil.archive";
  private static final String MAIN = "io.urteil.cli.UrteilMain";

  private UrteilProgram() {}

  /**
   * The command line of {@code urteil ARGUMENTS}.
   *
   * @param flags additional JVM flags
   */
  public static List<String> command(List<String> flags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(JavaProcess.java());
    if (isPackaged()) {
      command.addAll(FLAGS);
      command.addAll(archiveOfClasses());
      command.addAll(flags);
      command.addAll(List.of("-jar", Path.of(application()).toAbsolutePath().toString()));
    } else {
      command.addAll(JavaProcess.JVM_FLAGS);
      command.addAll(flags);
      command.add(MAIN);
    }
    command.addAll(arguments);
    return command;
  }

  /** The environment variables for the command line. */
  public static Map<String, String> environment() {
    Map<String, String> variables = new HashMap<>(THREADS);
    if (!isPackaged()) {
      // ONNX Runtime crashes with command lines of more than about 4 KB.
      variables.put("CLASSPATH", classPath());
    }
    return variables;
  }

  private static boolean isPackaged() {
    return !application().isEmpty();
  }

  private static String application() {
    return System.getProperty(APPLICATION, "");
  }

  private static String classPath() {
    return System.getProperty("java.class.path", "");
  }

  private static List<String> archiveOfClasses() {
    String archive = System.getProperty(ARCHIVE, "");
    return archive.isEmpty()
        ? List.of()
        : List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off");
  }
}
