package io.urteil.chat.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.urteil.chat.RemoteServer;
import io.urteil.chat.Secret;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a servers file. All problems are reported together, each with its path, its value and the
 * expectation; no message contains a key. Keys are read once, from files or environment variables
 * of this process.
 */
public final class JudgeServersReader {

  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final String NAME = "[A-Za-z0-9_-]+";
  private static final String VARIABLE = "[A-Z_][A-Z0-9_]*";
  private static final String OF_VARIABLE = "variable:";
  private static final String OF_FILE = "file:";
  private static final int MAX_KEY_BYTES = 16_384;
  private static final URI PLACEHOLDER = URI.create("http://127.0.0.1/v1");

  private final Path directory;
  private final Function<String, @Nullable String> environment;
  private final List<String> problems = new ArrayList<>();

  private JudgeServersReader(Path directory, Function<String, @Nullable String> environment) {
    this.directory = directory;
    this.environment = environment;
  }

  /**
   * The servers of this file. Relative paths of keys are resolved against its directory.
   *
   * @throws IllegalArgumentException naming every problem
   */
  public static JudgeServers read(Path file) {
    try {
      return read(file, Files.readString(file), System::getenv);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "servers file %s: cannot be read: %s (expected: a YAML file in UTF-8)"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }

  /**
   * The servers of this text.
   *
   * @param environment the value of a variable; null if it is not set
   */
  static JudgeServers read(Path file, String text, Function<String, @Nullable String> environment) {
    JudgeServersReader reader =
        new JudgeServersReader(file.toAbsolutePath().normalize().resolveSibling(""), environment);
    JudgeServers servers = reader.servers(text);
    if (!reader.problems.isEmpty()) {
      throw new IllegalArgumentException(
          "servers file %s:%n- %s".formatted(file, String.join("\n- ", reader.problems)));
    }
    return servers;
  }

  private JudgeServers servers(String text) {
    JsonNode root;
    try {
      root = YAML.readTree(text);
    } catch (JsonProcessingException e) {
      // The parser's message may quote the line, and so a key.
      problems.add(
          e.getLocation() == null
              ? "not YAML"
              : "line %d, column %d: not YAML, or a key that stands twice"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
      return JudgeServers.none();
    }
    Keys<JudgeServers> keys = Keys.read(root == null ? MissingNode.getInstance() : root, problems);
    Map<String, RemoteServer> declared = new HashMap<>();
    keys.byName("servers", JudgeServers::declared, this::server, false, "The servers by name.")
        .forEach(
            (name, server) -> {
              if (!name.matches(NAME)) {
                problems.add(
                    "servers: '%s' (expected: a name of letters, digits, '_' or '-')"
                        .formatted(name));
              }
              declared.put(name, server.withName(name));
            });
    AllowedUrls urls = allowed(keys);
    keys.rejectUnknown();
    return new JudgeServers(declared, urls);
  }

  private static AllowedUrls allowed(Keys<JudgeServers> keys) {
    List<String> texts =
        keys.texts(
            "allowedUrls",
            servers -> List.of(),
            "URLs that run files may name, with all below them.");
    try {
      return AllowedUrls.of(texts);
    } catch (IllegalArgumentException e) {
      keys.addProblem("allowedUrls: " + e.getMessage());
      return AllowedUrls.none();
    }
  }

  /** The server of this mapping; a placeholder if it has problems. */
  private RemoteServer server(Keys<RemoteServer> keys) {
    int before = keys.problems().size();
    List<URI> urls = urls(keys);
    String model =
        keys.text(
            "model",
            RemoteServer::model,
            null,
            "the model's name on the server",
            "The model to use on the server.");
    Secret apiKey = apiKey(keys);
    Map<String, Secret> headers = headers(keys);
    RemoteServer.Body body = body(keys);
    RemoteServer.Limits limits = limits(keys);
    RemoteServer.Retries retries = retries(keys);
    RemoteServer.Price price =
        keys.section(
            "price",
            RemoteServer::price,
            JudgeServersReader::price,
            "Price of tokens, in any currency.");
    RemoteServer placeholder = RemoteServer.at(PLACEHOLDER, "model");
    if (keys.problems().size() > before) {
      return placeholder;
    }
    try {
      return new RemoteServer(
          null, urls, model, apiKey, headers, body, limits, retries, price, true);
    } catch (IllegalArgumentException e) {
      keys.hiddenProblem("", String.valueOf(e.getMessage()));
      return placeholder;
    }
  }

  private static List<URI> urls(Keys<RemoteServer> keys) {
    List<String> texts =
        keys.has("url")
            ? List.of(
                keys.text(
                    "url",
                    server -> server.urls().getFirst().toString(),
                    null,
                    "such as http://127.0.0.1:8000/v1",
                    "The URL of the server, including the version of the protocol."))
            : keys.texts(
                "urls",
                server -> server.urls().stream().map(URI::toString).toList(),
                "URLs of equal servers, among which requests are balanced.");
    if (keys.has("url") && keys.has("urls")) {
      keys.hiddenProblem("urls", "either url or urls");
    } else if (texts.isEmpty() && !keys.has("urls")) {
      keys.problem("url", "such as http://127.0.0.1:8000/v1; or urls");
    }
    List<URI> urls = new ArrayList<>();
    for (String text : texts) {
      try {
        urls.add(URI.create(text));
      } catch (IllegalArgumentException e) {
        keys.hiddenProblem("url", "URLs such as http://127.0.0.1:8000/v1");
      }
    }
    return urls;
  }

  private @Nullable Secret apiKey(Keys<RemoteServer> keys) {
    if (keys.has("apiKeyVariable") && keys.has("apiKeyFile")) {
      keys.hiddenProblem("apiKeyFile", "either apiKeyVariable or apiKeyFile");
      return null;
    }
    String variable =
        keys.optionalText(
            "apiKeyVariable",
            server -> "",
            "the name of an environment variable",
            "The environment variable of this process that holds the API key.");
    String file =
        keys.optionalText(
            "apiKeyFile",
            server -> "",
            "a path",
            "The file that holds the API key; white space around it is removed.");
    if (variable != null) {
      return ofVariable(keys, "apiKeyVariable", variable);
    }
    return file == null ? null : ofFile(keys, "apiKeyFile", file);
  }

  /** A pasted key matches no variable's name, and is not shown. */
  private @Nullable Secret ofVariable(Keys<RemoteServer> keys, String key, String variable) {
    if (!variable.matches(VARIABLE)) {
      keys.hiddenProblem(
          key,
          "the name of an environment variable: upper-case letters, digits and '_'; the key itself"
              + " belongs in that variable");
      return null;
    }
    String value = environment.apply(variable);
    if (value == null || value.isBlank()) {
      keys.hiddenProblem(key, "environment variable %s with the key".formatted(variable));
      return null;
    }
    return secret(keys, key, value);
  }

  private @Nullable Secret ofFile(Keys<RemoteServer> keys, String key, String file) {
    try {
      Path path = directory.resolve(file);
      if (Files.size(path) > MAX_KEY_BYTES) {
        keys.hiddenProblem(key, "a file of at most %d bytes".formatted(MAX_KEY_BYTES));
        return null;
      }
      return secret(keys, key, Files.readString(path));
    } catch (IOException | InvalidPathException | SecurityException e) {
      keys.hiddenProblem(key, "a readable file with the key: " + e.getClass().getSimpleName());
      return null;
    }
  }

  private static @Nullable Secret secret(Keys<RemoteServer> keys, String key, String value) {
    try {
      return Secret.of(value.strip());
    } catch (IllegalArgumentException e) {
      keys.hiddenProblem(key, "a key of printable ASCII characters on one line");
      return null;
    }
  }

  private Map<String, Secret> headers(Keys<RemoteServer> keys) {
    Map<String, Secret> headers = new HashMap<>();
    keys.textsByName(
            "headers",
            server -> Map.of(),
            "names of headers with texts",
            "Further headers. A value variable:NAME or file:PATH is read from there.")
        .forEach(
            (name, text) -> {
              String key = "headers." + name;
              Secret value =
                  text.startsWith(OF_VARIABLE)
                      ? ofVariable(keys, key, text.substring(OF_VARIABLE.length()))
                      : text.startsWith(OF_FILE)
                          ? ofFile(keys, key, text.substring(OF_FILE.length()))
                          : secret(keys, key, text);
              if (value != null) {
                headers.put(name, value);
              }
            });
    return headers;
  }

  private static RemoteServer.Body body(Keys<RemoteServer> keys) {
    RemoteServer.LogProbabilities logProbabilities =
        keys.choice(
            "logProbabilities",
            server -> server.body().logProbabilities(),
            RemoteServer.LogProbabilities.class,
            RemoteServer.LogProbabilities.WHEN_NEEDED,
            "When log-probabilities are requested.");
    Sending temperature =
        keys.choice(
            "temperature",
            server -> server.body().temperature() ? Sending.SEND : Sending.NEVER,
            Sending.class,
            Sending.SEND,
            "Whether temperature, top_p and top_k are sent.");
    Set<String> omitted =
        new LinkedHashSet<>(
            keys.texts(
                "omit",
                server -> List.copyOf(server.body().omitted()),
                "Keys of requests that are never sent, such as seed."));
    ObjectNode extra =
        keys.opaque("body", server -> server.body().extra(), "Keys added to every request.")
            .deepCopy();
    responseFormat(keys, extra);
    return new RemoteServer.Body(
        logProbabilities,
        temperature == Sending.SEND,
        keys.choice(
            "assistantPrefix",
            server -> server.body().assistantPrefix(),
            RemoteServer.AssistantPrefix.class,
            RemoteServer.AssistantPrefix.NONE,
            "How the assistant prefix of a prompt, such as <think>, is sent."),
        omitted,
        extra);
  }

  private static void responseFormat(Keys<RemoteServer> keys, ObjectNode extra) {
    ObjectNode format =
        keys.opaque(
            "responseFormat",
            server -> JsonNodeFactory.instance.objectNode(),
            "The format that the server is asked to answer in, such as {type: json_object}.");
    if (!format.isEmpty()) {
      extra.set("response_format", format.deepCopy());
    }
  }

  private static RemoteServer.Limits limits(Keys<RemoteServer> keys) {
    return new RemoteServer.Limits(
        keys.integer(
            "concurrency",
            server -> server.limits().concurrency(),
            32,
            Bounds.INTEGER_FROM_1,
            "Maximum concurrent requests."),
        keys.integer(
            "requestsPerMinute",
            server -> server.limits().requestsPerMinute(),
            0,
            Bounds.INTEGER_OR_NO_LIMIT,
            "Maximum requests in a minute."),
        keys.integer(
            "tokensPerMinute",
            server -> server.limits().tokensPerMinute(),
            0,
            Bounds.INTEGER_OR_NO_LIMIT,
            "Maximum tokens in a minute, prompt and answer together."));
  }

  private static RemoteServer.Retries retries(Keys<RemoteServer> keys) {
    return new RemoteServer.Retries(
        keys.integer(
            "tries",
            server -> server.retries().tries(),
            6,
            Bounds.integer(1, 100),
            "Maximum number of times that a request is sent."),
        keys.duration(
            "backOff",
            server -> server.retries().backOff(),
            Duration.ofMillis(500),
            "Pause after the first try; doubles with each try."),
        keys.duration(
            "backOffLimit",
            server -> server.retries().backOffLimit(),
            Duration.ofMinutes(1),
            "Maximum pause, that of a Retry-After header included."),
        keys.duration(
            "connectTimeout",
            server -> server.retries().connectTimeout(),
            Duration.ofSeconds(10),
            "Limit of the time to connect."),
        keys.duration(
            "requestTimeout",
            server -> server.retries().timeLimit(),
            Duration.ofMinutes(2),
            "Limit of the time of one try."));
  }

  private static RemoteServer.Price price(Keys<RemoteServer.Price> keys) {
    return new RemoteServer.Price(
        keys.number(
            "inputPerMillion",
            RemoteServer.Price::inputPerMillion,
            0.0,
            Bounds.FROM_0,
            "Price of a million prompt tokens."),
        keys.number(
            "outputPerMillion",
            RemoteServer.Price::outputPerMillion,
            0.0,
            Bounds.FROM_0,
            "Price of a million generated tokens."));
  }

  /** Whether something is sent. */
  private enum Sending {
    SEND,
    NEVER
  }
}
