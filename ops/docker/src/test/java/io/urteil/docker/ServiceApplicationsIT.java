package io.urteil.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.embedded.JavaProcess;
import io.urteil.embedded.Ports;
import io.urteil.event.Checkpoint;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.local.arithmetic.ArithmeticPrompts;
import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.testing.TopicEvents;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service applications as processes. */
class ServiceApplicationsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int SIGTERM = 143;
  private static final String RUN = "two-steps";
  private static final int STEPS = 2;

  @TempDir private Path directory;

  @Test
  void shouldWaitForTheBrokerThenRunARunToItsEndAndStopOnSigterm() throws Exception {
    // Given
    int port = Ports.free();
    RunFile run = runFile();
    try (Service topology = service(PackagedApplication.TOPOLOGY, port, Map.of());
        Service judge =
            service(
                PackagedApplication.JUDGE,
                port,
                Map.of(
                    "URTEIL_JUDGE_ROLES", "judge,sampler",
                    "URTEIL_SAMPLER_MODEL_SLOTS", "32"));
        Service trainer =
            service(PackagedApplication.TRAINER, port, Map.of("URTEIL_TRAINER_RUN", RUN))) {
      List<Service> services = List.of(topology, judge, trainer);
      services.forEach(
          service -> {
            service.awaitReady(503);
            assertThat(service.get("/q/health/ready").body())
                .contains("blocked: no answer from a broker at 127.0.0.1:" + port);
            assertThat(service.get("/q/health/live").statusCode()).isEqualTo(200);
          });

      // When
      try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), port)) {
        Namespace namespace = new Namespace(kafka.bootstrap(), "it.", directory.resolve("test"));
        TopicCreator.create(namespace);
        try (EventProducer producer = EventProducer.idempotent(namespace)) {
          RunRegistry.publish(producer, run);
        }
        services.forEach(service -> service.awaitReady(200));
        try (Service feeder =
            service(
                PackagedApplication.JUDGE,
                port,
                Map.of("URTEIL_JUDGE_ROLES", "feeder", "URTEIL_FEEDER_RUN", RUN))) {
          await()
              .atMost(PATIENCE)
              .untilAsserted(
                  () ->
                      assertThat(TopicEvents.read(namespace, Topic.CHECKPOINTS, Checkpoint.class))
                          .extracting(Checkpoint::getVersion)
                          .contains((long) STEPS));

          // Then
          assertThat(judge.get("/q/health/ready").body())
              .contains("\"judge-worker\": \"running\"", "\"sampler\": \"running\"");
          assertThat(topology.get("/q/metrics").body())
              .contains("jvm_memory_used_bytes")
              .contains(
                  "urteil_topology_closed_groups_total{", "kafka_stream_thread_process_rate{");
          assertThat(judge.get("/q/metrics").body())
              .contains("urteil_judge_judgements_total{", "urteil_sampler_rollouts_total{")
              .contains("urteil_engine_tokens_total{", "kafka_consumer_");
          assertThat(trainer.process().awaitExit(PATIENCE)).isZero();
          for (Service service : List.of(judge, topology)) {
            assertThat(service.process().terminate(PATIENCE)).isEqualTo(SIGTERM);
            assertThat(service.process().output()).contains("stopped");
          }
        }
      }
    }
  }

  @Test
  void shouldEndTheStartOfAnUnknownKeyByItsName() throws Exception {
    // When
    try (JavaProcess misspelt =
            PackagedApplication.TOPOLOGY.start(
                directory, Map.of(), "-Durteil.topology.streams.thread=2");
        JavaProcess variable =
            PackagedApplication.TOPOLOGY.start(
                directory, Map.of("URTEIL_TOPOLOGY_STREAMS_THREAD", "2"), "-Dquarkus.http.port=0");
        JavaProcess missing = PackagedApplication.TRAINER.start(directory, Map.of())) {

      // Then
      assertThat(misspelt.awaitExit(PATIENCE)).isPositive();
      assertThat(misspelt.output()).contains("SRCFG00050", "urteil.topology.streams.thread ");
      assertThat(variable.awaitExit(PATIENCE)).isPositive();
      assertThat(variable.output()).contains("URTEIL_TOPOLOGY_STREAMS_THREAD: unknown");
      assertThat(missing.awaitExit(PATIENCE)).isPositive();
      assertThat(missing.output()).contains("urteil.trainer.run");
    }
  }

  @Test
  void shouldTakeSettingsFromAFileAndSecretsFromADirectory() throws Exception {
    // Given
    Path home = directory.resolve("files");
    int port = Ports.free();
    Files.createDirectories(home.resolve("config"));
    Files.writeString(
        home.resolve("config/application.properties"),
        "urteil.namespace.prefix=filed.\nquarkus.http.port=" + port + "\n");
    Path secrets = Files.createDirectories(directory.resolve("secrets"));
    Files.writeString(secrets.resolve("urteil.kafka.bootstrap.servers"), "127.0.0.1:1");

    // When
    try (Service topology =
        new Service(
            PackagedApplication.TOPOLOGY.start(
                home, Map.of("SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS", secrets.toString())),
            port)) {
      topology.awaitReady(503);

      // Then
      assertThat(topology.get("/q/health/ready").body())
          .contains("no answer from a broker at 127.0.0.1:1");
      assertThat(topology.process().terminate(PATIENCE)).isEqualTo(SIGTERM);
    }
  }

  private Service service(
      PackagedApplication application, int broker, Map<String, String> environment)
      throws IOException {
    int http = Ports.free();
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("URTEIL_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + broker);
    variables.put("URTEIL_NAMESPACE_PREFIX", "it.");
    variables.put("URTEIL_NAMESPACE_MODEL_ROOTS", directory.toString());
    variables.put("URTEIL_NAMESPACE_DATA_DIR", directory.resolve("data").toString());
    variables.put("OMP_NUM_THREADS", "1");
    variables.put("OMP_WAIT_POLICY", "PASSIVE");
    return new Service(
        application.start(directory, variables, "-Dquarkus.http.port=" + http), http);
  }

  private RunFile runFile() throws IOException {
    Path model = directory.resolve("seed-judge");
    SeedJudge.copyTo(model);
    Path prompts = directory.resolve("train.jsonl");
    ArithmeticPrompts.write(ArithmeticPrompts.training(24, 1), prompts);
    return RunFileReader.read(
        RUN,
        """
        run: %s
        policy: { model: %s }
        data: { prompts: %s, order: given, seed: 1 }
        group: { arms: [AB, BA], samplesPerArm: 2, deadline: 120s, onMissing: drop }
        sampling: { temperature: 1.0, maxTokens: 58 }
        judges: { outcome: { type: verdict, format: think-answer-scores } }
        reward: { rule: j1-consistency, right: 1.0, wrong: 0.0, unparseable: -0.5, consistent: 0.5 }
        batch: { kind: grpo, groups: 4, zeroVariance: keepCount, order: ordinal }
        staleness: { maxVersionsBehind: 1, exact: true }
        train: { objective: grpo, steps: %d, learningRate: 3.0e-5 }
        """
            .formatted(RUN, model, prompts, STEPS));
  }

  /** A service application that runs, and the port of its health. */
  private record Service(JavaProcess process, int port) implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    HttpResponse<String> get(String path) {
      try {
        return HTTP.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .build(),
            HttpResponse.BodyHandlers.ofString());
      } catch (IOException e) {
        throw new AssertionError(path + " of " + process.output(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    void awaitReady(int status) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(process.isAlive()).as(process.output()).isTrue();
                assertThat(get("/q/health/ready").statusCode()).isEqualTo(status);
              });
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
