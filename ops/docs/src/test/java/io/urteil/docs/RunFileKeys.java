package io.urteil.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileException;
import io.urteil.run.RunFileReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys of the reader of run files, taken from its messages: it rejects a mapping with an
 * unknown key with a list of the known keys, and a mapping in place of a value with the
 * expectation.
 *
 * <p>{@code NAME} is the name of a judge, which the user chooses.
 */
final class RunFileKeys {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String UNKNOWN = "zzz";
  private static final String SUM =
      "{rule: weighted, parts: {NAME: {rule: correct, unparseable: 0}}}";
  private static final String BY_ARM =
      "{rule: by-arm, parts: {NAME: {arms: [only], rule: correct, unparseable: 0}}}";
  private static final Pattern KNOWN = Pattern.compile("known keys: (.*)\\)$");
  private static final Pattern EXPECTED = Pattern.compile("\\(expected: (.*)\\)$");

  private RunFileKeys() {}

  /** Every key that takes a value, by path, with the expectation in the reader's message. */
  static SequencedMap<String, String> expectations() {
    TreeMap<String, String> found = new TreeMap<>();
    for (ObjectNode base : bases()) {
      for (String key : known(base, "")) {
        explore(base, key, found);
      }
    }
    return found;
  }

  /** A file with no more than it must have, and every section, so that every default shows. */
  static ObjectNode base() {
    return tree(
        """
        run: x
        policy: {model: m}
        data: {prompts: p}
        judges: {NAME: {type: verdict, format: think-answer-scores}}
        reward: {rule: correct, unparseable: 0}
        train: {steps: 1, learningRate: 0.1}
        evaluate: {prompts: e}
        """);
  }

  /** As {@link #base}, with the judge or the rule that has this key. */
  static ObjectNode baseWith(String path) {
    ObjectNode base = base();
    if (path.equals("judges.NAME.compare")) {
      base.set("judges", tree("NAME: {type: answer}"));
    }
    if (path.startsWith("judges.NAME.shadow")) {
      base.set(
          "judges",
          tree(
              """
              OTHER: {type: answer}
              NAME: {type: answer, shadow: {}}
              """));
    } else if (path.matches("judges\\.NAME\\.(comparesMembers|settings)")) {
      base.set("judges", tree("NAME: {type: acme.length}"));
    } else if (path.startsWith("judges.NAME.questions.")) {
      return rubric(
          path.matches(".*\\.options.*")
              ? "choice"
              : path.endsWith(".levels") ? "score" : "yes-no");
    } else if (path.equals("judges.NAME.protocol")) {
      return rubric("yes-no");
    } else if (path.startsWith("judges.NAME.panel.")) {
      base.set(
          "judges", tree("NAME: {type: tournament, model: m, prompt: p, panel: {MEMBER: {}}}"));
    } else if (path.startsWith("judges.NAME.server.")) {
      base.set("judges", tree("NAME: {type: tournament, server: {url: u, model: m}, prompt: p}"));
    } else if (path.startsWith("judges.NAME.") && !path.matches(".*\\.(type|formats?|compare)")) {
      base.set("judges", tree("NAME: {type: tournament, model: m, prompt: p}"));
    }
    if (path.startsWith("reward.")) {
      rewardWith(path.substring("reward.".length()))
          .ifPresent(
              reward -> {
                base.set("reward", tree(reward));
                base.set("group", tree("arms: [AB, BA]"));
              });
    }
    if (path.equals("batch.threshold")) {
      base.set("batch", tree("{kind: demonstration, threshold: 1}"));
      base.set("train", tree("{objective: sft, steps: 1, learningRate: 0.1}"));
    }
    if (path.matches("batch\\.(event|settings)")) {
      base.set("batch", tree("{kind: acme.best}"));
    }
    if (path.equals("advantage.settings")) {
      base.set("advantage", tree("{plugin: acme.ranked}"));
    }
    if (path.equals("batch.pairs")) {
      base.set("batch", tree("{kind: preference}"));
      base.remove("train");
    }
    return base;
  }

  /** The rule that has this key, where not every rule has it. */
  private static Optional<String> rewardWith(String key) {
    return switch (key) {
      case "consistent", "consistency" -> Optional.of("{rule: j1-consistency, unparseable: 0}");
      case "dialect",
          "format",
          "relation",
          "mismatch",
          "exact",
          "near",
          "confidence",
          "long",
          "longTokens",
          "truncated",
          "badScores" ->
          Optional.of("{rule: judgelrm, unparseable: 0}");
      case "variant", "asPublished", "unclearStrength" ->
          Optional.of("{rule: think-j, unparseable: 0}");
      case "verified" -> Optional.of("{rule: self-verify, unparseable: 0}");
      case "alpha" -> Optional.of("{rule: score-shaping, unparseable: 0, alpha: 1}");
      case "settings" -> Optional.of("{rule: acme.margin}");
      case "scale", "offset" -> Optional.of("{rule: scalar}");
      case "overlong.maxTokens", "overlong.buffer", "overlong.factor" ->
          Optional.of("{rule: correct, unparseable: 0, overlong: {buffer: 1}}");
      case "parts.NAME.rule", "parts.NAME.weight" -> Optional.of(SUM);
      case "parts.NAME.arms" -> Optional.of(BY_ARM.replace("only", "AB, BA"));
      default -> Optional.empty();
    };
  }

