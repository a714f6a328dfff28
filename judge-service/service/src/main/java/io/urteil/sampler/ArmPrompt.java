package io.urteil.sampler;

import io.urteil.event.EngineStamp;
import io.urteil.event.PackedArrays;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Segment;
import io.urteil.judge.api.PolicyText;
import io.urteil.prompt.PromptTokens;
import io.urteil.prompt.RefusedPromptException;
import io.urteil.prompt.RenderedPrompt;
import io.urteil.sampler.SampleRequests.UnusablePromptException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokenised prompt of an arm. Raw text is encoded directly, a conversation through the model's
 * chat template. Only text that the arm marks as trusted can contain control tokens.
 *
 * @param segments one per message, and one for the arm's prefix; their concatenated tokens are the
 *     prompt. Template text belongs to the segment of the message that follows it, or of the last
 *     message at the end.
 * @param engine the engine stamp of the rollouts
 */
record ArmPrompt(List<Segment> segments, EngineStamp engine) {

  /** Templates print the arm's date, or else the creation date of the prompt, which is stable. */
  static ArmPrompt of(Prompt prompt, PromptArm arm, OpenPolicy policy)
      throws UnusablePromptException {
    if (isTrustedText(arm)) {
      return new ArmPrompt(
          arm.getMessages().stream()
              .map(
                  m ->
                      segment(
                          m.getRole(), m.getContent(), policy.tokenizer().encode(m.getContent())))
              .toList(),
          policy.engineStamp());
    }
    PromptTokens tokens = policy.promptTokens();
    if (tokens == null) {
      throw new UnusablePromptException(
          ("arm '%s' has untrusted text, and the tokenizer of the model in %s cannot encode control"
                  + " tokens as plain text (expected: another tokenizer.json)")
              .formatted(arm.getName(), policy.version().directory()));
    }
    LocalDate date =
        arm.getTemplateDate() != null
            ? arm.getTemplateDate()
            : prompt.getCreatedAt().atZone(ZoneOffset.UTC).toLocalDate();
    try {
      RenderedPrompt rendered = PromptMessages.prompt(arm);
      return new ArmPrompt(
          segments(rendered, tokens.of(rendered, date).byMessage(size(rendered))),
          rendered.isRaw() ? policy.engineStamp() : policy.templatedStamp());
    } catch (RefusedPromptException | IllegalArgumentException e) {
      throw new UnusablePromptException("arm '%s': %s".formatted(arm.getName(), e.getMessage()));
    }
  }

  /** Whether the arm is raw text of its producer, which may contain control tokens. */
  private static boolean isTrustedText(PromptArm arm) {
    return arm.getPrefix().isBlank()
        && arm.getMessages().stream()
            .allMatch(m -> m.getRole().equals(RenderedPrompt.RAW) && m.getUntrusted() == null);
  }

  private static int size(RenderedPrompt prompt) {
    return prompt.messages().size() + (prompt.prefix().isBlank() ? 0 : 1);
  }

  private static List<Segment> segments(RenderedPrompt prompt, List<int[]> tokens) {
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < prompt.messages().size(); i++) {
      segments.add(
          segment(prompt.messages().get(i).role(), prompt.messages().get(i).text(), tokens.get(i)));
    }
    if (tokens.size() > segments.size()) {
      segments.add(segment(PolicyText.PREFIX_ROLE, prompt.prefix(), tokens.getLast()));
    }
    return segments;
  }

  private static Segment segment(String role, String text, int[] tokens) {
    return Segment.newBuilder()
        .setRole(role)
        .setText(text)
        .setTokens(PackedArrays.ints(tokens))
        .build();
  }
}
