package io.urteil.chat.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.chat.RemoteServer;
import io.urteil.chat.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeServersReaderTest {

  private static final String KEY = "sk-live-THIS-IS-A-SECRET";

  @TempDir private Path directory;

  @Test
  void shouldReadAFullDeclaration() throws IOException {
    // Given
    Files.writeString(directory.resolve("team.key"), "\n  " + KEY + "\n");
    String text =
        """
        servers:
          qwen:
            urls: [http://10.0.0.7:8000/v1, http://10.0.0.8:8000/v1]
            model: Qwen/Qwen2.5-32B-Instruct
            apiKeyFile: team.key
            headers: {X-Team: rewards, X-Other: "variable:OTHER_KEY"}
            body: {chat_template_kwargs: {enable_thinking: true}}
            responseFormat: {type: json_object}
            omit: [seed]
            logProbabilities: never
            temperature: never
            assistantPrefix: last-message
            concurrency: 8
            requestsPerMinute: 100
            tokensPerMinute: 90000
            tries: 3
            backOff: 1s
            backOffLimit: 30s
            connectTimeout: 2s
            requestTimeout: 5m
            price: {inputPerMillion: 2.5, outputPerMillion: 10}
          plain: {url: http://127.0.0.1:8000/v1, model: m}
        allowedUrls: ["http://127.0.0.1:9000"]
        """;

    // When
    JudgeServers servers = read(text);

    // Then
    RemoteServer qwen = servers.named("qwen");
    assertThat(qwen.urls())
        .containsExactly(
            URI.create("http://10.0.0.7:8000/v1"), URI.create("http://10.0.0.8:8000/v1"));
    assertThat(qwen.apiKey()).isEqualTo(Secret.of(KEY));
    assertThat(qwen.headers())
        .isEqualTo(Map.of("X-Team", Secret.of("rewards"), "X-Other", Secret.of("other-value")));
    assertThat(qwen.body().extra().toString())
        .isEqualTo(
            "{\"chat_template_kwargs\":{\"enable_thinking\":true},\"response_format\":{\"type\":\"json_object\"}}");
    assertThat(qwen.body().logProbabilities()).isEqualTo(RemoteServer.LogProbabilities.NEVER);
    assertThat(qwen.body().temperature()).isFalse();
    assertThat(qwen.body().omitted()).containsExactly("seed");
    assertThat(qwen.limits()).isEqualTo(new RemoteServer.Limits(8, 100, 90_000));
    assertThat(qwen.retries())
        .isEqualTo(
            new RemoteServer.Retries(
                3,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Duration.ofMinutes(5)));
    assertThat(qwen.price().of(1_000_000, 100_000)).isEqualTo(3.5);
    assertThat(qwen.toString()).isEqualTo("'qwen' (Qwen/Qwen2.5-32B-Instruct)");
    assertThat(String.valueOf(servers)).doesNotContain(KEY, "rewards");
    assertThat(servers.named("plain").body().logProbabilities())
        .isEqualTo(RemoteServer.LogProbabilities.WHEN_NEEDED);
    assertThat(servers.urls().allow("http://127.0.0.1:9000/v1")).isTrue();
    assertThat(servers.hasPrices()).isTrue();
  }

  @Test
  void shouldNameEveryProblemAndNoKey() {
    // Given
    String text =
        """
        servers:
          pasted: {url: http://h/v1, model: m, apiKeyVariable: %1$s}
          unknown: {url: http://h/v1, model: m, apiKey: %1$s}
          unset: {url: http://h/v1, model: m, apiKeyVariable: UNSET}
          gone: {url: http://h/v1, model: m, apiKeyFile: nowhere}
          both: {url: http://h/v1, urls: [http://h/v1], model: m}
          user: {url: "http://me:%1$s@h/v1", model: m}
          query: {url: "http://h/v1?key=%1$s", model: m}
          header: {url: http://h/v1, model: m, headers: {Host: x, "a b": "%1$s\\n"}}
          body: {url: http://h/v1, model: m, body: {messages: []}}
          none: {model: m}
          slow: {url: http://h/v1, model: m, tries: 0, connectTimeout: 0s}
        allowedUrls: ["*"]
        """
            .formatted(KEY);

    // When / Then
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "servers.pasted.apiKeyVariable: not shown (expected: the name of an environment",
            "servers.unknown.apiKey: not shown (expected: no such key",
            "servers.unset.apiKeyVariable: not shown (expected: environment variable UNSET",
            "servers.gone.apiKeyFile: not shown (expected: a readable file",
            "servers.both.urls: not shown (expected: either url or urls)",
            "servers.user: not shown (expected: url: one with user information",
            "servers.query: not shown (expected: url: one with user information",
            "headers: 'a b' (expected: the name of another header)",
            "headers: 'Host' (expected: the name of another header)",
            "servers.body: not shown (expected: body.messages: a key of the protocol",
            "servers.none.url: missing",
            "servers.slow.tries: 0",
            "servers.slow.connectTimeout: '0s'",
            "allowedUrls: '*'")
        .hasMessageNotContaining(KEY);
  }

  @Test
  void shouldRefuseAFileThatIsNotYamlWithoutQuotingIt() {
    // When / Then
    assertThatThrownBy(() -> read("servers: {a: {apiKeyFile: '" + KEY + "}"))
        .hasMessageContaining("not YAML")
        .hasMessageNotContaining(KEY);
    assertThatThrownBy(() -> read("servers: {}\nservers: {}")).hasMessageContaining("stands twice");
    assertThatThrownBy(() -> JudgeServersReader.read(directory.resolve("missing.yaml")))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void shouldNameTheDeclaredServersWhenARunFileNamesAnother() {
    // Given
    JudgeServers servers = read("servers: {b: {url: http://h/v1, model: m}}");

    // When / Then
    assertThatThrownBy(() -> servers.named("a"))
        .hasMessage("server: 'a' (expected: one of b, in the servers file of the judge worker)");
    assertThatThrownBy(() -> servers.requireAllowed("http://internal/v1"))
        .hasMessageContaining("does not allow")
        .hasMessageNotContaining("internal");
  }

  /** Whatever the file says, no message and no text contains the key. */
  @Property(tries = 500)
  void shouldNeverShowAKeyWhereverItIsPasted(@ForAll("files") String text) {
    // When
    String shown;
    try {
      shown = String.valueOf(JudgeServersReader.read(Path.of("s.yaml"), text, name -> KEY));
    } catch (IllegalArgumentException e) {
      shown = String.valueOf(e);
    }

    // Then
    assertThat(shown).doesNotContain(KEY);
  }

  /** Declarations with the key in one of the places where an author may paste it. */
  @Provide
  Arbitrary<String> files() {
    Arbitrary<String> places =
        Arbitraries.of(
            "apiKeyVariable: %s",
            "apiKeyFile: %s",
            "apiKeyFile: [%s]",
            "apiKeyVariable: {a: %s}",
            "apiKey: %s",
            "api_key: %s",
            "api-key: {value: %s}",
            "authorization: Bearer %s",
            "headers: %s",
            "headers: [%s]",
            "headers: {Authorization: Bearer %s}",
            "headers: {X-Key: '%s '}",
            "headers: {X-Key: \"%s\\n\"}",
            "headers: {X-Key: 'variable:%s'}",
            "headers: {X-Key: 'file:%s'}",
            "url: 'http://%s@h/v1'",
            "url: 'http://me:%s@h/v1'",
            "url: 'http://h/v1?k=%s'",
            "url: 'http://h/v1#%s'",
            "secret: %s",
            "password: %s",
            "token: %s");
    return places
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(
            lines ->
                "servers:\n  x:\n    model: m\n    url: http://h/v1\n    "
                    + String.join("\n    ", lines).replace("%s", KEY)
                    + "\n");
  }

  private JudgeServers read(String text) {
    return JudgeServersReader.read(
        directory.resolve("servers.yaml"),
        text,
        name -> name.equals("OTHER_KEY") ? "other-value" : null);
  }
}
