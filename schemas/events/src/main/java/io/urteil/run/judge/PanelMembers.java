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
 * The members of a panel: {@code model} or {@code server} and {@code prompt} of the judge itself,
 * or the members of {@code panel}, which inherit absent keys from the judge. Members are written
 * with all of their keys.
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
            "Several models or prompts in place of one. All members vote.");
    describeChoice(keys);
    if (!keys.has("panel") || keys.isDescribed()) {
      Member alone = new Member(model(judge, judge), prompt(judge));
      rejectServerWeights(judge, judge);
      return new LinkedHashMap<>(Map.of("", alone));
    }
    if (panel.isEmpty()) {
      keys.problem("panel", "a mapping of names to {model, prompt}");
    }
    rejectServerWeights(judge, judge);
    // Keys of the judge are valid even if every member replaces them.
    keys.markKnown("model", "server", "prompt", "weights");
    return panel;
  }

  private static Member member(Keys<Member> member, Keys<Member> judge) {
    Keys<Member> own = member.dependent();
    boolean model = own.defines("model") | own.defines("server");
    boolean weights = own.defines("weights");
    Model asked = model(model ? own : judge, weights ? own : judge);
    rejectServerWeights(model ? own : judge, own);
    String prompt = prompt(own.defines("prompt") ? own : judge);
    own.condition(notBoth());
    own.first("model", "weights", "server", "prompt");
    return new Member(asked, prompt);
  }

  /**
   * @param precise the mapping with the number format of the weights
   */
  private static Model model(Keys<Member> mapping, Keys<Member> precise) {
    Model.Remote server =
        mapping.nameOr(
            "server",
            member -> member.model() instanceof Model.Remote asked ? asked : null,
            Model.NamedServer::new,
            Model.Remote.NAME,
            Model.Remote::of,
            "In place of model: the name of a server that the judge worker declares.");
    if (server == null || mapping.isDescribed()) {
      Path directory =
          mapping
              .dependent()
              .file(
                  "model",
                  member -> ((Model.Local) member.model()).directory(),
                  "Hugging Face model directory, or the name of a cached model. Each is opened once in"
                      + " a process, for all judges that use it.");
      return new Model.Local(
          directory, Weights.of(precise.view(member -> ((Model.Local) member.model()).weights())));
    }
    if (mapping.has("model")) {
      mapping.problem("model", "no key model beside server");
    }
    return server;
  }

  private static String prompt(Keys<Member> mapping) {
    return mapping
        .dependent()
        .text(
            "prompt",
            Member::prompt,
            null,
            "the name of a judge prompt, or a .yaml file",
            "The judge prompt; its format defines how the answer is parsed.");
  }

  private static void rejectServerWeights(Keys<Member> mapping, Keys<Member> precise) {
    if (mapping.has("server") && precise.has("weights")) {
      precise.problem("weights", "no key weights beside server");
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
