package io.urteil.judges.generative;

import io.urteil.chat.ChatModel;
import io.urteil.prompt.JudgePrompt;

/**
 * One member of a panel.
 *
 * @param name in the run file; empty when the judge is no panel
 */
public record PanelMember(String name, ChatModel model, JudgePrompt prompt) {

  String spelling() {
    return (name.isEmpty() ? "" : name + ": ") + prompt + " on " + model.name();
  }
}
