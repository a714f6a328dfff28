package io.urteil.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.urteil.order.CandidateOrders;
import io.urteil.run.RunFile.Judge;
import io.urteil.run.RunFile.Judge.AnswerJudge.Compare;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Reads one judge of a run file. */
final class JudgeReader {

  private static final String TYPES =
      "verdict, answer, majority-answer, generative, tournament, listwise, scalar";
  private static final String EXPECTED = "one of " + TYPES;
  private static final Duration MODEL_TIME = Duration.ofMinutes(5);

  private JudgeReader() {}

  static Judge read(Fields fields) {
    String type = fields.text("type", null, EXPECTED);
    Judge judge =
        switch (type) {
          case "verdict" ->
              new Judge.VerdictJudge(
                  fields.text("format", null, "the name of a verdict format"),
                  fields.textsByName("formats", "a mapping of arms to verdict formats"));
          case "answer" ->
              new Judge.AnswerJudge(fields.choice("compare", Compare.class, Compare.NUMBER));
          case "majority-answer" ->
              new Judge.MajorityAnswerJudge(
                  fields.choice("compare", Compare.class, Compare.NUMBER));
          case "generative" ->
              new ModelJudge.Generative(panel(fields), combine(fields), timeLimit(fields));
          case "tournament" -> tournament(fields);
          case "listwise" ->
              new ModelJudge.Listwise(panel(fields), orders(fields), timeLimit(fields));
          case "scalar" ->
              new ModelJudge.Scalar(fields.file("model"), weights(fields), timeLimit(fields));
          default -> type.contains(".") ? custom(type, fields) : unknown(type, fields);
        };
    fields.refuseUnknown();
    return judge;
  }

  private static Judge tournament(Fields fields) {
    ModelJudge.Tournament.Schedule schedule =
        fields.choice(
            "schedule",
            ModelJudge.Tournament.Schedule.class,
            ModelJudge.Tournament.Schedule.ROUND_ROBIN);
    ModelJudge.Tournament.Rating rating =
        fields.choice(
            "rating",
            ModelJudge.Tournament.Rating.class,
            ModelJudge.Tournament.Rating.BRADLEY_TERRY);
    if (rating == ModelJudge.Tournament.Rating.ROUNDS
        && schedule != ModelJudge.Tournament.Schedule.KNOCKOUT) {
      fields.problem("rating", fields.raw("rating"), "rounds only with schedule: knockout");
    }
    return new ModelJudge.Tournament(
        panel(fields),
        combine(fields),
        orders(fields),
        schedule,
        rating,
        fields.number("k", 32.0, k -> k > 0, "a number above 0"),
        fields.number("prior", 1.0, prior -> prior > 0, "a number above 0"),
        timeLimit(fields));
  }

  private static JudgePanel panel(Fields fields) {
    int votes = fields.whole("votes", 1, 1, "a whole number of at least 1");
    JudgePanel.Read read = fields.choice("read", JudgePanel.Read.class, JudgePanel.Read.TEXT);
    double temperature =
        fields.number("temperature", votes > 1 ? 1.0 : 0.0, t -> t >= 0, "a number of at least 0");
    if (votes > 1 && read == JudgePanel.Read.PROBABILITIES) {
      fields.problem("votes", fields.raw("votes"), "1 with read: probabilities");
    } else if (votes > 1 && temperature == 0) {
      fields.problem("temperature", fields.raw("temperature"), "above 0, since votes are sampled");
    }
    return new JudgePanel(
        members(fields),
        votes,
        read,
        leastMass(fields, read),
        temperature,
        fields.number("topP", 1.0, p -> p > 0 && p <= 1, "a number above 0, at most 1"),
        fields.whole("topK", 0, 0, "a whole number, 0 for off"),
        fields.has("maxTokens")
            ? (Integer) fields.whole("maxTokens", null, 1, "a whole number of at least 1")
            : null,
        fields.wholeLong("seed", 0),
        fields.flag("reference", false),
        fields.texts("principles"));
  }

  private static double leastMass(Fields fields, JudgePanel.Read read) {
    double mass = fields.number("leastMass", 0.0, m -> m >= 0 && m <= 1, "a number from 0 to 1");
    if (mass > 0 && read == JudgePanel.Read.TEXT) {
      fields.problem("leastMass", fields.raw("leastMass"), "0 with read: text");
    }
    return mass;
  }

