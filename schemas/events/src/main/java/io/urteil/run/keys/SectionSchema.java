package io.urteil.run.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds the JSON Schema of one mapping. A mapping with several variants, such as a judge, has a
 * branch for each; keys that are added before or after the variants are in all branches.
 */
public final class SectionSchema {

  public static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final List<ObjectNode> branches = new ArrayList<>();

  public SectionSchema() {
    ObjectNode mapping = JSON.objectNode().put("type", "object");
    mapping.putObject("properties");
    mapping.putArray("required");
    mapping.put("additionalProperties", false);
    branches.add(mapping);
  }

  private SectionSchema(ObjectNode branch) {
    branches.add(branch.deepCopy());
  }

  /** Adds a key. */
  public void add(
      String key, ObjectNode value, String meaning, @Nullable JsonNode fallback, boolean required) {
    ObjectNode described = JSON.objectNode();
    if (!meaning.isEmpty()) {
      described.put("description", meaning);
    }
    described.setAll(value);
    if (fallback != null) {
      described.set("default", fallback);
    }
    for (ObjectNode branch : branches) {
      branch.withObject("/properties").set(key, described.deepCopy());
      ArrayNode names = branch.withArray("/required");
      if (required) {
        names.add(key);
      }
    }
  }

  /** Adds a regular expression for the text of a key. */
  public void pattern(String key, String pattern) {
    branches.forEach(
        branch -> branch.withObject("/properties").withObject("/" + key).put("pattern", pattern));
  }

  /** Adds a condition on the mapping. */
  public void condition(ObjectNode condition) {
    for (ObjectNode branch : branches) {
      branch.withArray("/allOf").add(condition.deepCopy());
    }
  }

  /** A copy for one variant. */
  public SectionSchema fork() {
    return new SectionSchema(branches.getFirst());
  }

  /** Replaces the branches by those of the forks. */
  public void replaceBy(List<SectionSchema> forks) {
    branches.clear();
    forks.forEach(fork -> branches.addAll(fork.branches));
  }

  /** Moves these keys to the front, in this order. */
  public void order(List<String> first) {
    branches.forEach(
        branch -> {
          ObjectNode properties = branch.withObject("/properties");
          branch.set("properties", ordered(properties, first));
        });
  }

  /** Moves this key to the end. */
  public void last(String key) {
    branches.forEach(
        branch -> {
          ObjectNode properties = branch.withObject("/properties");
          JsonNode value = properties.remove(key);
          properties.set(key, value);
        });
  }

  /** The schema of the mapping. Call once, after the last change. */
  public ObjectNode finished() {
    for (ObjectNode branch : branches) {
      if (branch.path("required").isEmpty()) {
        branch.remove("required");
      }
    }
    if (branches.size() == 1) {
      return branches.getFirst();
    }
    ObjectNode all = JSON.objectNode().put("type", "object");
    ArrayNode kinds = all.putArray("oneOf");
    branches.forEach(kinds::add);
    return all;
  }

  /** A copy of the mapping with these keys first, in this order. */
  public static ObjectNode ordered(ObjectNode mapping, List<String> first) {
    ObjectNode ordered = JSON.objectNode();
    for (String key : first) {
      if (mapping.has(key)) {
        ordered.set(key, mapping.path(key));
      }
    }
    mapping.properties().stream()
        .filter(entry -> !first.contains(entry.getKey()))
        .forEach(entry -> ordered.set(entry.getKey(), entry.getValue()));
    return ordered;
  }

  public static ObjectNode of(String type) {
    return JSON.objectNode().put("type", type);
  }

  public static ObjectNode number(String type, Bounds bounds) {
    ObjectNode schema = of(type);
    if (!Double.isInfinite(bounds.least())) {
      schema.set(bounds.exclusive() ? "exclusiveMinimum" : "minimum", plain(bounds.least()));
    }
    if (!Double.isInfinite(bounds.most())) {
      schema.set("maximum", plain(bounds.most()));
    }
    return schema;
  }

  public static ObjectNode list(ObjectNode items, int least) {
    ObjectNode schema = of("array");
    schema.set("items", items);
    return least == 0 ? schema : schema.put("minItems", least);
  }

  public static ObjectNode mappingOf(JsonNode values) {
    ObjectNode schema = of("object");
    schema.set("additionalProperties", values);
    return schema.put("minProperties", 1);
  }

  public static ObjectNode anyOf(List<? extends JsonNode> forms) {
    ObjectNode schema = JSON.objectNode();
    ArrayNode array = schema.putArray("anyOf");
    forms.forEach(array::add);
    return schema;
  }

  public static ObjectNode not(ObjectNode form) {
    ObjectNode schema = JSON.objectNode();
    schema.set("not", form);
    return schema;
  }

  public static ObjectNode requires(String... keys) {
    ObjectNode schema = JSON.objectNode();
    ArrayNode required = schema.putArray("required");
    for (String key : keys) {
      required.add(key);
    }
    return schema;
  }

  /** The number without a needless fraction: 1, not 1.0. */
  public static JsonNode plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e9
        ? JSON.numberNode((long) number)
        : JSON.numberNode(number);
  }
}
