package io.urteil.run.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one mapping of a run file. A section describes them once, in a method that takes
 * {@code Keys} and returns the section. The description has three uses:
 *
 * <ol>
 *   <li>Reading: values are read from the tree of a file, and problems are collected.
 *   <li>Writing: each value of a section that is not the default is added to a tree. The tree is
 *       then read, so that a section has the same checks as a text.
 *   <li>Schema: keys are added with type, bounds, default and meaning. Nothing is read: every value
 *       is its default.
 * </ol>
 *
 * <p>Every method that describes a key takes its name, the accessor of the section, the default
 * (null for a required key) and the meaning.
 *
 * @param <T> the section
 */
public final class Keys<T> {

  /** The longest duration in a run file: a year. */
  public static final Duration MAX_DURATION = Fields.MAX_DURATION;

  /** A section's description of its keys. */
  public interface Description<S> {
    S of(Keys<S> keys);
  }

  private final Fields fields;
  private final List<String> problems;
  private final @Nullable T section;
  private final @Nullable ObjectNode written;
  private final @Nullable SectionSchema schema;
  private final boolean dependent;

  private Keys(
      Fields fields,
      List<String> problems,
      @Nullable T section,
      @Nullable ObjectNode written,
      @Nullable SectionSchema schema,
      boolean dependent) {
    this.fields = fields;
    this.problems = problems;
    this.section = section;
    this.written = written;
    this.schema = schema;
    this.dependent = dependent;
  }

  /** Reads a mapping, and adds its problems to the list. */
  public static <T> Keys<T> read(JsonNode mapping, List<String> problems) {
    return new Keys<>(new Fields("", mapping, problems), problems, null, null, null, false);
  }

  /** Writes a section into an empty mapping, and adds its problems to the list. */
  public static <T> Keys<T> write(T section, ObjectNode mapping, List<String> problems) {
    return new Keys<>(new Fields("", mapping, problems), problems, section, mapping, null, false);
  }

  /** Describes a mapping in a schema. */
  public static <T> Keys<T> describe(SectionSchema schema) {
    return new Keys<>(nothing(), new ArrayList<>(), null, null, schema, false);
  }

  /** The section with the default of every key. */
  public static <T> T defaults(Description<T> description) {
    return description.of(Keys.read(MissingNode.getInstance(), new ArrayList<>()));
  }

  private static Fields nothing() {
    return new Fields("", MissingNode.getInstance(), new ArrayList<>());
  }

  /** The same mapping, for a component of the section. */
  public <S> Keys<S> view(Function<T, S> part) {
    S viewed = section == null ? null : part.apply(section);
    return new Keys<>(fields, problems, viewed, written, schema, dependent);
  }

  /** The same mapping, as a section of this subtype. */
  public <S extends T> Keys<S> as(Class<S> kind) {
    return view(kind::cast);
  }

  /**
   * The same mapping, for a key whose default or presence depends on another key: the schema then
   * states neither a default nor that the key is required.
   */
  public Keys<T> dependent() {
    return new Keys<>(fields, problems, section, written, schema, true);
  }

  /** Whether the keys are described in a schema. */
  public boolean isDescribed() {
    return schema != null;
  }

  /** Whether the key is present. Marks it as known. */
  public boolean has(String key) {
    return fields.has(key);
  }

  /**
   * Whether the file has this section, for a default that depends on it. Does not mark it known.
   */
  public boolean hasSection(String key, Function<T, @Nullable Object> get) {
    return fields.isPresent(key) || (section != null && get.apply(section) != null);
  }

  /** Whether this mapping defines the key, in place of an enclosing one. */
  public boolean defines(String key) {
    return fields.has(key) || section != null || schema != null;
  }

  /** Adds a problem with the value of a key, or of a path of keys with dots. */
  public void problem(String key, String expectation) {
    JsonNode value = fields.raw(key.replaceFirst("\\..*", ""));
    for (String inner : key.replaceFirst("^[^.]*\\.?", "").split("\\.", -1)) {
      value = inner.isEmpty() ? value : value.path(inner);
    }
    fields.problem(key, value, expectation);
  }

  /** Adds a problem with the value of a key that may be a secret, and is not shown. */
  public void hiddenProblem(String key, String expectation) {
    fields.hiddenProblem(key, expectation);
  }

