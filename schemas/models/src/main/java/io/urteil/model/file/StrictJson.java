package io.urteil.model.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads and writes JSON; a duplicate key is an error. Reading bounds size, depth and numbers. */
public final class StrictJson {

  public static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private StrictJson() {}

  /**
   * The object in a file.
   *
   * @throws UnusableModelException if the file has more than that number of bytes or is not a JSON
   *     object
   */
  public static ObjectNode object(Path file, long mostBytes) throws IOException {
    return object(file, BoundedFile.bytes(file, mostBytes));
  }

  /**
   * The object in the bytes of a file.
   *
   * @throws UnusableModelException if they are not a JSON object
   */
  public static ObjectNode object(Path file, byte[] json) {
    JsonNode root = tree(file, json);
    if (root instanceof ObjectNode object) {
      return object;
    }
    throw new UnusableModelException(
        file, List.of("%s (expected: a JSON object)".formatted(root.getNodeType())));
  }

  /**
   * The value in the bytes of a file.
   *
   * @throws UnusableModelException if they are not JSON
   */
  public static JsonNode tree(Path file, byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UnusableModelException(file, List.of("unreadable JSON: " + e.getMessage()));
    } catch (IOException e) {
      throw new UnusableModelException(file, List.of("unreadable text: " + e.getMessage()));
    }
  }
}
