package io.urteil.judges.generative;

import io.urteil.chat.ChatModel;
import io.urteil.prompt.JudgePrompt;

/**
 * A member of a panel.
 *
 * @param name in the run file; empty if the judge is a single model
 * @param model that the member queries
 * @param prompt of the member
 */
public record PanelMember(String name, ChatModel model, JudgePrompt prompt) {

  String label() {
    return (name.isEmpty() ? "" : name + ": ") + prompt + " on " + model.name();
  }
}