  private static SequencedMap<String, JudgePanel.Member> members(Fields fields) {
    SequencedMap<String, JudgePanel.Member> members = new LinkedHashMap<>();
    if (!fields.has("panel")) {
      members.put("", new JudgePanel.Member(model(fields, fields), prompt(fields)));
      refuseWeightsOfAServer(fields, fields);
      return members;
    }
    Fields panel = fields.section("panel");
    for (String name : panel.keys()) {
      Fields member = panel.section(name);
      boolean own = member.has("model") | member.has("server");
      boolean precise = member.has("weights");
      JudgePanel.Model model = model(own ? member : fields, precise ? member : fields);
      refuseWeightsOfAServer(own ? member : fields, member);
      String prompt = prompt(member.has("prompt") ? member : fields);
      members.put(name, new JudgePanel.Member(model, prompt));
      member.refuseUnknown();
    }
    if (members.isEmpty()) {
      fields.problem("panel", fields.raw("panel"), "a mapping of names to {model, prompt}");
    }
    refuseWeightsOfAServer(fields, fields);
    // Each member may have its own; what is written for all of them is known all the same.
    for (String key : List.of("model", "server", "prompt", "weights")) {
      fields.has(key);
    }
    return members;
  }

  private static void refuseWeightsOfAServer(Fields place, Fields precise) {
    if (place.has("server") && precise.has("weights")) {
      precise.problem("weights", precise.raw("weights"), "nothing for a server, which has its own");
    }
  }

  /**
   * @param precise says how weights of a model in this process are kept
   */
  private static JudgePanel.Model model(Fields fields, Fields precise) {
    if (!fields.has("server")) {
      return new JudgePanel.Model.Local(fields.file("model"), weights(precise));
    }
    if (fields.has("model")) {
      fields.problem("model", fields.raw("model"), "nothing beside server");
    }
    Fields server = fields.section("server");
    String variable = server.text("apiKeyVariable", "none", "the name of an environment variable");
    JudgePanel.Model model =
        new JudgePanel.Model.Server(
            server.text("url", null, "such as http://127.0.0.1:8000/v1"),
            server.text("model", null, "the model's name on the server"),
            variable.equals("none") ? null : variable,
            server.whole("concurrency", 32, 1, "a whole number of at least 1"),
            server.whole("requestsPerMinute", 0, 0, "a whole number, 0 for no limit"),
            server.whole("tokensPerMinute", 0, 0, "a whole number, 0 for no limit"),
            server.choice(
                "prime", JudgePanel.Model.Server.Prime.class, JudgePanel.Model.Server.Prime.NONE));
    server.refuseUnknown();
    return model;
  }

  private static Weights weights(Fields fields) {
    return fields.choice("weights", Weights.class, Weights.F32);
  }

  private static String prompt(Fields fields) {
    return fields.text("prompt", null, "the name of a judge prompt, or a .yaml file");
  }

  private static JudgePanel.Combine combine(Fields fields) {
    return fields.choice("combine", JudgePanel.Combine.class, JudgePanel.Combine.MAJORITY);
  }

  private static CandidateOrders orders(Fields fields) {
    return fields.choice("orders", CandidateOrders.class, CandidateOrders.BOTH);
  }

  private static Duration timeLimit(Fields fields) {
    return fields.duration("timeLimit", MODEL_TIME);
  }

  private static Judge custom(String type, Fields fields) {
    boolean compares = fields.flag("comparesMembers", false);
    JsonNode settings = fields.raw("settings");
    if (!settings.isObject() && !settings.isMissingNode()) {
      fields.problem("settings", settings, "a mapping of keys to values");
    }
    return new CustomJudge(
        type, compares, settings.isObject() ? settings : JsonNodeFactory.instance.objectNode());
  }

  private static Judge unknown(String type, Fields fields) {
    if (!type.isEmpty()) {
      fields.problem(
          "type", fields.raw("type"), EXPECTED + "; the type of an added judge has a dot in it");
    }
    fields.keys().forEach(fields::raw);
    return new Judge.VerdictJudge("", Map.of());
  }
}
