package io.urteil.run.judge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.run.judge.JudgePanel.Member;
import io.urteil.run.judge.JudgePanel.Model;
import io.urteil.run.keys.Keys;
import io.urteil.run.keys.SectionSchema;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Whom a judge asks: {@code model} or {@code server} and {@code prompt} of the judge itself, or a
 * {@code panel} of members, of which each takes from the judge what it does not say itself. Members
 * are written with everything that is theirs.
 */
final class PanelMembers {

  private PanelMembers() {}

  static SequencedMap<String, Member> of(Keys<SequencedMap<String, Member>> keys) {
    Keys<Member> judge = keys.view(PanelMembers::alone);
    SequencedMap<String, Member> panel =
        keys.byName(
            "panel",
            PanelMembers::named,
            member -> member(member, judge),
            false,
            "Several models or prompts in place of one. All of them vote.");
    describeChoice(keys);
    if (!keys.has("panel") || keys.isDescribed()) {
      Member alone = new Member(model(judge, judge), prompt(judge));
      refuseWeightsOfAServer(judge, judge);
      return new LinkedHashMap<>(Map.of("", alone));
    }
    if (panel.isEmpty()) {
      keys.problem("panel", "a mapping of names to {model, prompt}");
    }
    refuseWeightsOfAServer(judge, judge);
    // Each member may have its own; what is written for all of them is known all the same.
    keys.known("model", "server", "prompt", "weights");
    return panel;
  }

  private static Member member(Keys<Member> member, Keys<Member> judge) {
    Keys<Member> own = member.decidedElsewhere();
    boolean model = own.owns("model") | own.owns("server");
    boolean weights = own.owns("weights");
    Model asked = model(model ? own : judge, weights ? own : judge);
    refuseWeightsOfAServer(model ? own : judge, own);
    String prompt = prompt(own.owns("prompt") ? own : judge);
    own.condition(notBoth());
    own.first("model", "weights", "server", "prompt");
    return new Member(asked, prompt);
  }

  /**
   * @param precise says how weights of a model in this process are kept
   */
  private static Model model(Keys<Member> place, Keys<Member> precise) {
    Model.Server server =
        place.optional(
            "server",
            false,
            member -> member.model() instanceof Model.Server asked ? asked : null,
            Model.Server::of,
            "In place of model: a server that speaks the OpenAI protocol.");
    if (server == null || place.isDescribed()) {
      Path directory =
          place
              .decidedElsewhere()
              .file(
                  "model",
                  member -> ((Model.Local) member.model()).directory(),
                  "Hugging Face model directory. Each is opened once a process, whatever the number"
                      + " of judges.");
      return new Model.Local(
          directory, Weights.of(precise.view(member -> ((Model.Local) member.model()).weights())));
    }
    if (place.has("model")) {
      place.problem("model", "nothing beside server");
    }
    return server;
  }

  private static String prompt(Keys<Member> place) {
    return place
        .decidedElsewhere()
        .text(
            "prompt",
            Member::prompt,
            null,
            "the name of a judge prompt, or a .yaml file",
            "The judge prompt that is asked; its format says how the answer is read.");
  }

  private static void refuseWeightsOfAServer(Keys<Member> place, Keys<Member> precise) {
    if (place.has("server") && precise.has("weights")) {
      precise.problem("weights", "nothing for a server, which has its own");
    }
  }

  private static void describeChoice(Keys<?> keys) {
    ObjectNode panel = SectionSchema.requires("panel");
    keys.condition(
        SectionSchema.anyOf(
            List.of(SectionSchema.requires("model"), SectionSchema.requires("server"), panel)));
    keys.condition(SectionSchema.anyOf(List.of(SectionSchema.requires("prompt"), panel)));
    keys.condition(notBoth());
  }

  private static ObjectNode notBoth() {
    ObjectNode condition = SectionSchema.JSON.objectNode();
    condition.set("not", SectionSchema.requires("model", "server"));
    return condition;
  }

  private static @Nullable Member alone(Map<String, Member> members) {
    return members.get("");
  }

  private static Map<String, Member> named(Map<String, Member> members) {
    return members.containsKey("") ? Map.of() : members;
  }
}