  /** Rejects a key that run files no longer have; its value may be a secret, and is not shown. */
  public void rejectFormer(String key, String expectation) {
    if (fields.isPresent(key)) {
      fields.has(key);
      fields.hiddenProblem(key, expectation);
    }
  }

  /** Adds a problem with its complete text. */
  public void addProblem(String problem) {
    problems.add(problem);
  }

  public List<String> problems() {
    return problems;
  }

  /** Adds a condition on the mapping to the schema. */
  public void condition(ObjectNode condition) {
    if (schema != null) {
      schema.condition(condition);
    }
  }

  /** Adds a regular expression for the text of a described key to the schema. */
  public void pattern(String key, String pattern) {
    if (schema != null) {
      schema.pattern(key, pattern);
    }
  }

  /** Reports every key that was not read. Call after the last read. */
  public void rejectUnknown() {
    fields.rejectUnknown();
  }

  /** Marks keys as known that are described in another place. */
  public void markKnown(String... keys) {
    Arrays.stream(keys).forEach(fields::has);
  }

  public String text(
      String key,
      Function<T, String> get,
      @Nullable String fallback,
      String expectation,
      String meaning) {
    put(key, get, fallback, Keys::textOrNothing);
    add(key, SectionSchema.of("string"), meaning, textOrNothing(fallback), fallback == null);
    return fields.text(key, fallback, expectation);
  }

  public @Nullable String optionalText(
      String key, Function<T, String> get, String expectation, String meaning) {
    put(key, get, null, Keys::textOrNothing);
    add(key, SectionSchema.of("string"), meaning, null, false);
    return fields.has(key) ? fields.text(key, null, expectation) : null;
  }

  /** One of these words; the first is the default. */
  public String word(String key, Function<T, String> get, List<String> words, String meaning) {
    return word(key, get, words, meaning, rejected -> "one of " + String.join(", ", words));
  }

  public String word(
      String key,
      Function<T, String> get,
      List<String> words,
      String meaning,
      UnaryOperator<String> expectation) {
    boolean flag = words.contains("true");
    Function<String, JsonNode> form =
        word ->
            flag && words.contains(word)
                ? SectionSchema.JSON.booleanNode(word.equals("true"))
                : SectionSchema.JSON.textNode(word);
    put(key, get, words.getFirst(), form);
    add(
        key,
        flag ? SectionSchema.of("boolean") : enumeration(words),
        meaning,
        form.apply(words.getFirst()),
        false);
    String all = "one of " + String.join(", ", words);
    String word = fields.text(key, words.getFirst(), all);
    if (!word.isEmpty() && !words.contains(word)) {
      problem(key, expectation.apply(word));
    }
    return word;
  }

  /** One of these words, or another text that matches the pattern. */
  public String wordOr(
      String key,
      Function<T, String> get,
      List<String> words,
      String fallback,
      String pattern,
      String meaning) {
    put(key, get, fallback, Keys::textOrNothing);
    ObjectNode other = SectionSchema.of("string").put("pattern", "^" + pattern + "$");
    add(
        key,
        SectionSchema.anyOf(List.of(enumeration(words), other)),
        meaning,
        textOrNothing(fallback),
        false);
    String all = "one of " + String.join(", ", words);
    String word = fields.text(key, fallback, all);
    if (!word.isEmpty() && !words.contains(word) && !word.matches(pattern)) {
      problem(key, all);
    }
    return word;
  }

  /** One of these names; the first is the default. */
  public String nameOf(
      String key,
      Function<T, String> get,
      Collection<String> names,
      String expectation,
      String meaning) {
    String first = names.isEmpty() ? "" : names.iterator().next();
    put(key, get, first, Keys::textOrNothing);
    add(key, SectionSchema.of("string"), meaning, null, false);
    String name = fields.text(key, first.isEmpty() ? null : first, expectation);
    if (!name.isEmpty() && !names.contains(name)) {
      problem(key, "one of " + String.join(", ", names));
    }
    return name;
  }

  public Path file(String key, Function<T, Path> get, String meaning) {
    put(key, get, null, path -> textOrNothing(path.toString()));
    add(key, SectionSchema.of("string"), meaning, null, true);
    return fields.file(key);
  }

