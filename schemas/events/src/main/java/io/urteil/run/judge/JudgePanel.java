package io.urteil.run.judge;

import io.urteil.order.CandidateOrders;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import io.urteil.run.keys.SectionSchema;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The models and prompts of a model judge, and its sampling parameters. A judge without the key
 * {@code panel} has one member, whose name is empty.
 *
 * @param members by name, in the order of the file
 * @param votes samples for each member, order and principle
 * @param read source of the verdict; null for that of the prompts
 * @param leastMass a vote from probabilities abstains if its choices have less total probability
 * @param temperature of the judge's sampling; 0 is greedy
 * @param topP nucleus mass; 1 is off
 * @param topK candidates kept; 0 is off
 * @param maxTokens maximum number of tokens of an answer; null for that of the prompt
 * @param grammar name of the format that every answer is constrained to, or {@code auto}; empty for
 *     none
 * @param seed of the judge's sampling, and of random orders and brackets
 * @param reference whether the rollout's reference is included, if the prompt has a placeholder for
 *     it
 * @param principles or rubrics, each in a separate request; empty for the prompt without one
 */
public record JudgePanel(
    SequencedMap<String, Member> members,
    int votes,
    @Nullable Read read,
    double leastMass,
    double temperature,
    double topP,
    int topK,
    @Nullable Integer maxTokens,
    String grammar,
    long seed,
    boolean reference,
    List<String> principles) {

  /** The name of the grammar that fits the verdict format of the prompt. */
  public static final String AUTO = "auto";

  /** The keys of models and prompts, which are written first. */
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
        null,
        0,
        0,
        1,
        0,
        null,
        "",
        0,
        false,
        List.of());
  }

  /** The model of each member. */
  public List<Model> models() {
    return members.values().stream().map(Member::model).toList();
  }

  /** A copy with each model replaced by the result of the function. */
  public JudgePanel withModels(UnaryOperator<Model> change) {
    SequencedMap<String, Member> changed = new LinkedHashMap<>();
    members.forEach(
        (name, member) ->
            changed.put(name, new Member(change.apply(member.model()), member.prompt())));
    return withMembers(changed);
  }

  /** A copy with other members. */
  public JudgePanel withMembers(SequencedMap<String, Member> others) {
    return changed(draft -> draft.members = others);
  }

  /** A copy with another maximum number of tokens of an answer; null for that of the prompt. */
  public JudgePanel withMaxTokens(@Nullable Integer other) {
    return changed(draft -> draft.maxTokens = other);
  }

  /** A copy with another source of the verdict; null for that of the prompts. */
  public JudgePanel withRead(@Nullable Read other) {
    return changed(draft -> draft.read = other);
  }

  /** A copy with another number of votes. */
  public JudgePanel withVotes(int other) {
    return changed(draft -> draft.votes = other);
  }

  /** A copy with another temperature. */
  public JudgePanel withTemperature(double other) {
    return changed(draft -> draft.temperature = other);
  }

  /** A copy with another grammar. */
  public JudgePanel withGrammar(String other) {
    return changed(draft -> draft.grammar = other);
  }

  /** A copy with another seed. */
  public JudgePanel withSeed(long other) {
    return changed(draft -> draft.seed = other);
  }

  /** A copy that includes or omits the rollout's reference. */
  public JudgePanel withReference(boolean included) {
    return changed(draft -> draft.reference = included);
  }

  private JudgePanel changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.made(this);
  }

  /** The components that copies change. */
  private static final class Draft {
    private SequencedMap<String, Member> members;
    private int votes;
    private @Nullable Read read;
    private double temperature;
    private @Nullable Integer maxTokens;
    private String grammar;
    private long seed;
    private boolean reference;

    Draft(JudgePanel panel) {
      this.members = panel.members;
      this.votes = panel.votes;
      this.read = panel.read;
      this.temperature = panel.temperature;
      this.maxTokens = panel.maxTokens;
      this.grammar = panel.grammar;
      this.seed = panel.seed;
      this.reference = panel.reference;
    }

    /** The panel with the others of this one. */
    JudgePanel made(JudgePanel others) {
      return new JudgePanel(
          members,
          votes,
          read,
          others.leastMass,
          temperature,
          others.topP,
          others.topK,
          maxTokens,
          grammar,
          seed,
          reference,
          others.principles);
    }
  }

  static JudgePanel of(Keys<JudgePanel> keys) {
    int votes =
        keys.integer(
            "votes",
            JudgePanel::votes,
            1,
            Bounds.INTEGER_FROM_1,
            "Samples for each member, order and principle.");
    Read read =
        keys.optionalChoice(
            "read",
            JudgePanel::read,
            Read.class,
            "Source of the verdict: the text, the probabilities of the next token without"
                + " generating text, or the probabilities at the position in the generated text where"
                + " the verdict is. The default is that of the prompt.");
    double temperature =
        keys.dependent()
            .number(
                "temperature",
                JudgePanel::temperature,
                votes > 1 ? 1.0 : 0.0,
                Bounds.FROM_0,
                "Temperature of the judge's sampling; 0 is greedy. The default is 0 for one vote, 1"
                    + " for several.");
    if (votes > 1 && read == Read.PROBABILITIES) {
      keys.problem("votes", "1 with read: probabilities");
    } else if (votes > 1 && temperature == 0) {
      keys.problem("temperature", "above 0, since votes are sampled");
    }
    SequencedMap<String, Member> members = PanelMembers.of(keys.view(JudgePanel::members));
    return new JudgePanel(
        members,
        votes,
        read,
        leastMass(keys, read),
        temperature,
        keys.number("topP", JudgePanel::topP, 1.0, Bounds.ABOVE_0_TO_1, "Nucleus mass; 1 is off."),
        keys.integer(
            "topK", JudgePanel::topK, 0, Bounds.INTEGER_OR_OFF, "Candidates kept; 0 is off."),
        keys.optionalInteger(
            "maxTokens",
            JudgePanel::maxTokens,
            Bounds.INTEGER_FROM_1,
            "Maximum tokens of an answer. The default is that of the prompt."),
        grammar(keys, members, read),
        keys.seed(
            "seed",
            JudgePanel::seed,
            "Seed of the judge's sampling, and of random orders and brackets."),
        keys.flag(
            "reference",
            JudgePanel::reference,
            false,
            "Whether the rollout's reference is included, if the prompt has a placeholder for it."),
        keys.texts(
            "principles",
            JudgePanel::principles,
            "Principles or rubrics, if the prompt has a placeholder for one. Each is a separate"
                + " request."));
  }

  private static String grammar(
      Keys<JudgePanel> keys, SequencedMap<String, Member> members, @Nullable Read read) {
    String grammar =
        keys.text(
            "grammar",
            JudgePanel::grammar,
            "",
            "the name of a grammar, or auto",
            "The format that every answer is constrained to, as in sampling.grammar; auto is that"
                + " of the prompt. Only for models in the judge's process.");
    if (!grammar.isEmpty() && read == Read.PROBABILITIES) {
      keys.problem("grammar", "none with read: probabilities, which generates no text");
    }
    if (!grammar.isEmpty()
        && members.values().stream().anyMatch(member -> member.model() instanceof Model.Remote)) {
      keys.problem("grammar", "none with a server; only with a model in the judge's process");
    }
    return grammar;
  }

  private static double leastMass(Keys<JudgePanel> keys, @Nullable Read read) {
    double mass =
        keys.number(
            "leastMass",
            JudgePanel::leastMass,
            0.0,
            Bounds.FROM_0_TO_1,
            "Without read: text: a vote abstains if its choices have less total probability than"
                + " this.");
    if (mass > 0 && read == Read.TEXT) {
      keys.problem("leastMass", "0 with read: text");
    }
    return mass;
  }

  /**
   * One model with its prompt.
   *
   * @param prompt name of a judge prompt, or a .yaml file
   */
  public record Member(Model model, String prompt) {}

  /** The model, in this process or on a server. */
  public sealed interface Model {

    /** A Hugging Face model directory, loaded in the judge's process. */
    record Local(Path directory, Weights weights) implements Model {}

    /** A model on a server with the OpenAI protocol. */
    sealed interface Remote extends Model {

      /** The pattern of a declared server's name. */
      String NAME = "[A-Za-z0-9_-]+";

      static Remote of(Keys<Remote> keys) {
        String name =
            keys.optionalText(
                "name",
                Remote::nameOf,
                "the name of a server",
                "A server that the judge worker's servers file declares.");
        keys.pattern("name", "^" + NAME + "$");
        if (keys.isDescribed()) {
          keys.condition(
              SectionSchema.anyOf(
                  List.of(SectionSchema.requires("name"), SectionSchema.requires("url", "model"))));
          return Server.of(keys.as(Server.class));
        }
        if (name != null && !name.isEmpty() && !name.matches(NAME)) {
          keys.problem("name", "a name of letters, digits, '_' or '-'");
        }
        return name == null ? Server.of(keys.as(Server.class)) : new NamedServer(name);
      }

      /** The name of a declared server; null for a server of the run file. */
      static @Nullable String nameOf(Remote remote) {
        return remote instanceof NamedServer(String name) ? name : null;
      }
    }

    /**
     * A server that the operator of the judge worker declares; the declaration defines its URLs,
     * model, key, limits and token costs.
     *
     * @param name of the declaration
     */
    record NamedServer(String name) implements Remote {}

    /**
     * A server whose URL the run file defines. A judge worker uses it only if its operator allows
     * the URL, and sends no key to it.
     *
     * @param url of the server, including the version of the protocol
     * @param model its name on the server
     * @param concurrency maximum concurrent requests
     * @param requestsPerMinute maximum; 0 for no limit
     * @param tokensPerMinute maximum, prompt and answer together; 0 for no limit
     * @param assistantPrefix how the assistant prefix of the prompt is sent
     */
    record Server(
        String url,
        String model,
        int concurrency,
        int requestsPerMinute,
        int tokensPerMinute,
        AssistantPrefix assistantPrefix)
        implements Remote {

      /** How the assistant prefix of a prompt is sent to the server. */
      public enum AssistantPrefix {
        /** Not at all. */
        NONE,
        /** As a last message of the assistant. */
        LAST_MESSAGE,
        /** As a last message, with the flag of vLLM to continue it. */
        CONTINUE_FINAL_MESSAGE
      }

      private static final int CONCURRENCY = 32;

      /** A server with the defaults of run files. */
      public static Server of(String url, String model) {
        return new Server(url, model, CONCURRENCY, 0, 0, AssistantPrefix.NONE);
      }

      static Server of(Keys<Server> keys) {
        for (String former : List.of("apiKeyVariable", "apiKey")) {
          keys.rejectFormer(
              former,
              "no key of a server in a run file; it belongs in the judge worker's servers file, as"
                  + " servers.NAME.apiKeyVariable or apiKeyFile, and the run file names that"
                  + " server, as in server: NAME");
        }
        Server server =
            new Server(
                keys.dependent()
                    .text(
                        "url",
                        Server::url,
                        null,
                        "such as http://127.0.0.1:8000/v1; or the name of a declared server",
                        "A server with the OpenAI protocol, such as vLLM or llama.cpp. Judge workers"
                            + " use it only if their servers file allows the URL."),
                keys.dependent()
                    .text(
                        "model",
                        Server::model,
                        null,
                        "the model's name on the server",
                        "The model to use on the server."),
                keys.integer(
                    "concurrency",
                    Server::concurrency,
                    CONCURRENCY,
                    Bounds.INTEGER_FROM_1,
                    "Maximum concurrent requests."),
                keys.integer(
                    "requestsPerMinute",
                    Server::requestsPerMinute,
                    0,
                    Bounds.INTEGER_OR_NO_LIMIT,
                    "Maximum requests in a minute."),
                keys.integer(
                    "tokensPerMinute",
                    Server::tokensPerMinute,
                    0,
                    Bounds.INTEGER_OR_NO_LIMIT,
                    "Maximum tokens in a minute, prompt and answer together."),
                keys.choice(
                    "prime",
                    Server::assistantPrefix,
                    AssistantPrefix.class,
                    AssistantPrefix.NONE,
                    "How the assistant prefix of the prompt, such as <think>, is sent to the server."));
        keys.first("name", "url", "model");
        return server;
      }
    }
  }

  /** Source of the verdict. */
  public enum Read {
    /** The text that the model generates. */
    TEXT,
    /** The probabilities of the next token, such as P(A) and P(B), without generating text. */
    PROBABILITIES,
    /** The probabilities at the position in the generated text where the verdict is. */
    PROBABILITIES_IN_TEXT
  }

  /** How votes are aggregated. */
  public enum Combine {
    /** The most frequent verdict. */
    MAJORITY,
    /** The verdict of the mean scores of the votes. */
    MEAN;

    static Combine of(Keys<Combine> keys) {
      return keys.choice(
          "combine",
          combine -> combine,
          Combine.class,
          MAJORITY,
          "How votes are aggregated: to the most frequent verdict, or to that of the mean"
              + " scores.");
    }
  }

  /** The key {@code orders} of groupwise judges. */
  static CandidateOrders orders(Keys<CandidateOrders> keys) {
    return keys.choice(
        "orders",
        orders -> orders,
        CandidateOrders.class,
        CandidateOrders.BOTH,
        "Orders in which candidates are presented: by index, reversed, both, or one random"
            + " order.");
  }
}