  static RunFile read(JsonNode tree) {
    try {
      return RunFileReader.read("test", YAML.writeValueAsString(tree));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static List<String> problems(JsonNode tree) {
    try {
      read(tree);
      return List.of();
    } catch (RunFileException e) {
      return e.problems();
    }
  }

  static ObjectNode with(ObjectNode base, String path, JsonNode value) {
    ObjectNode copy = base.deepCopy();
    parent(copy, path).set(last(path), value);
    return copy;
  }

  static ObjectNode without(ObjectNode base, String path) {
    ObjectNode copy = base.deepCopy();
    parent(copy, path).remove(last(path));
    return copy;
  }

  static JsonNode value(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no YAML: " + yaml, e);
    }
  }

  private static List<ObjectNode> bases() {
    List<ObjectNode> bases = new ArrayList<>();
    for (String type : choices("judges.NAME.type")) {
      bases.add(with(base(), "judges.NAME", value("{type: " + type + "}")));
    }
    bases.add(with(base(), "judges.NAME", value("{type: acme.length}")));
    bases.add(with(base(), "reward.rule", value("acme.margin")));
    bases.add(with(base(), "batch", value("{kind: acme.best}")));
    bases.add(with(base(), "advantage", value("{plugin: acme.ranked}")));
    for (String rule : choices("reward.rule")) {
      bases.add(with(base(), "reward.rule", value(rule)));
    }
    return bases;
  }

  private static List<String> choices(String path) {
    return List.of(expectation(base(), path).replaceFirst("^one of ", "").split(", ", -1));
  }

  private static void explore(ObjectNode base, String path, Map<String, String> found) {
    if (path.equals("judges")) {
      explore(base, "judges.NAME", found);
      return;
    }
    if (path.equals("judges.NAME.questions")) {
      for (String type : List.of("yes-no", "score", "choice")) {
        ObjectNode rubric = rubric(type);
        for (String key : known(rubric, path + ".QUESTION")) {
          found.put(
              path + ".QUESTION." + key,
              expectation(rubric, path + ".QUESTION." + key, value("[]")));
        }
      }
      for (String key : List.of("value", "description")) {
        String option = path + ".QUESTION.options.OPTION." + key;
        found.put(option, expectation(rubric("choice"), option, value("[]")));
      }
      return;
    }
    if (path.equals("judges.NAME.panel")) {
      found.put(path, expectation(with(base, path, value("{}")), path, value("{}")));
      explore(base, path + ".MEMBER", found);
      return;
    }
    if (path.endsWith(".settings")
        || path.equals("judges.NAME.formats")
        || path.equals("data.judgePrompts")
        || path.endsWith(".MEMBER.server")) {
      found.put(path, expectation(base, path, value("1")));
      return;
    }
    if (path.equals("reward.parts")) {
      // The rest of a part is the keys of its rule.
      ObjectNode sum = with(base, "reward", value(SUM));
      for (String key : List.of("rule", "weight")) {
        found.put(path + ".NAME." + key, expectation(sum, path + ".NAME." + key));
      }
      found.put(
          path + ".NAME.arms",
          expectation(with(base, "reward", value(BY_ARM)), path + ".NAME.arms"));
      return;
    }
    List<String> children = known(base, path);
    if (children.isEmpty()) {
      found.put(path, expectation(base, path));
      return;
    }
    for (String child : children) {
      explore(base, path + "." + child, found);
    }
  }

  /** A rubric with one question of this type. */
  private static ObjectNode rubric(String type) {
    return with(
        base(),
        "judges.NAME",
        value(
            "{type: rubric, server: s, questions: {QUESTION: {type: %s, instructions: i%s}}}"
                .formatted(
                    type,
                    switch (type) {
                      case "score" -> ", levels: [a, b]";
                      case "choice" -> ", options: {OPTION: {value: 1}, OTHER: {value: 0}}";
                      default -> "";
                    })));
  }

  private static List<String> known(ObjectNode base, String path) {
    ObjectNode probe = probe(base, path);
    String start = (path.isEmpty() ? "" : path + ".") + UNKNOWN + ": ";
    for (String problem : problems(probe)) {
      Matcher matcher = KNOWN.matcher(problem);
      if (problem.startsWith(start) && matcher.find()) {
        return List.of(matcher.group(1).split(", ", -1));
      }
    }
    return List.of();
  }

  private static String expectation(ObjectNode base, String path) {
    return expectation(path, problems(probe(base, path)));
  }

  /** The expectation in the message that rejects this value. */
  private static String expectation(ObjectNode base, String path, JsonNode refused) {
    return expectation(path, problems(with(base, path, refused)));
  }

  private static String expectation(String path, List<String> problems) {
    for (String problem : problems) {
      Matcher matcher = EXPECTED.matcher(problem);
      if (problem.startsWith(path + ": ") && matcher.find()) {
        return matcher.group(1);
      }
    }
    throw new AssertionError("the reader takes a mapping at " + path);
  }

  private static ObjectNode probe(ObjectNode base, String path) {
    ObjectNode copy = base.deepCopy();
    ObjectNode mapping = copy;
    for (String key : path.isEmpty() ? new String[0] : path.split("\\.", -1)) {
      mapping = mapping.path(key) instanceof ObjectNode inner ? inner : mapping.putObject(key);
    }
    mapping.put(UNKNOWN, 1);
    return copy;
  }

  private static ObjectNode parent(ObjectNode tree, String path) {
    ObjectNode parent = tree;
    String[] keys = path.split("\\.", -1);
    for (int i = 0; i < keys.length - 1; i++) {
      parent = parent.path(keys[i]) instanceof ObjectNode inner ? inner : parent.putObject(keys[i]);
    }
    return parent;
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private static ObjectNode tree(String yaml) {
    return (ObjectNode) value(yaml);
  }
}