  public double number(
      String key,
      Function<T, Double> get,
      @Nullable Double fallback,
      Bounds bounds,
      String meaning) {
    put(key, get, fallback, SectionSchema.JSON::numberNode);
    add(
        key,
        SectionSchema.number("number", bounds),
        meaning,
        fallback == null ? null : SectionSchema.plain(fallback),
        fallback == null);
    return fields.number(key, fallback, bounds::allow, bounds.expectation());
  }

  public @Nullable Double optionalNumber(
      String key, Function<T, Double> get, Bounds bounds, String meaning) {
    put(key, get, null, SectionSchema.JSON::numberNode);
    add(key, SectionSchema.number("number", bounds), meaning, null, false);
    return fields.has(key)
        ? (Double) fields.number(key, null, bounds::allow, bounds.expectation())
        : null;
  }

  public int integer(
      String key,
      Function<T, Integer> get,
      @Nullable Integer fallback,
      Bounds bounds,
      String meaning) {
    put(key, get, fallback, SectionSchema.JSON::numberNode);
    add(
        key,
        SectionSchema.number("integer", bounds),
        meaning,
        fallback == null ? null : SectionSchema.JSON.numberNode(fallback),
        fallback == null);
    int number = fields.integer(key, fallback, (int) bounds.least(), bounds.expectation());
    if (number > bounds.most()) {
      problem(key, bounds.expectation());
    }
    return number;
  }

  public @Nullable Integer optionalInteger(
      String key, Function<T, Integer> get, Bounds bounds, String meaning) {
    put(key, get, null, SectionSchema.JSON::numberNode);
    add(key, SectionSchema.number("integer", bounds), meaning, null, false);
    return fields.has(key)
        ? (Integer) fields.integer(key, null, (int) bounds.least(), bounds.expectation())
        : null;
  }

  public long seed(String key, Function<T, Long> get, String meaning) {
    put(key, get, 0L, SectionSchema.JSON::numberNode);
    add(key, SectionSchema.of("integer"), meaning, SectionSchema.JSON.numberNode(0), false);
    return fields.longInteger(key, 0);
  }

  public boolean flag(String key, Function<T, Boolean> get, boolean fallback, String meaning) {
    put(key, get, fallback, SectionSchema.JSON::booleanNode);
    add(key, SectionSchema.of("boolean"), meaning, SectionSchema.JSON.booleanNode(fallback), false);
    return fields.flag(key, fallback);
  }

  public Duration duration(
      String key, Function<T, Duration> get, @Nullable Duration fallback, String meaning) {
    put(key, get, fallback, duration -> textOrNothing(Fields.spelling(duration)));
    add(
        key,
        SectionSchema.of("string").put("pattern", "^[0-9]+\\s*(ms|s|m|h)$"),
        meaning,
        fallback == null ? null : textOrNothing(Fields.spelling(fallback)),
        fallback == null);
    return fields.duration(key, fallback);
  }

  public <E extends Enum<E>> E choice(
      String key, Function<T, E> get, Class<E> type, E fallback, String meaning) {
    put(key, get, fallback, constant -> textOrNothing(Fields.spelling(constant)));
    add(
        key,
        enumeration(Arrays.stream(type.getEnumConstants()).map(Fields::spelling).toList()),
        meaning,
        textOrNothing(Fields.spelling(fallback)),
        false);
    return fields.choice(key, type, fallback);
  }

  /** One of the constants; null without the key. */
  public <E extends Enum<E>> @Nullable E optionalChoice(
      String key, Function<T, E> get, Class<E> type, String meaning) {
    put(key, get, null, constant -> textOrNothing(Fields.spelling(constant)));
    add(
        key,
        enumeration(Arrays.stream(type.getEnumConstants()).map(Fields::spelling).toList()),
        meaning,
        null,
        false);
    return fields.has(key) ? fields.choice(key, type, type.getEnumConstants()[0]) : null;
  }

  /** Distinct names; a null fallback makes the list required. */
  public List<String> names(
      String key, Function<T, List<String>> get, @Nullable List<String> fallback, String meaning) {
    put(key, get, fallback, Keys::array);
    ObjectNode name = SectionSchema.of("string").put("pattern", "^[A-Za-z0-9_-]+$");
    add(
        key,
        SectionSchema.list(name, 1).put("uniqueItems", true),
        meaning,
        fallback == null ? null : array(fallback),
        fallback == null);
    return fields.names(key, fallback);
  }

