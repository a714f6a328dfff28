package io.urteil.run.judge;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.run.keys.Keys;

/**
 * A judge plug-in. Its type contains a dot, such as {@code acme.length}.
 *
 * @param type under which the plug-in is registered
 * @param groupwise whether it judges the members of a group together
 * @param settings of the plug-in itself; empty if the file has none
 */
public record CustomJudge(String type, boolean groupwise, JsonNode settings)
    implements JudgeSection {

  static CustomJudge of(Keys<CustomJudge> keys) {
    String type =
        keys.isDescribed() ? "plug.in" : keys.text("type", CustomJudge::type, null, "", "");
    return new CustomJudge(
        type,
        keys.flag(
            "comparesMembers",
            CustomJudge::groupwise,
            false,
            "For a judge plug-in: whether it is groupwise."),
        keys.opaque("settings", CustomJudge::settings, "For a judge plug-in: its own settings."));
  }

  @Override
  public boolean isGroupwise() {
    return groupwise;
  }
}
