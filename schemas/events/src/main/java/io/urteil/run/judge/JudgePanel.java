package io.urteil.run.judge;

import io.urteil.order.CandidateOrders;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
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

  /** The keys that say who is asked, which stand first. */
  static final String[] MODELS = {"type", "model", "weights", "server", "prompt", "panel"};

  public JudgePanel {
    members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(members));
    principles = List.copyOf(principles);
  }

  /** A panel of one member. */
  public static JudgePanel of(Model model, String prompt) {
    return new JudgePanel(
        new LinkedHashMap<>(Map.of("", new Member(model, prompt))),
        1,
        Read.TEXT,
        0,
        0,
        1,
        0,
        null,
        0,
        false,
        List.of());
  }

  /** The models that are asked, member by member. */
  public List<Model> models() {
    return members.values().stream().map(Member::model).toList();
  }

  /** The same panel with what this makes of each model. */
  public JudgePanel withModels(UnaryOperator<Model> change) {
    SequencedMap<String, Member> changed = new LinkedHashMap<>();
    members.forEach(
        (name, member) ->
            changed.put(name, new Member(change.apply(member.model()), member.prompt())));
    return withMembers(changed);
  }

  /** Other members. */
  public JudgePanel withMembers(SequencedMap<String, Member> others) {
    return new JudgePanel(
        others,
        votes,
        read,
        leastMass,
        temperature,
        topP,
        topK,
        maxTokens,
        seed,
        reference,
        principles);
  }

  /** Another number of tokens of an answer; null for what the prompt says. */
  public JudgePanel withMaxTokens(@Nullable Integer other) {
    return new JudgePanel(
        members,
        votes,
        read,
        leastMass,
        temperature,
        topP,
        topK,
        other,
        seed,
        reference,
        principles);
  }

  /** Verdicts read from something else. */
  public JudgePanel withRead(Read other) {
    return new JudgePanel(
        members,
        votes,
        other,
        leastMass,
        temperature,
        topP,
        topK,
        maxTokens,
        seed,
        reference,
        principles);
  }

  /** Another temperature. */
  public JudgePanel withTemperature(double other) {
    return new JudgePanel(
        members, votes, read, leastMass, other, topP, topK, maxTokens, seed, reference, principles);
  }

  /** Another seed. */
  public JudgePanel withSeed(long other) {
    return new JudgePanel(
        members,
        votes,
        read,
        leastMass,
        temperature,
        topP,
        topK,
        maxTokens,
        other,
        reference,
        principles);
  }

  /** With or without the rollouts' reference. */
  public JudgePanel withReference(boolean shown) {
    return new JudgePanel(
        members,
        votes,
        read,
        leastMass,
        temperature,
        topP,
        topK,
        maxTokens,
        seed,
        shown,
        principles);
  }

  static JudgePanel of(Keys<JudgePanel> keys) {
    int votes =
        keys.whole(
            "votes",
            JudgePanel::votes,
            1,
            Bounds.WHOLE_FROM_1,
            "Samples of each member, order and principle.");
    Read read =
        keys.choice(
            "read",
            JudgePanel::read,
            Read.class,
            Read.TEXT,
            "What the verdict is read from: the text, the probabilities of the next token, where"
                + " nothing is written, or those at the place in the written text where the verdict"
                + " stands.");
    double temperature =
        keys.decidedElsewhere()
            .number(
                "temperature",
                JudgePanel::temperature,
                votes > 1 ? 1.0 : 0.0,
                Bounds.FROM_0,
                "Of the judge's sampling; 0 is greedy. 0 for one vote, 1 for several unless it is"
                    + " set.");
    if (votes > 1 && read == Read.PROBABILITIES) {
      keys.problem("votes", "1 with read: probabilities");
    } else if (votes > 1 && temperature == 0) {
      keys.problem("temperature", "above 0, since votes are sampled");
    }
    return new JudgePanel(
        PanelMembers.of(keys.view(JudgePanel::members)),
        votes,
        read,
        leastMass(keys, read),
        temperature,
        keys.number("topP", JudgePanel::topP, 1.0, Bounds.ABOVE_0_TO_1, "Nucleus mass; 1 is off."),
        keys.whole("topK", JudgePanel::topK, 0, Bounds.WHOLE_OR_OFF, "Candidates kept; 0 is off."),
        keys.wholeOrNone(
            "maxTokens",
            JudgePanel::maxTokens,
            Bounds.WHOLE_FROM_1,
            "Most tokens of an answer; what the prompt says unless it is set."),
        keys.seed(
            "seed",
            JudgePanel::seed,
            "Seed of the judge's sampling, and of each order or bracket that is drawn."),
        keys.flag(
            "reference",
            JudgePanel::reference,
            false,
            "Whether the rollout's reference is shown, where the prompt has a place for it."),
        keys.texts(
            "principles",
            JudgePanel::principles,
            "Principles or rubrics, where the prompt has a place for one. Each is asked about by"
                + " itself."));
  }

  private static double leastMass(Keys<JudgePanel> keys, Read read) {
    double mass =
        keys.number(
            "leastMass",
            JudgePanel::leastMass,
            0.0,
            Bounds.FROM_0_TO_1,
            "Without read: text: a vote abstains when its choices have less probability than that"
                + " together.");
    if (mass > 0 && read == Read.TEXT) {
      keys.problem("leastMass", "0 with read: text");
    }
    return mass;
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

      static Server of(Keys<Server> keys) {
        String variable =
            keys.text(
                "apiKeyVariable",
                server -> server.apiKeyVariable() == null ? "none" : server.apiKeyVariable(),
                "none",
                "the name of an environment variable",
                "Holds the key, which never gets into a run file or an event.");
        Server server =
            new Server(
                keys.text(
                    "url",
                    Server::url,
                    null,
                    "such as http://127.0.0.1:8000/v1",
                    "A server that speaks the OpenAI protocol, such as vLLM or llama.cpp."),
                keys.text(
                    "model",
                    Server::model,
                    null,
                    "the model's name on the server",
                    "Which of its models is asked."),
                variable.equals("none") ? null : variable,
                keys.whole(
                    "concurrency",
                    Server::concurrency,
                    32,
                    Bounds.WHOLE_FROM_1,
                    "Requests under way at once."),
                keys.whole(
                    "requestsPerMinute",
                    Server::requestsPerMinute,
                    0,
                    Bounds.WHOLE_OR_NO_LIMIT,
                    "Most requests a minute."),
                keys.whole(
                    "tokensPerMinute",
                    Server::tokensPerMinute,
                    0,
                    Bounds.WHOLE_OR_NO_LIMIT,
                    "Most tokens a minute, prompt and answer together."),
                keys.choice(
                    "prime",
                    Server::prime,
                    Prime.class,
                    Prime.NONE,
                    "How the server is told what an answer begins with, such as <think>."));
        keys.first("url", "model");
        return server;
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
    MEAN;

    static Combine of(Keys<Combine> keys) {
      return keys.choice(
          "combine",
          combine -> combine,
          Combine.class,
          MAJORITY,
          "What several votes come to: the most frequent verdict, or that of the mean scores.");
    }
  }

  /** Key {@code orders} of judges that compare candidates. */
  static CandidateOrders orders(Keys<CandidateOrders> keys) {
    return keys.choice(
        "orders",
        orders -> orders,
        CandidateOrders.class,
        CandidateOrders.BOTH,
        "In which orders candidates are shown: by index, also the other way round, or one that is"
            + " drawn.");
  }
}
