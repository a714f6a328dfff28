package io.urteil.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.run.RunFileReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServeGuideTest {

  private static final String RUN =
      """
      run: quality
      judges: { answer: { type: answer } }
      reward: { rule: correct, unparseable: 0.0 }
      """;

  @Test
  void shouldShowTheLinesOfEachTrainer() {
    // When
    String guide =
        ServeGuide.text("127.0.0.1", 9000, false, List.of(RunFileReader.read("quality.yaml", RUN)));

    // Then
    assertThat(guide)
        .contains("curl -s http://127.0.0.1:9000/v1/rewards", "\"run\": \"quality\"")
        .contains("reward_funcs=urteil_rewards.trl(\"http://127.0.0.1:9000\", \"quality\")")
        .contains("reward_kwargs.url=http://127.0.0.1:9000", "reward_kwargs.run=quality")
        .contains("--reward.remote_url http://127.0.0.1:9000/get_reward?run=quality")
        .contains("http://127.0.0.1:9000/q/swagger-ui");
  }

  @Test
  void shouldShowWhereTheKeyBelongs() {
    // When
    String guide = ServeGuide.text("::", 80, true, List.of(RunFileReader.read("q.yaml", RUN)));

    // Then
    assertThat(guide)
        .contains("http://[::]:80/v1/rewards -H 'Authorization: Bearer KEY' -H")
        .contains("--reward.remote_url http://[::]:80/k/KEY/get_reward?run=quality")
        .contains("URTEIL_API_KEY");
  }

  @Test
  void shouldNameOnlyFilesThatExist() {
    // Given
    String guide =
        ServeGuide.text("::1", 80, false, List.of(RunFileReader.read("quality.yaml", RUN)));

    // Then
    assertThat(guide).contains("http://[::1]:80/");
    assertThat(guide.replace("\n", " ").split("[ (,=;:)]+"))
        .filteredOn(word -> word.startsWith("ops/"))
        .isNotEmpty()
        .allSatisfy(word -> assertThat(Files.exists(Path.of("../..", word))).isTrue());
  }
}
