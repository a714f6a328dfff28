package io.urteil.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.file.FileRoots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code settings} of a plug-in in a run file, read key by key. Wrong values and unused keys
 * are rejected with path, value and expectation.
 */
public final class PluginSettings {

  private final String owner;
  private final JsonNode node;
  private final FileRoots files;
  private final Set<String> read = new HashSet<>();

  /**
   * Settings that may name any file.
   *
   * @param owner the plug-in, for messages, such as {@code judge type 'acme.length'}
   * @param node the mapping of the run file
   */
  public PluginSettings(String owner, JsonNode node) {
    this(owner, node, FileRoots.any());
  }

  /**
   * @param files that the settings may name
   */
  public PluginSettings(String owner, JsonNode node, FileRoots files) {
    this.files = files;
    this.owner = owner;
    this.node = node;
  }

  /** A text; {@code fallback} if it is missing; without a fallback a missing key is rejected. */
  public String text(String key, @Nullable String fallback) {
    JsonNode value = value(key, fallback != null, "a text");
    return value == null
        ? String.valueOf(fallback)
        : checked(key, value, value.isValueNode(), "a text").asText();
  }

  /** The path of a file, which must exist where run files may name files; required. */
  public Path file(String key) {
    return files.require("%s, settings.%s".formatted(owner, key), text(key, null));
  }

  /** A number. */
  public double number(String key, @Nullable Double fallback) {
    JsonNode value = value(key, fallback != null, "a number");
    if (value == null) {
      return fallback == null ? 0 : fallback;
    }
    return checked(key, value, value.isNumber(), "a number").asDouble();
  }

  /** A whole number. */
  public int integer(String key, @Nullable Integer fallback) {
    JsonNode value = value(key, fallback != null, "a whole number");
    if (value == null) {
      return fallback == null ? 0 : fallback;
    }
    return checked(key, value, value.isInt(), "a whole number").asInt();
  }

  /** True or false. */
  public boolean flag(String key, boolean fallback) {
    JsonNode value = value(key, true, "true or false");
    return value == null
        ? fallback
        : checked(key, value, value.isBoolean(), "true or false").asBoolean();
  }

  /** Texts; none if the key is missing. */
  public List<String> texts(String key) {
    JsonNode value = value(key, true, "a list of texts");
    List<String> texts = new ArrayList<>();
    if (value != null) {
      checked(key, value, value.isArray(), "a list of texts");
      value.forEach(text -> texts.add(text.asText()));
    }
    return texts;
  }

  /** Rejects unused keys; called after the plug-in was created. */
  public void rejectUnknown() {
    node.fieldNames()
        .forEachRemaining(
            key ->
                checked(
                    key,
                    node.path(key),
                    read.contains(key),
                    "no such key; known keys: "
                        + String.join(", ", read.stream().sorted().toList())));
  }

  private @Nullable JsonNode value(String key, boolean optional, String expectation) {
    read.add(key);
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      if (!optional) {
        throw problem(key, "missing", expectation);
      }
      return null;
    }
    return value;
  }

  private JsonNode checked(String key, JsonNode value, boolean good, String expectation) {
    if (!good) {
      throw problem(key, value.toString(), expectation);
    }
    return value;
  }

  private IllegalArgumentException problem(String key, String value, String expectation) {
    return new IllegalArgumentException(
        "settings.%s of %s: %s (expected: %s)".formatted(key, owner, value, expectation));
  }
}
