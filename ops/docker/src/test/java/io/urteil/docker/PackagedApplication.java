package io.urteil.docker;

import io.urteil.embedded.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A service application as Maven packaged it. */
enum PackagedApplication {
  JUDGE("judge-service/app"),
  TOPOLOGY("topology/app"),
  TRAINER("trainer-service/app");

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  private final String module;

  PackagedApplication(String module) {
    this.module = module;
  }

  /** Where it lies in the repository. */
  String directory() {
    return module + "/target/quarkus-app";
  }

  /** All of its libraries. */
  List<Path> libraries() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve(directory()).resolve("lib"))) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
  }

  /** Starts it in a working directory of its own with these environment variables. */
  JavaProcess start(Path directory, Map<String, String> environment, String... properties)
      throws IOException {
    Files.createDirectories(directory);
    List<String> command = new ArrayList<>();
    command.add(JavaProcess.java());
    command.addAll(JavaProcess.JVM_FLAGS);
    command.add("-Xmx512m");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(properties));
    command.add("-jar");
    command.add(ROOT.resolve(directory()).resolve("quarkus-run.jar").toString());
    return JavaProcess.start(name(), command, environment, directory);
  }
}
