package io.urteil.judges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.urteil.chat.RemoteServer;
import io.urteil.chat.server.AllowedUrls;
import io.urteil.chat.server.JudgeServers;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.SlotSettings;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Purpose;
import io.urteil.event.Vote;
import io.urteil.file.FileRoots;
import io.urteil.file.HubCache;
import io.urteil.file.ModelName;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.JudgeSection;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run file can reach through the judges of a worker, and what that costs. */
class JudgeServersOfRunFilesTest {

  private static final RunFile RUN =
      RunFileReader.read(
          "run",
          """
          run: r
          data: {prompts: p}
          batch: {kind: none}
          judges:
            named: {type: generative, server: qwen, prompt: yes-no}
            other: {type: generative, server: unheard-of, prompt: yes-no}
            url: {type: generative, server: {url: "http://169.254.169.254/v1", model: m}, prompt: yes-no}
            jury:
              type: generative
              prompt: yes-no
              panel: {a: {server: qwen}, b: {server: cheap}, c: {server: {url: "http://h/v1", model: m}}}
          reward: {rule: scalar, unparseable: 0}
          """);

  private static final JudgeServers SERVERS =
      new JudgeServers(
          Map.of("qwen", server("qwen", 2, 10), "cheap", server("cheap", 1, 1)),
          AllowedUrls.none());

  @Test
  void shouldUseOnlyDeclaredServersUnlessTheOperatorAllowsAUrl() {
    // Given
    try (JudgeRegistry strict = registry(SERVERS);
        JudgeRegistry open = registry(SERVERS.allowing(AllowedUrls.all()))) {

      // When / Then
      assertThatCode(() -> strict.make(judge("named"))).doesNotThrowAnyException();
      assertThatThrownBy(() -> strict.make(judge("other")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "server: 'unheard-of' (expected: one of cheap, qwen, in the servers file of the judge worker)");
      assertThatThrownBy(() -> strict.make(judge("url")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a URL that this judge worker does not allow");
      assertThatCode(() -> open.make(judge("url"))).doesNotThrowAnyException();
    }
  }

  @Test
  void shouldOpenNoModelAndNoPromptOutsideOfTheRoots(@TempDir Path directory) throws Exception {
    // Given
    Path secret = Files.writeString(directory.resolve("secret.yaml"), "the-secret: content");
    Path root = Files.createDirectories(directory.resolve("models"));
    String judges =
        """
        run: r
        data: {prompts: p}
        batch: {kind: none}
        judges:
          prompt: {type: generative, server: qwen, prompt: %1$s}
          up: {type: generative, server: qwen, prompt: %2$s/../secret.yaml}
          model: {type: generative, model: %3$s, prompt: yes-no}
          scalar: {type: scalar, model: %3$s}
          named: {type: generative, model: org/tiny, prompt: yes-no}
          namedScalar: {type: scalar, model: org/tiny@v1}
        reward: {rule: scalar, judge: scalar}
        """
            .formatted(secret, root, directory);
    RunFile run = RunFileReader.read("run", judges);

    // When / Then
    try (JudgeRegistry registry =
        new JudgeRegistry(
            new SlotSettings(1, 64, 1 << 20),
            RuntimeSettings.defaults(),
            SERVERS,
            FileRoots.of(List.of(root)).with(new HubCache(cached(directory))))) {
      for (JudgeSection judge : run.judges().values()) {
        assertThatThrownBy(() -> registry.make(judge))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("below the data directory or a model root")
            .hasMessageNotContaining("the-secret");
      }
    }
  }

  /** A complete model {@code org/tiny} in a cache outside of the roots. */
  private static Path cached(Path directory) throws IOException {
    HubCache cache = new HubCache(directory.resolve("hub"));
    String commit = "0123456789abcdef0123456789abcdef01234567";
    for (String revision : List.of("main", "v1")) {
      ModelName name = new ModelName("org", "tiny", revision);
      Path snapshot = Files.createDirectories(cache.snapshotFolder(name, commit));
      Files.writeString(snapshot.resolve("config.json"), "the-secret");
      Files.writeString(snapshot.resolve("model.safetensors"), "the-secret");
      Files.createDirectories(cache.folder(name).resolve("refs"));
      Files.writeString(cache.folder(name).resolve("refs").resolve(revision), commit);
    }
    return cache.directory();
  }

  @Test
  void shouldSumTheCostOfTheVotesOfEachDeclaredServer() {
    // Given
    JudgeCosts costs =
        new JudgeCosts(SERVERS, id -> id.equals("r") ? Optional.of(RUN) : Optional.empty());
    List<Vote> votes = List.of(vote("a", 1_000, 100), vote("b", 1_000, 100), vote("c", 9_000, 900));

    // When / Then
    assertThat(costs.applyAsDouble(judgement("r", "jury", votes)))
        .isCloseTo((2_000 + 1_000 + 1_000 + 100) / 1e6, within(1e-12));
    assertThat(costs.applyAsDouble(judgement("r", "named", List.of(vote("", 1_000_000, 0)))))
        .isEqualTo(2);
    assertThat(costs.applyAsDouble(judgement("r", "url", List.of(vote("", 5, 5))))).isZero();
    assertThat(costs.applyAsDouble(judgement("r", "gone", votes))).isZero();
    assertThat(costs.applyAsDouble(judgement("unknown", "jury", votes))).isZero();
  }

  private static JudgeSection judge(String name) {
    return Objects.requireNonNull(RUN.judges().get(name));
  }

  private static JudgeRegistry registry(JudgeServers servers) {
    return new JudgeRegistry(
        new SlotSettings(1, 64, 1 << 20), RuntimeSettings.defaults(), servers, FileRoots.any());
  }

  private static RemoteServer server(String name, double input, double output) {
    RemoteServer plain = RemoteServer.at(URI.create("http://127.0.0.1:1/v1"), "m");
    return new RemoteServer(
        name,
        plain.urls(),
        "m",
        null,
        Map.of(),
        new RemoteServer.Body(
            RemoteServer.LogProbabilities.NEVER,
            true,
            RemoteServer.AssistantPrefix.NONE,
            Set.of(),
            JsonNodeFactory.instance.objectNode()),
        plain.limits(),
        plain.retries(),
        new RemoteServer.Price(input, output),
        true);
  }

  private static Vote vote(String member, int prompt, int completion) {
    return Vote.newBuilder()
        .setOrder("0")
        .setSample(0)
        .setStatus(JudgementStatus.SCORED)
        .setJudge(member)
        .setPromptTokens(prompt)
        .setCompletionTokens(completion)
        .build();
  }

  private static Judgement judgement(String run, String judge, List<Vote> votes) {
    return Judgement.newBuilder()
        .setJudgementId("j")
        .setRunId(run)
        .setGroupId("g")
        .setArm("only")
        .setIndex(0)
        .setPurpose(Purpose.TRAIN)
        .setJudge(judge)
        .setJudgeVersion("v")
        .setContentHash("h")
        .setStatus(JudgementStatus.SCORED)
        .setVotes(votes)
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