  public List<String> texts(String key, Function<T, List<String>> get, String meaning) {
    put(key, get, List.of(), Keys::array);
    add(
        key,
        SectionSchema.list(SectionSchema.of("string").put("pattern", "\\S"), 1),
        meaning,
        null,
        false);
    return fields.texts(key);
  }

  public List<String> stops(String key, Function<T, List<String>> get, String meaning) {
    put(key, get, List.of(), Keys::array);
    add(
        key,
        SectionSchema.list(SectionSchema.of("string").put("minLength", 1), 0),
        meaning,
        SectionSchema.JSON.arrayNode(),
        false);
    return fields.stops(key);
  }

  public SequencedMap<String, String> textsByName(
      String key, Function<T, Map<String, String>> get, String expectation, String meaning) {
    put(
        key,
        get,
        Map.of(),
        texts -> {
          ObjectNode mapping = SectionSchema.JSON.objectNode();
          new TreeMap<>(texts).forEach(mapping::put);
          return mapping;
        });
    add(key, SectionSchema.mappingOf(SectionSchema.of("string")), meaning, null, false);
    return fields.textsByName(key, expectation);
  }

  /** Two numbers. */
  public double[] pair(
      String key,
      Function<T, List<Double>> get,
      List<Double> fallback,
      Bounds bounds,
      String meaning) {
    put(key, get, fallback, Keys::numbers);
    add(
        key,
        SectionSchema.list(SectionSchema.number("number", bounds), 2).put("maxItems", 2),
        meaning,
        numbers(fallback),
        false);
    double[] otherwise = {fallback.get(0), fallback.get(1)};
    return fields.pair(key, otherwise, bounds::allow, bounds.expectation());
  }

  /** A mapping whose content is not checked; empty if the key is absent. */
  public ObjectNode opaque(String key, Function<T, JsonNode> get, String meaning) {
    put(key, get, SectionSchema.JSON.objectNode(), value -> value);
    add(key, SectionSchema.of("object"), meaning, null, false);
    JsonNode value = fields.raw(key);
    if (!value.isObject() && !value.isMissingNode()) {
      problem(key, "a mapping of keys to values");
    }
    return value instanceof ObjectNode mapping ? mapping : SectionSchema.JSON.objectNode();
  }

  /** A section that may be absent, because all of its keys are optional. */
  public <S> S section(String key, Function<T, S> get, Description<S> description, String meaning) {
    return inner(key, get, description, meaning, false, false);
  }

  /** A required section. */
  public <S> S required(
      String key, Function<T, S> get, Description<S> description, String meaning) {
    return inner(key, get, description, meaning, true, false);
  }

  /** A section that may be absent unless it is needed; null if it is absent. */
  public <S> @Nullable S optional(
      String key, boolean needed, Function<T, S> get, Description<S> description, String meaning) {
    S inner = section == null ? null : get.apply(section);
    if (inner != null && written != null) {
      written.putObject(key);
    }
    return fields.has(key) || needed || isDescribed()
        ? inner(key, get, description, meaning, false, true)
        : null;
  }

  private <S> S inner(
      String key,
      Function<T, S> get,
      Description<S> description,
      String meaning,
      boolean required,
      boolean keptEmpty) {
    S value = section == null ? null : get.apply(section);
    ObjectNode target = written == null || value == null ? null : inner(written, key);
    SectionSchema inner = schema == null ? null : new SectionSchema();
    Fields reading = fields.section(key);
    Keys<S> keys = new Keys<>(reading, problems, value, target, inner, false);
    S read = description.of(keys);
    reading.rejectUnknown();
    if (written != null && target != null && target.isEmpty() && !keptEmpty) {
      written.remove(key);
    }
    if (inner != null) {
      add(key, inner.finished(), meaning, null, required);
    }
    return read;
  }

  private static ObjectNode inner(ObjectNode mapping, String key) {
    return mapping.path(key) instanceof ObjectNode there ? there : mapping.putObject(key);
  }

