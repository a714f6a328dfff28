package io.urteil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.urteil.cli.service.UpCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The compose file and the images, as far as they can be checked without a Docker engine. */
class DeploymentFilesTest {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final String PACKAGED = "ops/app/target/quarkus-app/";

  @ParameterizedTest
  @EnumSource(UpCommand.Role.class)
  void shouldBuildEachRolesImageFromThePackagedApplicationAlone(UpCommand.Role role)
      throws IOException {
    // Given
    List<String> lines = Files.readAllLines(ROOT.resolve("ops/docker/" + role + ".Dockerfile"));

    // When
    List<String> copied = new ArrayList<>();
    for (String line : lines) {
      assertThat(line).doesNotStartWith("ADD ").doesNotStartWith("RUN ");
      if (line.startsWith("COPY ")) {
        copied.add(line.split(" ")[1]);
      }
    }

    // Then
    assertThat(copied).isNotEmpty().allMatch(source -> source.startsWith(PACKAGED));
    assertThat(lines.getLast())
        .startsWith("ENTRYPOINT [")
        .endsWith("\"up\", \"--only\", \"" + role + "\"]");
  }

  @Test
  void shouldComposeEveryRoleFromItsDockerfile() throws IOException {
    // Given
    JsonNode services =
        new ObjectMapper(new YAMLFactory())
            .readTree(ROOT.resolve("docker-compose.yml").toFile())
            .path("services");

    for (UpCommand.Role role : UpCommand.Role.values()) {
      // When
      JsonNode service = services.path(role.toString());

      // Then
      String dockerfile = service.path("build").path("dockerfile").asText();
      assertThat(dockerfile).isEqualTo("ops/docker/" + role + ".Dockerfile");
      assertThat(ROOT.resolve(dockerfile)).isRegularFile();
      assertThat(service.path("command").toString()).contains("--bootstrap", "kafka:19092");
    }
  }
}
