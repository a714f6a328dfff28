package io.urteil.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Finds JSON that this process can read and the native tokenizer library cannot. The library panics
 * at some of it, for instance in the decoder section, and a panic there ends the process.
 */
final class LibraryJson {

  /** The library's parser goes to a depth of 128. */
  private static final int MAX_DEPTH = 100;

  private static final int MAX_PROBLEMS = 10;
  private static final int MAX_PLACE_CHARS = 200;

  private static final JsonNode NO_MERGES = MissingNode.getInstance();

  private final List<String> problems = new ArrayList<>();

  private LibraryJson() {}

  /** What the library cannot read, with its place; empty if it can read all. */
  static List<String> problems(JsonNode root) {
    LibraryJson found = new LibraryJson();
    found.walk(root, "", 0);
    found.normalizer(root.path("normalizer"), "normalizer");
    found.merges(root.path("model"));
    return found.problems;
  }

  /** The library panics at a normalizer of type Precompiled that it cannot read. */
  private void normalizer(JsonNode normalizer, String place) {
    int index = 0;
    for (JsonNode one : normalizer.path("normalizers")) {
      normalizer(one, "%s.normalizers[%d]".formatted(place, index++));
    }
    if (normalizer.path("type").asText().equals("Precompiled")
        && !isCharacterMap(normalizer.path("precompiled_charsmap"))) {
      problem(
          place + ".precompiled_charsmap",
          "not a map of characters (expected: that of SentencePiece, in Base64)");
    }
  }

  /** The library cuts the prefix off the second part of each merge, whether it is there or not. */
  private void merges(JsonNode model) {
    String prefix = model.path("continuing_subword_prefix").asText("");
    int index = 0;
    for (JsonNode merge : prefix.isEmpty() ? NO_MERGES : model.path("merges")) {
      String text = merge.asText("");
      String second =
          merge.isArray() ? merge.path(1).asText("") : text.substring(text.indexOf(' ') + 1);
      if (!second.startsWith(prefix)) {
        problem(
            "model.merges[" + index + "]",
            "a second part without the prefix (expected: one that begins with"
                + " model.continuing_subword_prefix)");
        return;
      }
      index++;
    }
  }

  /**
   * The size of a trie in bytes, four bytes, little endian; the trie, of numbers of four bytes; and
   * the texts that it refers to, in UTF-8.
   */
  private static boolean isCharacterMap(JsonNode map) {
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Base64.getDecoder().decode(map.asText())).order(ByteOrder.LITTLE_ENDIAN);
      int size = map.isTextual() && bytes.remaining() >= Integer.BYTES ? bytes.getInt() : -1;
      if (size <= 0 || size % Integer.BYTES != 0 || size > bytes.remaining()) {
        return false;
      }
      bytes.position(bytes.position() + size);
      StandardCharsets.UTF_8.newDecoder().decode(bytes);
      return true;
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return false;
    }
  }

  private void walk(JsonNode node, String place, int depth) {
    if (problems.size() >= MAX_PROBLEMS) {
      return;
    }
    if (depth > MAX_DEPTH) {
      problem(place, "nested too deep (expected: at most %d levels)".formatted(MAX_DEPTH));
    } else if (node.isObject()) {
      node.properties()
          .forEach(
              property -> {
                text(property.getKey(), place);
                walk(property.getValue(), within(place, property.getKey()), depth + 1);
              });
    } else if (node.isArray()) {
      int index = 0;
      for (JsonNode element : node) {
        // The place of an element is made only where it is needed: there may be millions.
        if (element.isValueNode()) {
          value(element, place, index);
        } else {
          walk(element, place + "[" + index + "]", depth + 1);
        }
        index++;
      }
    } else {
      value(node, place, -1);
    }
  }

  private void value(JsonNode node, String place, int index) {
    if (node.isTextual()) {
      text(node.textValue(), place);
    } else if (node.isNumber() && !Double.isFinite(node.doubleValue())) {
      problem(
          index < 0 ? place : "%s[%d]".formatted(place, index),
          "a number that is too large (expected: a finite one)");
    }
  }

  private void text(String text, String place) {
    if (!WellFormedText.isWellFormed(text)) {
      problem(place, "a text with half a surrogate pair (expected: Unicode)");
    }
  }

  private void problem(String place, String problem) {
    problems.add("%s: %s".formatted(place.isEmpty() ? "(the file)" : place, problem));
  }

  private static String within(String place, String name) {
    String whole = place.isEmpty() ? name : place + "." + name;
    return whole.length() <= MAX_PLACE_CHARS ? whole : whole.substring(0, MAX_PLACE_CHARS);
  }
}
