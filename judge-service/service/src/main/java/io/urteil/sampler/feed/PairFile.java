package io.urteil.sampler.feed;

import io.urteil.event.EventCodec;
import io.urteil.event.PromptArm;
import io.urteil.pair.AnswerPair;
import io.urteil.pair.PairFormatException;
import io.urteil.pair.PairReader;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.JudgeQuestion;
import io.urteil.prompt.Preference;
import io.urteil.prompt.PromptTokens;
import io.urteil.run.DataSection.PairReference;
import io.urteil.sampler.PromptMessages;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Prompts of a judge under training, from JSON lines of {@linkplain PairReader pairs}.
 *
 * <p>A pairwise judge prompt yields the arms AB and BA, a pointwise one the arms chosen and
 * rejected; a group may combine both. The token ids equal those of an evaluation with this judge
 * prompt: the same messages, date and assistant prefix, and the same untrusted text.
 */
final class PairFile {

  static {
    EventCodec.trustEvents();
  }

  private final SequencedMap<String, JudgePrompt> prompts;
  private final PairReference gold;
  private final boolean showsReference;

  /**
   * @param prompts by arm, in the order of the arms
   * @param gold the gold value that becomes the reference of an arm
   * @param showsReference whether prompts with a reference placeholder show the pair's reference
   */
  PairFile(SequencedMap<String, JudgePrompt> prompts, PairReference gold, boolean showsReference) {
    prompts.forEach(PairFile::check);
    if (showsReference && prompts.values().stream().noneMatch(JudgePrompt::usesReference)) {
      throw new IllegalArgumentException(
          "data.showReference: true (expected: a judge prompt with a reference placeholder; %s has none)"
              .formatted(prompts.firstEntry().getValue().name()));
    }
    this.prompts = new LinkedHashMap<>(prompts);
    this.gold = gold;
    this.showsReference = showsReference;
  }

  private static void check(String arm, JudgePrompt prompt) {
    List<String> possible =
        switch (prompt.mode()) {
          case PAIRWISE -> List.of("AB", "BA");
          case POINTWISE -> List.of("chosen", "rejected");
          case LISTWISE ->
              throw new IllegalArgumentException(
                  "data.judgePrompt: '%s' is listwise (expected: a pairwise or pointwise one)"
                      .formatted(prompt.name()));
        };
    if (!possible.contains(arm)) {
      throw new IllegalArgumentException(
          "group.arms: %s (expected: one of %s, because its judge prompt '%s' is %s)"
              .formatted(arm, possible, prompt.name(), prompt.mode().spelling()));
    }
  }

  /**
   * Reads a file of pairs.
   *
   * @throws IllegalArgumentException with file, line and the expected value
   */
  List<List<PromptArm>> read(Path file) {
    return PairReader.read("prompts", file, this::arms);
  }

  private List<PromptArm> arms(AnswerPair pair) {
    return prompts.entrySet().stream()
        .map(entry -> arm(pair, entry.getKey(), entry.getValue()))
        .toList();
  }

  private PromptArm arm(AnswerPair pair, String arm, JudgePrompt prompt) {
    List<String> shown =
        switch (arm) {
          case "AB" -> pair.answers();
          case "BA" -> pair.answers().reversed();
          default -> List.of(pair.answers().get(better(pair) ^ (arm.equals("chosen") ? 0 : 1)));
        };
    @Nullable String reference = showsReference && prompt.usesReference() ? pair.reference() : null;
    return PromptMessages.arm(
            prompt.render(new JudgeQuestion(pair.question(), shown, reference, null)))
        .setName(arm)
        .setTemplateDate(PromptTokens.JUDGE_DATE)
        .setReference(prompt.mode() == JudgeMode.PAIRWISE ? gold(pair, arm.equals("BA")) : arm)
        .build();
  }

  private String gold(AnswerPair pair, boolean swapped) {
    return switch (gold) {
      case PREFERENCE -> (swapped ? pair.better().swapped() : pair.better()).spelling();
      case SCORES -> {
        List<String> scores = pair.scores();
        if (scores == null) {
          throw new PairFormatException(
              "scores: missing (expected: two, because data.reference is scores)");
        }
        yield scores.get(swapped ? 1 : 0) + "," + scores.get(swapped ? 0 : 1);
      }
      case STRENGTH -> {
        Integer strength = pair.strength();
        if (strength == null) {
          throw new PairFormatException(
              "strength: missing (expected: an integer, because data.reference is strength)");
        }
        yield Integer.toString(swapped ? -strength : strength);
      }
    };
  }

  private static int better(AnswerPair pair) {
    if (pair.better() == Preference.TIE) {
      throw new PairFormatException(
          "tied answers (expected: a better answer, for a pointwise judge prompt)");
    }
    return pair.better() == Preference.A ? 0 : 1;
  }
}
