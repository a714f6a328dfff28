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
 * <p>A pairwise judge prompt makes the arms AB and BA, a pointwise one chosen and rejected; a group
 * may have both, each with its prompt. The policy reads what a judge with this prompt reads, to the
 * last token: the same turns, the same date, the prompt's prefix behind them, and questions and
 * answers as untrusted text.
 */
final class PairFile {

  static {
    EventCodec.trustEvents();
  }

  private final SequencedMap<String, JudgePrompt> prompts;
  private final PairReference wanted;
  private final boolean showsReference;

  /**
   * @param prompts of each arm, in the order of the arms
   * @param wanted which gold value is the arm's reference
   * @param showsReference whether a pair's reference is shown where the prompt has a place for it
   */
  PairFile(
      SequencedMap<String, JudgePrompt> prompts, PairReference wanted, boolean showsReference) {
    prompts.forEach(PairFile::check);
    if (showsReference && prompts.values().stream().noneMatch(JudgePrompt::usesReference)) {
      throw new IllegalArgumentException(
          "data.showReference: true (expected: a judge prompt with a place for a reference, which %s has not)"
              .formatted(prompts.firstEntry().getValue().name()));
    }
    this.prompts = new LinkedHashMap<>(prompts);
    this.wanted = wanted;
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
          "group.arms: %s (expected: of %s, since its judge prompt '%s' is %s)"
              .formatted(arm, possible, prompt.name(), prompt.mode().spelling()));
    }
  }

  /**
   * Reads the whole file.
   *
   * @throws IllegalArgumentException naming file, line and what was expected there
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
    return switch (wanted) {
      case PREFERENCE -> (swapped ? pair.better().swapped() : pair.better()).spelling();
      case SCORES -> {
        List<String> scores = pair.scores();
        if (scores == null) {
          throw new PairFormatException(
              "no 'scores' (expected: two, since data.reference is scores)");
        }
        yield scores.get(swapped ? 1 : 0) + "," + scores.get(swapped ? 0 : 1);
      }
      case STRENGTH -> {
        Integer strength = pair.strength();
        if (strength == null) {
          throw new PairFormatException(
              "no 'strength' (expected: a whole number, since data.reference is strength)");
        }
        yield Integer.toString(swapped ? -strength : strength);
      }
    };
  }

  private static int better(AnswerPair pair) {
    if (pair.better() == Preference.TIE) {
      throw new PairFormatException(
          "no better answer (expected: one, for a pointwise judge prompt)");
    }
    return pair.better() == Preference.A ? 0 : 1;
  }
}