  /** Sections by names that the file defines. */
  public <S> SequencedMap<String, S> byName(
      String key,
      Function<T, ? extends Map<String, S>> get,
      Description<S> description,
      boolean required,
      String meaning) {
    Map<String, S> values = section == null ? Map.of() : get.apply(section);
    ObjectNode target = written == null || values.isEmpty() ? null : written.putObject(key);
    Fields named = fields.section(key);
    SequencedMap<String, S> all = new LinkedHashMap<>();
    if (target != null) {
      values.keySet().forEach(target::putObject);
    }
    for (String name : named.keys()) {
      Fields reading = named.section(name);
      ObjectNode mapping = target == null ? null : (ObjectNode) target.path(name);
      all.put(
          name,
          description.of(new Keys<>(reading, problems, values.get(name), mapping, null, false)));
      reading.rejectUnknown();
    }
    if (schema != null) {
      SectionSchema one = new SectionSchema();
      description.of(new Keys<>(nothing(), problems, null, null, one, false));
      add(key, SectionSchema.mappingOf(one.finished()), meaning, null, required);
    }
    return all;
  }

  /**
   * A section that may be absent, or a name that stands for it; null if it is absent.
   *
   * @param ofName the section of a name
   * @param pattern of names
   */
  public <S> @Nullable S nameOr(
      String key,
      Function<T, @Nullable S> get,
      Function<String, S> ofName,
      String pattern,
      Description<S> description,
      String meaning) {
    JsonNode node = fields.raw(key);
    if (schema != null) {
      SectionSchema inner = new SectionSchema();
      S described = description.of(new Keys<>(nothing(), problems, null, null, inner, false));
      ObjectNode names = SectionSchema.of("string").put("pattern", "^" + pattern + "$");
      add(key, SectionSchema.anyOf(List.of(names, inner.finished())), meaning, null, false);
      return described;
    }
    if (node.isTextual()) {
      if (!node.asText().matches(pattern)) {
        problem(key, "a name of letters, digits, '_' or '-'");
      }
      return ofName.apply(node.asText());
    }
    return optional(key, false, get, description, meaning);
  }

  /** A section, or the name of a predefined one. */
  public <S> S predefinedOr(
      String key,
      Function<T, S> get,
      Function<S, @Nullable String> nameOf,
      Map<String, S> named,
      Description<S> description,
      String meaning) {
    S value = section == null ? null : get.apply(section);
    String name = value == null ? null : nameOf.apply(value);
    if (written != null && name != null && value != null && value.equals(named.get(name))) {
      written.put(key, name);
    }
    JsonNode node = fields.raw(key);
    if (node.isTextual()) {
      S known = named.get(node.asText());
      if (known == null) {
        problem(key, "settings, or one of " + String.join(", ", named.keySet()));
        return defaults(description);
      }
      return known;
    }
    if (schema != null) {
      SectionSchema inner = new SectionSchema();
      S described = description.of(new Keys<>(nothing(), problems, null, null, inner, false));
      ObjectNode names = enumeration(List.copyOf(named.keySet()));
      add(key, SectionSchema.anyOf(List.of(names, inner.finished())), meaning, null, false);
      return described;
    }
    return inner(key, get, description, meaning, false, false);
  }

  /**
   * A word, or a mapping of one key, whose name selects the form.
   *
   * @param word the default
   * @param form name of the form of a value; the word for the default
   */
  public <S> S wordOrMapping(
      String key,
      Function<T, S> get,
      String word,
      S fallback,
      Function<S, String> form,
      Map<String, Description<S>> forms,
      String expectation,
      String meaning) {
    S value = section == null ? null : get.apply(section);
    if (written != null && value != null && !value.equals(fallback)) {
      ObjectNode mapping = written.putObject(key);
      Description<S> known = forms.get(form.apply(value));
      if (known != null) {
        known.of(
            new Keys<>(
                new Fields("", mapping, new ArrayList<>()),
                new ArrayList<>(),
                value,
                mapping,
                null,
                false));
      }
    }
    if (schema != null) {
      List<JsonNode> all = new ArrayList<>();
      all.add(SectionSchema.JSON.objectNode().put("const", word));
      for (Description<S> each : forms.values()) {
        SectionSchema inner = new SectionSchema();
        each.of(describe(inner));
        all.add(inner.finished());
      }
      add(key, SectionSchema.anyOf(all), meaning, textOrNothing(word), false);
    }
    JsonNode node = fields.raw(key);
    if (node.isMissingNode() || node.asText().equals(word)) {
      return fallback;
    }
    Description<S> known =
        node.isObject() && node.size() == 1 ? forms.get(node.fieldNames().next()) : null;
    if (known == null) {
      problem(key, expectation);
      return fallback;
    }
    return known.of(new Keys<>(fields.section(key), problems, null, null, null, false));
  }

