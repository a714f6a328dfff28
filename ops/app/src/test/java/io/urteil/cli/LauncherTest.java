package io.urteil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.embedded.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real script in a small project of its own, with a Maven and JDKs that only take notes. */
class LauncherTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Path project;
  private final Path jdks;
  private final Path tools;
  private final Path script;

  LauncherTest(@TempDir Path directory) throws IOException {
    this.project = directory.resolve("project with a space");
    this.jdks = Files.createDirectories(directory.resolve("jdks"));
    this.tools = Files.createDirectories(directory.resolve("tools"));
    this.script = project.resolve("ops/urteil");
    Files.createDirectories(project.resolve("ops/app/src/main/java"));
    Files.writeString(project.resolve("pom.xml"), "<project/>");
    Files.writeString(project.resolve("ops/app/pom.xml"), "<project/>");
    Files.copy(Path.of("../urteil"), script, StandardCopyOption.COPY_ATTRIBUTES);
    for (String tool :
        List.of(
            "bash",
            "env",
            "dirname",
            "readlink",
            "sed",
            "find",
            "head",
            "tail",
            "mkdir",
            "touch",
            "mv",
            "rm",
            "sleep",
            "cat",
            "flock",
            "tput")) {
      link(tool);
    }
    maven(
        """
        mkdir -p "$root/ops/app/target/quarkus-app"
        touch "$root/ops/app/target/quarkus-app/quarkus-run.jar"
        """);
  }

  @Test
  void shouldSayWhatItFoundWhenNoJdkIsNewEnough() throws Exception {
    // Given
    jdk("temurin-17", "17.0.15");
    jdk("temurin-21", "21.0.2");

    // When
    JavaProcess launched = launch(Map.of(), "--help");

    // Then
    assertThat(launched.awaitExit(LIMIT)).isEqualTo(3);
    assertThat(launched.output())
        .startsWith("urteil: no JDK 25 or newer; found: ")
        .contains(jdks + "/temurin-17 (17)", jdks + "/temurin-21 (21)", "https://adoptium.net");
    assertThat(project.resolve("target")).doesNotExist();
  }

  @Test
  void shouldTakeANewJdkAlthoughJavaHomeNamesAnOldOne() throws Exception {
    // Given
    Path old = jdk("temurin-17", "17.0.15");
    Path young = jdk("temurin-26", "26");

    // When
    JavaProcess launched = launch(Map.of("JAVA_HOME", old.toString()), "demo", "--steps", "2 3");

    // Then
    assertThat(launched.awaitExit(LIMIT)).as(launched.output()).isZero();
    assertThat(launched.output())
        .contains("java of " + young)
        .contains("[-XX:+UseSerialGC]")
        .endsWith("quarkus-run.jar]\n[demo]\n[--steps]\n[2 3]");
  }

  @Test
  void shouldPreferJavaHomeWhenItIsNewEnough() throws Exception {
    // Given
    jdk("temurin-25", "25.0.3");
    Path mine = jdk("zulu-27", "27.0.1");

    // When
    JavaProcess launched = launch(Map.of("JAVA_HOME", mine.toString()), "--help");

    // Then
    assertThat(launched.awaitExit(LIMIT)).as(launched.output()).isZero();
    assertThat(launched.output()).contains("java of " + mine);
  }

  @Test
  void shouldBuildOnceAndAgainOnlyAfterASourceChanged() throws Exception {
    // Given
    jdk("temurin-25", "25.0.3");
    Path source = Files.writeString(project.resolve("ops/app/src/main/java/A.java"), "class A {}");
    age(project.resolve("pom.xml"));
    age(project.resolve("ops/app/pom.xml"));

    // When
    JavaProcess first = launch(Map.of(), "--help");
    first.awaitExit(LIMIT);
    JavaProcess second = launch(Map.of(), "--help");
    second.awaitExit(LIMIT);
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    JavaProcess third = launch(Map.of(), "--help");
    third.awaitExit(LIMIT);

    // Then
    assertThat(first.output()).contains("urteil: building (the first time", "urteil: built in");
    assertThat(second.output()).doesNotContain("build");
    assertThat(third.output()).contains("urteil: building what has changed");
    assertThat(mavenCalls()).hasSize(2).allMatch(call -> call.contains("-pl ops/app -am package"));
  }

  @Test
  void shouldBuildAgainWhenASourceWasRemoved() throws Exception {
    // Given
    jdk("temurin-25", "25.0.3");
    Path source = Files.writeString(project.resolve("ops/app/src/main/java/A.java"), "class A {}");
    launch(Map.of(), "--help").awaitExit(LIMIT);

    // When
    Files.delete(source);
    Files.setLastModifiedTime(source.getParent(), FileTime.from(Instant.now().plusSeconds(5)));
    launch(Map.of(), "--help").awaitExit(LIMIT);

    // Then
    assertThat(mavenCalls()).hasSize(2);
  }

  @Test
  void shouldBuildOnceWhenStartedTwiceAtTheSameTime() throws Exception {
    // Given
    jdk("temurin-25", "25.0.3");
    maven(
        """
        sleep 1
        mkdir -p "$root/ops/app/target/quarkus-app"
        touch "$root/ops/app/target/quarkus-app/quarkus-run.jar"
        """);

    // When
    JavaProcess first = launch(Map.of(), "--help");
    JavaProcess second = launch(Map.of(), "--help");

    // Then
    assertThat(first.awaitExit(LIMIT)).as(first.output()).isZero();
    assertThat(second.awaitExit(LIMIT)).as(second.output()).isZero();
    assertThat(first.output() + second.output()).contains("another build is under way");
    assertThat(mavenCalls()).hasSize(1);
  }

  @Test
  void shouldShowTheEndOfTheLogWhenTheBuildFails() throws Exception {
    // Given
    jdk("temurin-25", "25.0.3");
    maven("echo '[ERROR] cannot find symbol'\nexit 1");

    // When
    JavaProcess launched = launch(Map.of(), "--help");

    // Then
    assertThat(launched.awaitExit(LIMIT)).isEqualTo(1);
    assertThat(launched.output())
        .contains("urteil: the build failed; the end of " + project.toRealPath())
        .contains("[ERROR] cannot find symbol")
        .doesNotContain("java of");
  }

  @Test
  void shouldSayThatMavenIsMissing() throws Exception {
    // Given
    jdk("temurin-25", "25.0.3");
    Files.delete(tools.resolve("mvn"));

    // When
    JavaProcess launched = launch(Map.of(), "--help");

    // Then
    assertThat(launched.awaitExit(LIMIT)).isEqualTo(3);
    assertThat(launched.output()).startsWith("urteil: no mvn on the PATH");
  }

  @Test
  void shouldCheckTheFormatWhenTestsAreRun() throws Exception {
    // Given
    jdk("temurin-25", "25.0.3");

    // When
    JavaProcess launched = launch(Map.of(), "test", "-pl", "topology");

    // Then
    assertThat(launched.awaitExit(LIMIT)).isZero();
    assertThat(mavenCalls())
        .singleElement()
        .asString()
        .contains(" -T 2 ")
        .endsWith("verify -Dfmt.goal=check -pl topology");
  }

  @Test
  void shouldLeaveOutInspectionsAndLongTestsWhenTestsAreToBeQuick() throws Exception {
    // Given
    jdk("temurin-25", "25.0.3");

    // When
    JavaProcess launched = launch(Map.of(), "test", "--quick", "-pl", "topology");

    // Then
    assertThat(launched.awaitExit(LIMIT)).isZero();
    assertThat(mavenCalls())
        .singleElement()
        .asString()
        .endsWith("verify -Dfmt.goal=check -Dquick -pl topology");
  }

  @Test
  void shouldFindTheProjectWhenCalledThroughALink() throws Exception {
    // Given
    jdk("temurin-25", "25.0.3");
    Path link = Files.createSymbolicLink(tools.resolve("urteil"), script);

    // When
    JavaProcess launched = launch(link, Map.of(), "--help");

    // Then
    assertThat(launched.awaitExit(LIMIT)).as(launched.output()).isZero();
    assertThat(launched.output()).contains(project.toRealPath() + "/ops/app/target");
  }

  private JavaProcess launch(Map<String, String> environment, String... arguments) {
    return launch(script, environment, arguments);
  }

  private JavaProcess launch(Path command, Map<String, String> environment, String... arguments) {
    Map<String, String> variables = new HashMap<>();
    variables.put("PATH", tools.toString());
    variables.put("HOME", tools.toString());
    variables.put("JAVA_HOME", "");
    variables.put("URTEIL_JDK_DIRS", jdks.toString());
    variables.putAll(environment);
    List<String> line = new ArrayList<>(List.of("bash", command.toString()));
    line.addAll(List.of(arguments));
    return JavaProcess.start("ops/urteil", line, variables, tools);
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(jdks.resolve(name));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    executable(home.resolve("bin/javac"), "exit 1");
    executable(home.resolve("bin/java"), "echo 'java of " + home + "'\nprintf '[%s]\\n' \"$@\"");
    return home;
  }

  private void maven(String behaviour) throws IOException {
    executable(
        tools.resolve("mvn"),
        """
        echo "$*" >> "%s"
        root="${3%%/pom.xml}"
        %s
        """
            .formatted(tools.resolve("maven-calls"), behaviour));
  }

  private List<String> mavenCalls() throws IOException {
    return Files.readAllLines(tools.resolve("maven-calls"));
  }

  private static void executable(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static void age(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
  }

  private void link(String tool) throws IOException {
    for (String directory : List.of("/usr/bin", "/bin")) {
      Path file = Path.of(directory, tool);
      if (Files.exists(file)) {
        Files.createSymbolicLink(tools.resolve(tool), file);
        return;
      }
    }
  }
}
