package io.urteil.run;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Whom a judge asks, and how. A judge that is no panel has one member, of the name "".
 *
 * @param members by name, in the order of the file
 * @param votes samples of each member, order and principle
 * @param read what the verdict is read from
 * @param leastMass a vote read from probabilities abstains when the choices have less together
 * @param temperature of the sampling; 0 is greedy
 * @param topP nucleus mass; 1 is off
 * @param topK candidates kept; 0 is off
 * @param maxTokens most tokens of an answer; null for what the prompt says
 * @param seed of the sampling, and of every order or bracket that is drawn
 * @param reference whether the rollouts' reference is shown, where the prompt has a place for it
 * @param principles each is asked about by itself; empty when the prompt's own wording decides
 */
public record JudgePanel(
    SequencedMap<String, Member> members,
    int votes,
    Read read,
    double leastMass,
    double temperature,
    double topP,
    int topK,
    @Nullable Integer maxTokens,
    long seed,
    boolean reference,
    List<String> principles) {

  public JudgePanel {
    members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(members));
    principles = List.copyOf(principles);
  }

  /**
   * One asked model.
   *
   * @param prompt name of a judge prompt, or a file that ends with .yaml
   */
  public record Member(Model model, String prompt) {}

  /** Where a model answers. */
  public sealed interface Model {

    /** In the judge's process, from a Hugging Face model directory. */
    record Local(Path directory, Weights weights) implements Model {}

    /**
     * On a server that speaks the OpenAI protocol.
     *
     * @param url up to and including the version
     * @param model as the server calls it
     * @param apiKeyVariable environment variable that holds the key; null for none
     * @param concurrency requests under way at once
     * @param requestsPerMinute 0 for no limit
     * @param tokensPerMinute 0 for no limit
     * @param prime how the server is told what an answer begins with
     */
    record Server(
        String url,
        String model,
        @Nullable String apiKeyVariable,
        int concurrency,
        int requestsPerMinute,
        int tokensPerMinute,
        Prime prime)
        implements Model {

      /** How a server is told what the assistant's turn begins with. */
      public enum Prime {
        NONE,
        LAST_MESSAGE,
        CONTINUE_FINAL_MESSAGE
      }
    }
  }

  /** What a verdict is read from. */
  public enum Read {
    /** The text that the model writes. */
    TEXT,
    /** The probabilities of the next token, such as P(A) and P(B); nothing is written. */
    PROBABILITIES,
    /** The same at the place in the written text where the verdict stands. */
    PROBABILITIES_IN_TEXT
  }

  /** What several votes come to. */
  public enum Combine {
    /** The most frequent verdict. */
    MAJORITY,
    /** The verdict of the mean scores. */
    MEAN
  }
}
