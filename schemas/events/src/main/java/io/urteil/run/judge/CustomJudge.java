package io.urteil.run.judge;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.run.keys.Keys;

/**
 * A judge of a kind that Urteil does not have itself: whoever adds it names its type, with a dot in
 * it, such as {@code acme.length}.
 *
 * @param type as the run file and the added kind name it
 * @param comparesMembers whether it looks at the members of a group together
 * @param settings a mapping that only the kind itself understands; empty when the file has none
 */
public record CustomJudge(String type, boolean comparesMembers, JsonNode settings)
    implements JudgeSection {

  static CustomJudge of(Keys<CustomJudge> keys) {
    String type =
        keys.isDescribed() ? "added.judge" : keys.text("type", CustomJudge::type, null, "", "");
    return new CustomJudge(
        type,
        keys.flag(
            "comparesMembers",
            CustomJudge::comparesMembers,
            false,
            "For an added judge: whether it looks at the members of a group together."),
        keys.opaque(
            "settings", CustomJudge::settings, "For an added judge: what only it understands."));
  }
}
