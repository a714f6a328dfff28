package io.urteil.gateway.peer;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.gateway.SubmittedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Reads the candidates of {@code score_group}. Pure. */
final class OrsGroup {

  private OrsGroup() {}

  /**
   * The group: the last message of each candidate is judged. The messages before it are the prompt,
   * if all candidates have the same, else the prompt is that of the task.
   *
   * @param task of the session, {@code {prompt, reference}}
   */
  static PeerGroup read(JsonNode body, JsonNode task) {
    List<List<SubmittedMessage>> candidates = new ArrayList<>();
    for (JsonNode candidate : body.path("candidates")) {
      String place = "candidates[%d].messages".formatted(candidates.size());
      List<SubmittedMessage> messages = new ArrayList<>();
      for (JsonNode message : candidate.path("messages")) {
        messages.add(
            new SubmittedMessage(
                message.path("role").asText(""), text(message.path("blocks"), place)));
      }
      if (messages.isEmpty() || !messages.getLast().role().equals("assistant")) {
        throw PeerBody.invalid(
            place, candidate.path("messages"), "a last message of role assistant");
      }
      candidates.add(messages);
    }
    if (candidates.isEmpty()) {
      throw PeerBody.invalid("candidates", body.path("candidates"), "at least one candidate");
    }
    List<SubmittedMessage> prompt = before(candidates.getFirst());
    for (List<SubmittedMessage> candidate : candidates) {
      if (!before(candidate).equals(prompt)) {
        throw PeerBody.invalid(
            "candidates", null, "the same messages before the answer in all candidates");
      }
    }
    JsonNode reference = body.path("candidates").path(0).path("metadata").path("reference");
    return new PeerGroup(
        null,
        prompt.isEmpty() && task.has("prompt")
            ? PeerBody.prompt(task.path("prompt"), "task_spec.prompt")
            : prompt,
        candidates.stream().map(messages -> messages.getLast().content()).toList(),
        IntStream.range(0, candidates.size()).boxed().toList(),
        candidates.size(),
        PeerBody.label(reference.isMissingNode() ? task.path("reference") : reference));
  }

  private static List<SubmittedMessage> before(List<SubmittedMessage> messages) {
    return messages.subList(0, messages.size() - 1);
  }

  private static String text(JsonNode blocks, String place) {
    StringBuilder text = new StringBuilder();
    for (JsonNode block : blocks) {
      if (!block.path("type").asText("").equals("text")) {
        throw PeerBody.invalid(place + ".blocks", block.path("type"), "blocks of text only");
      }
      text.append(block.path("text").asText(""));
    }
    return text.toString();
  }
}
