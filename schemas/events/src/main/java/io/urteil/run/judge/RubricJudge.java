package io.urteil.run.judge;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import io.urteil.run.keys.SectionSchema;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Asks a decision server all questions of a rubric about each rollout in one request. The server
 * returns probabilities, so there is no text to parse.
 *
 * @param server with the protocol
 * @param questions by name, in the order of the file
 * @param leastMass the judge abstains if the options of a question have less total probability
 * @param reference whether the rollout's reference is sent
 * @param timeLimit for one rollout, retries included
 */
public record RubricJudge(
    JudgePanel.Model.Remote server,
    Protocol protocol,
    SequencedMap<String, RubricQuestion> questions,
    double leastMass,
    boolean reference,
    Duration timeLimit)
    implements JudgeSection {

  /** The most questions that servers accept in one request. */
  private static final int MOST_QUESTIONS = 200;

  public RubricJudge {
    questions = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(questions));
  }

  /** The protocol of a decision server. */
  public enum Protocol {
    /** {@code POST systemone}: vLLM, SGLang, Fireworks. */
    SYSTEM_ONE,
    /** {@code POST decisions}: OpenAI, vLLM, Fireworks. */
    DECISIONS
  }

  /** A rubric of these questions, without a reference. */
  public static RubricJudge of(
      JudgePanel.Model.Remote server, SequencedMap<String, RubricQuestion> questions) {
    return new RubricJudge(server, Protocol.SYSTEM_ONE, questions, 0, false, ModelJudge.TIME_LIMIT);
  }

  static RubricJudge of(Keys<RubricJudge> keys) {
    JudgePanel.Model.Remote server =
        keys.nameOr(
            "server",
            RubricJudge::server,
            JudgePanel.Model.NamedServer::new,
            JudgePanel.Model.Remote.NAME,
            JudgePanel.Model.Remote::of,
            "The name of a server that the judge worker declares.");
    if (server == null) {
      keys.problem("server", "the name of a declared server, or {url, model}");
      server = new JudgePanel.Model.NamedServer("");
    }
    keys.condition(SectionSchema.requires("server"));
    RubricJudge judge =
        new RubricJudge(
            server,
            keys.choice(
                "protocol",
                RubricJudge::protocol,
                Protocol.class,
                Protocol.SYSTEM_ONE,
                "Protocol of the decision server."),
            keys.byName(
                "questions",
                RubricJudge::questions,
                RubricQuestion::of,
                true,
                "The questions of the rubric, by name."),
            keys.number(
                "leastMass",
                RubricJudge::leastMass,
                0.0,
                Bounds.FROM_0_TO_1,
                "The judge abstains if the options of a question have less total probability than"
                    + " this."),
            keys.flag(
                "reference",
                RubricJudge::reference,
                false,
                "Whether the rollout's reference is sent."),
            ModelJudge.limit(keys.view(RubricJudge::timeLimit)));
    if (!keys.isDescribed()) {
      judge.check(keys);
    }
    return judge;
  }

  private void check(Keys<RubricJudge> keys) {
    if (questions.isEmpty() || questions.size() > MOST_QUESTIONS) {
      keys.problem("questions", "a mapping of 1 to 200 names to questions");
    }
  }

  @Override
  public String type() {
    return "rubric";
  }
}
