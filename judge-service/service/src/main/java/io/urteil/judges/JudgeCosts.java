package io.urteil.judges;

import io.urteil.chat.RemoteServer.Price;
import io.urteil.chat.server.JudgeServers;
import io.urteil.event.Judgement;
import io.urteil.event.Vote;
import io.urteil.run.RunFile;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RubricJudge;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The cost of judgements: the tokens of their votes, at the price of the declared server that
 * returned them. Local models and servers without a price cost nothing. Thread-safe if the run
 * files are.
 */
public final class JudgeCosts implements ToDoubleFunction<Judgement> {

  private final JudgeServers servers;
  private final Function<String, Optional<RunFile>> runs;

  /**
   * @param runs the run file of a run id
   */
  public JudgeCosts(JudgeServers servers, Function<String, Optional<RunFile>> runs) {
    this.servers = servers;
    this.runs = runs;
  }

  /** The cost of a judgement; 0 for a judgement without votes or of an unknown run. */
  @Override
  public double applyAsDouble(Judgement judgement) {
    if (!servers.hasPrices() || judgement.getVotes().isEmpty()) {
      return 0;
    }
    Map<String, Price> prices =
        runs.apply(judgement.getRunId())
            .map(run -> run.judges().get(judgement.getJudge()))
            .map(this::prices)
            .orElse(Map.of());
    double cost = 0;
    for (Vote vote : judgement.getVotes()) {
      cost +=
          prices
              .getOrDefault(vote.getJudge(), Price.NONE)
              .of(vote.getPromptTokens(), vote.getCompletionTokens());
    }
    return cost;
  }

  /** By panel member, or by question of a rubric. */
  private Map<String, Price> prices(JudgeSection judge) {
    Map<String, Price> prices = new HashMap<>();
    if (judge instanceof RubricJudge rubric
        && rubric.server() instanceof JudgePanel.Model.NamedServer(String server)
        && servers.declared().containsKey(server)) {
      Price price = servers.declared().get(server).price();
      rubric.questions().keySet().forEach(question -> prices.put(question, price));
    }
    if (judge instanceof ModelJudge model) {
      panel(model)
          .ifPresent(
              panel ->
                  panel
                      .members()
                      .forEach(
                          (name, member) -> {
                            if (member.model()
                                    instanceof JudgePanel.Model.NamedServer(String server)
                                && servers.declared().containsKey(server)) {
                              prices.put(name, servers.declared().get(server).price());
                            }
                          }));
    }
    return prices;
  }

  private static Optional<JudgePanel> panel(ModelJudge judge) {
    return switch (judge) {
      case ModelJudge.Generative generative -> Optional.of(generative.panel());
      case ModelJudge.Tournament tournament -> Optional.of(tournament.panel());
      case ModelJudge.Listwise listwise -> Optional.of(listwise.panel());
      case ModelJudge.Scalar scalar -> Optional.empty();
    };
  }
}
