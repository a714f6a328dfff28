package io.urteil.run;

import io.urteil.run.keys.Keys;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * @param prompts JSON lines of prompts: {@code {"id", "arms": [{"name", "prompt" | "messages",
 *     "reference"}]}}; with {@code judgePrompt} of pairs
 * @param judgePrompt the judge prompt that makes pairs the prompts of a judge under training; null
 *     when the file holds prompts
 * @param judgePrompts the judge prompts of arms that have another one
 * @param reference what of a pair is the reference of its prompts
 * @param showReference whether the judge prompt shows a pair's reference answer, in training and
 *     when the policy is evaluated as a judge
 * @param order given or shuffled (anew for each pass, by seed)
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

  /** What a verdict on a pair is compared with. */
  public enum PairReference {
    /** The better answer: A, B or tie. */
    PREFERENCE,
    /** Both gold scores, in the order shown. */
    SCORES,
    /** How much better, below 0 for the first. */
    STRENGTH
  }

  /** In which order prompts are taken. */
  public enum PromptOrder {
    GIVEN,
    SHUFFLED
  }

  static DataSection of(Keys<DataSection> keys) {
    return new DataSection(
        keys.file("prompts", DataSection::prompts, "Prompts to train on, as JSON lines."),
        keys.textOrNone(
            "judgePrompt",
            DataSection::judgePrompt,
            "the name of a judge prompt, or a .yaml file",
            "Trains a judge: the files hold pairs, and this prompt asks about them."),
        keys.textsByName(
            "judgePrompts",
            DataSection::judgePrompts,
            "a mapping of arms to judge prompts",
            "Prompts of arms that are asked otherwise."),
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
            "With judgePrompt: whether the judge is shown the reference of a pair, where its prompt"
                + " has a place for it; in training, and when the policy is evaluated."),
        keys.choice(
            "order",
            DataSection::order,
            PromptOrder.class,
            PromptOrder.GIVEN,
            "In which order they are taken; shuffled shuffles anew for each pass, by seed."
                + " After the last prompt the first follows."),
        keys.seed("seed", DataSection::seed, "Seed of the order and of all sampling."));
  }

  /** Other prompts. */
  public DataSection withPrompts(Path other) {
    return new DataSection(other, judgePrompt, judgePrompts, reference, showReference, order, seed);
  }

  /** Another seed. */
  public DataSection withSeed(long other) {
    return new DataSection(
        prompts, judgePrompt, judgePrompts, reference, showReference, order, other);
  }
}
