package io.urteil.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The compose file and the images, as far as they can be checked without a Docker engine. */
class DeploymentFilesTest {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
  private static final String DOCKERFILE = "ops/docker/Dockerfile";

  /** Services of the compose file and the application that each runs. */
  private static final Map<String, String> SERVICES =
      Map.of("judge", "judge", "sampler", "judge", "topology", "topology", "trainer", "trainer");

  @Test
  void shouldBuildEveryImageFromItsPackagedApplicationAlone() throws IOException {
    // Given
    List<String> lines = Files.readAllLines(ROOT.resolve(DOCKERFILE));

    // When
    List<String> packaged = new ArrayList<>();
    for (String line : lines) {
      assertThat(line).doesNotStartWith("ADD ").doesNotStartWith("RUN ");
      if (line.startsWith("COPY ") && !line.startsWith("COPY --from=application ")) {
        packaged.add(line.split(" ")[1]);
      }
    }

    // Then
    assertThat(packaged)
        .containsExactlyInAnyOrder(
            PackagedApplication.JUDGE.directory() + "/",
            PackagedApplication.TOPOLOGY.directory() + "/",
            PackagedApplication.TRAINER.directory() + "/");
    for (String role : SERVICES.values()) {
      assertThat(lines).contains("FROM scratch AS " + role);
    }
    assertThat(lines).contains("FROM ${ROLE} AS application");
    assertThat(lines.getLast()).startsWith("ENTRYPOINT [").endsWith("\"/urteil/quarkus-run.jar\"]");
    assertThat(lines).anyMatch(line -> line.startsWith("HEALTHCHECK "));
  }

  @Test
  void shouldComposeEveryServiceFromItsImageWithAHealthCheck() throws IOException {
    // Given
    JsonNode services = services();

    for (Map.Entry<String, String> expected : SERVICES.entrySet()) {
      // When
      JsonNode service = services.path(expected.getKey());

      // Then
      assertThat(service.path("build").path("dockerfile").asText()).isEqualTo(DOCKERFILE);
      assertThat(service.path("build").path("args").path("ROLE").asText())
          .isEqualTo(expected.getValue());
      assertThat(service.path("environment").path("<<").asText()).isEqualTo("environment");
      JsonNode shared = service.path("<<").path("environment");
      assertThat(shared.path("URTEIL_KAFKA_BOOTSTRAP_SERVERS").asText()).isEqualTo("kafka:19092");
      assertThat(shared.path("URTEIL_NAMESPACE_MODEL_ROOTS").asText()).isEqualTo("/data");
      assertThat(service.path("<<").path("healthcheck").path("test").toString())
          .contains("/q/health/ready");
    }
  }

  @Test
  void shouldStartPrometheusAndGrafanaOnlyWithTheProfileMonitoring() throws IOException {
    // When
    JsonNode services = services();

    // Then
    for (String name : List.of("prometheus", "grafana")) {
      assertThat(services.path(name).path("profiles").toString()).isEqualTo("[\"monitoring\"]");
    }
  }

  /** The services, with {@code <<: *service} as a child of that name. */
  private static JsonNode services() throws IOException {
    String text = Files.readString(ROOT.resolve("docker-compose.yml"));
    JsonNode file = new ObjectMapper(new YAMLFactory()).readTree(text);
    JsonNode services = file.path("services");
    services.forEach(
        service -> {
          if (service.path("<<").isTextual()) {
            ((com.fasterxml.jackson.databind.node.ObjectNode) service)
                .set("<<", file.path("x-" + service.path("<<").asText()));
          }
        });
    return services;
  }
}