  /**
   * The section in the variant that this key names. In the schema each variant has its own keys.
   *
   * @param other the variant of every other name that matches {@code pattern}; null for none
   * @param rejection the expectation in the problem for an unknown name
   * @param unknown placeholder for the section if the name is unknown
   */
  public <R> R kind(
      String key,
      Function<T, String> get,
      Map<String, Function<Keys<T>, R>> forms,
      String pattern,
      @Nullable Function<Keys<T>, R> other,
      String expectation,
      String rejection,
      R unknown,
      String meaning) {
    put(key, get, null, Keys::textOrNothing);
    if (schema != null) {
      return describeKinds(schema, key, forms, pattern, other, meaning);
    }
    String name = fields.text(key, null, expectation);
    Function<Keys<T>, R> form = forms.get(name);
    if (form == null && other != null && name.matches(pattern)) {
      form = other;
    }
    if (form != null) {
      return form.apply(this);
    }
    if (!name.isEmpty()) {
      problem(key, rejection);
    }
    fields.keys().forEach(fields::raw);
    return unknown;
  }

  private <R> R describeKinds(
      SectionSchema all,
      String key,
      Map<String, Function<Keys<T>, R>> forms,
      String pattern,
      @Nullable Function<Keys<T>, R> other,
      String meaning) {
    List<SectionSchema> forks = new ArrayList<>();
    List<R> described = new ArrayList<>();
    forms.forEach(
        (name, form) -> {
          SectionSchema fork = all.fork();
          fork.add(key, SectionSchema.JSON.objectNode().put("const", name), meaning, null, true);
          described.add(form.apply(describe(fork)));
          forks.add(fork);
        });
    if (other != null) {
      SectionSchema fork = all.fork();
      fork.add(
          key, SectionSchema.of("string").put("pattern", "^" + pattern + "$"), meaning, null, true);
      described.add(other.apply(describe(fork)));
      forks.add(fork);
    }
    all.replaceBy(forks);
    return described.getFirst();
  }

  /** Moves these keys to the front, in this order, in the written mapping and the schema. */
  public void first(String... keys) {
    List<String> order = List.of(keys);
    if (written != null) {
      ObjectNode ordered = SectionSchema.ordered(written, order);
      written.removeAll();
      written.setAll(ordered);
    }
    if (schema != null) {
      schema.order(order);
    }
  }

  /** Moves this key to the end, in the written mapping and the schema. */
  public void last(String key) {
    if (written != null && written.has(key)) {
      JsonNode value = written.remove(key);
      written.set(key, value);
    }
    if (schema != null) {
      schema.last(key);
    }
  }

  private <V> void put(
      String key, Function<T, V> get, @Nullable V fallback, Function<V, @Nullable JsonNode> form) {
    if (section == null || written == null) {
      return;
    }
    V value = get.apply(section);
    JsonNode node = value == null || value.equals(fallback) ? null : form.apply(value);
    if (node != null) {
      written.set(key, node);
    }
  }

  private void add(
      String key, ObjectNode value, String meaning, @Nullable JsonNode fallback, boolean required) {
    if (schema != null) {
      schema.add(key, value, meaning, dependent ? null : fallback, required && !dependent);
    }
  }

  /** The text as a node; null for an empty text, which no key accepts. */
  private static @Nullable JsonNode textOrNothing(@Nullable String text) {
    return text == null || text.isEmpty() ? null : SectionSchema.JSON.textNode(text);
  }

  private static ObjectNode enumeration(List<String> words) {
    ObjectNode schema = SectionSchema.JSON.objectNode();
    schema.set("enum", array(words));
    return schema;
  }

  private static ArrayNode array(List<String> texts) {
    ArrayNode array = SectionSchema.JSON.arrayNode();
    texts.forEach(array::add);
    return array;
  }

  private static ArrayNode numbers(List<Double> numbers) {
    ArrayNode array = SectionSchema.JSON.arrayNode();
    numbers.forEach(array::add);
    return array;
  }
}
