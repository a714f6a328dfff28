package io.urteil.run;

import io.urteil.run.keys.Keys;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * @param prompts file of prompts as JSON lines: {@code {"id", "arms": [{"name", "prompt" |
 *     "messages", "reference"}]}}; of pairs, if there is a {@code judgePrompt}
 * @param judgePrompt the judge prompt that presents a pair to the judge under training; null if the
 *     file contains prompts
 * @param judgePrompts judge prompts of arms that differ from {@code judgePrompt}
 * @param reference the gold value of a pair that is the reference of its prompts
 * @param showReference whether the judge prompt includes the reference answer of a pair, in
 *     training and when the policy is evaluated as a judge
 * @param order of the prompts; shuffled again for each pass by the seed, or as given
 * @param seed of the order and of all sampling
 */
public record DataSection(
    Path prompts,
    @Nullable String judgePrompt,
    Map<String, String> judgePrompts,
    PairReference reference,
    boolean showReference,
    PromptOrder order,
    long seed) {
  public DataSection {
    judgePrompts = Map.copyOf(judgePrompts);
  }

  /** The gold value that a verdict on a pair is compared with. */
  public enum PairReference {
    /** The better answer: A, B or tie. */
    PREFERENCE,
    /** Both gold scores, in the order in which the answers are presented. */
    SCORES,
    /** Strength of the preference, below 0 if the first answer is better. */
    STRENGTH
  }

  /** Order of the prompts. */
  public enum PromptOrder {
    GIVEN,
    SHUFFLED
  }

  static DataSection of(Keys<DataSection> keys) {
    return new DataSection(
        keys.file("prompts", DataSection::prompts, "Prompts to train on, as JSON lines."),
        keys.optionalText(
            "judgePrompt",
            DataSection::judgePrompt,
            "the name of a judge prompt, or a .yaml file",
            "Trains a judge: the files hold pairs, and this prompt presents them to it."),
        keys.textsByName(
            "judgePrompts",
            DataSection::judgePrompts,
            "a mapping of arms to judge prompts",
            "Prompts of arms that differ from judgePrompt."),
        keys.choice(
            "reference",
            DataSection::reference,
            PairReference.class,
            PairReference.PREFERENCE,
            "With judgePrompt: which of a pair's gold values a verdict is compared with."),
        keys.flag(
            "showReference",
            DataSection::showReference,
            false,
            "With judgePrompt: whether the prompt includes the reference of a pair, if it has a"
                + " placeholder for it; in training, and when the policy is evaluated."),
        keys.choice(
            "order",
            DataSection::order,
            PromptOrder.class,
            PromptOrder.GIVEN,
            "Order of the prompts; shuffled shuffles each pass by the seed. After the last prompt"
                + " the first follows."),
        keys.seed("seed", DataSection::seed, "Seed of the order and of all sampling."));
  }

  /** A copy with another file of prompts. */
  public DataSection withPrompts(Path other) {
    return new DataSection(other, judgePrompt, judgePrompts, reference, showReference, order, seed);
  }

  /** A copy with another seed. */
  public DataSection withSeed(long other) {
    return new DataSection(
        prompts, judgePrompt, judgePrompts, reference, showReference, order, other);
  }
}
