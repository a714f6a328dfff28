package io.urteil.model.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.model.file.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file: entries in file order, and free metadata. Reading checks
 * the guarantees of the format: known types, lengths that match the shapes, and a data section that
 * is covered exactly once, so that a damaged file is detected here and not as wrong weights.
 */
record SafetensorsHeader(
    SequencedMap<String, TensorEntry> entries, SequencedMap<String, String> metadata) {

  static final int PREFIX_BYTES = 8;

  /** The format allows 100 MB; the tensors of a supported model need less than 1 MB. */
  static final long MAXIMUM_BYTES = 25_000_000;

  private static final String METADATA = "__metadata__";

  SafetensorsHeader {
    entries = Collections.unmodifiableSequencedMap(entries);
    metadata = Collections.unmodifiableSequencedMap(metadata);
  }

  /**
   * @param dataStart offset of the data section in the file
   * @param fileBytes size of the whole file
   * @param problems receives all problems; the result is then invalid
   */
  static SafetensorsHeader parse(
      byte[] json, long dataStart, long fileBytes, List<String> problems) {
    SequencedMap<String, TensorEntry> entries = new LinkedHashMap<>();
    SequencedMap<String, String> metadata = new LinkedHashMap<>();
    try {
      JsonNode root = StrictJson.MAPPER.readTree(json);
      if (root instanceof ObjectNode object) {
        readFields(object, dataStart, fileBytes, entries, metadata, problems);
      } else {
        problems.add("header: %s (expected: a JSON object)".formatted(root.getNodeType().name()));
      }
    } catch (JsonProcessingException e) {
      problems.add("header: unreadable JSON (%s)".formatted(e.getOriginalMessage()));
    } catch (IOException e) {
      problems.add("header: unreadable bytes (%s)".formatted(e.getMessage()));
    }
    if (problems.isEmpty()) {
      checkCoverage(entries, dataStart, fileBytes, problems);
    }
    return new SafetensorsHeader(entries, metadata);
  }

  /** The header in file format, padded with blanks to a multiple of eight bytes. */
  static byte[] format(Map<String, TensorData> tensors, Map<String, String> metadata) {
    ObjectNode root = StrictJson.MAPPER.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = root.putObject(METADATA);
      metadata.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(entry -> node.put(entry.getKey(), entry.getValue()));
    }
    long offset = 0;
    for (Map.Entry<String, TensorData> tensor : tensors.entrySet()) {
      ObjectNode node = root.putObject(tensor.getKey());
      node.put("dtype", tensor.getValue().dataType().name());
      Arrays.stream(tensor.getValue().shape()).forEach(node.putArray("shape")::add);
      long end = offset + tensor.getValue().bytes().remaining();
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, Math.ceilDiv(json.length, 8) * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static void readFields(
      ObjectNode root,
      long dataStart,
      long fileBytes,
      Map<String, TensorEntry> entries,
      Map<String, String> metadata,
      List<String> problems) {
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        field
            .getValue()
            .properties()
            .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        continue;
      }
      TensorEntry entry = entry(field.getKey(), field.getValue(), dataStart, fileBytes, problems);
      if (entry != null) {
        entries.put(entry.name(), entry);
      }
    }
  }

  private static @Nullable TensorEntry entry(
      String name, JsonNode node, long dataStart, long fileBytes, List<String> problems) {
    String text = node.path("dtype").asText();
    DataType dataType =
        Arrays.stream(DataType.values()).filter(t -> t.name().equals(text)).findAny().orElse(null);
    if (dataType == null) {
      problems.add(
          "%s: dtype '%s' (expected: one of %s)"
              .formatted(name, text, Arrays.toString(DataType.values())));
      return null;
    }
    JsonNode dimensions = node.path("shape");
    JsonNode offsets = node.path("data_offsets");
    if (!isIntegers(dimensions) || !isIntegers(offsets) || offsets.size() != 2) {
      problems.add(
          "%s: shape %s, data_offsets %s (expected: arrays of whole numbers, two offsets)"
              .formatted(name, dimensions, offsets));
      return null;
    }
    long[] shape = new long[dimensions.size()];
    Arrays.setAll(shape, i -> dimensions.get(i).longValue());
    long begin = offsets.get(0).longValue();
    long end = offsets.get(1).longValue();
    if (begin < 0 || end < begin || end > fileBytes - dataStart) {
      problems.add(
          "%s: data_offsets [%d, %d] (expected: ascending, within the %d bytes of data)"
              .formatted(name, begin, end, Math.max(0, fileBytes - dataStart)));
      return null;
    }
    try {
      long expected = Math.multiplyExact(Shapes.elements(shape), dataType.bytes());
      if (expected != end - begin) {
        problems.add(
            "%s: %d bytes (expected: %d for %s %s)"
                .formatted(name, end - begin, expected, dataType, Arrays.toString(shape)));
        return null;
      }
    } catch (ArithmeticException e) {
      problems.add("%s: shape %s (%s)".formatted(name, dimensions, e.getMessage()));
      return null;
    }
    return new TensorEntry(name, dataType, shape, dataStart + begin, end - begin);
  }

  private static boolean isIntegers(JsonNode array) {
    if (!array.isArray()) {
      return false;
    }
    for (JsonNode element : array) {
      if (!element.canConvertToExactIntegral() || !element.canConvertToLong()) {
        return false;
      }
    }
    return true;
  }

  private static void checkCoverage(
      Map<String, TensorEntry> entries, long dataStart, long fileBytes, List<String> problems) {
    long covered = dataStart;
    List<TensorEntry> inOrder = new ArrayList<>(entries.values());
    inOrder.sort(
        Comparator.comparingLong(TensorEntry::offset).thenComparingLong(TensorEntry::length));
    for (TensorEntry entry : inOrder) {
      if (entry.offset() != covered) {
        problems.add(
            "%s: starts at byte %d (expected: %d, where the tensor before it ends; %s)"
                .formatted(
                    entry.name(),
                    entry.offset(),
                    covered,
                    entry.offset() < covered ? "they overlap" : "there is a hole"));
        return;
      }
      covered += entry.length();
    }
    if (covered != fileBytes) {
      problems.add("file: %d bytes (expected: %d by its header)".formatted(fileBytes, covered));
    }
  }
}
