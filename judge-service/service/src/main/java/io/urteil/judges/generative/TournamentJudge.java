package io.urteil.judges.generative;

import io.urteil.chat.ChatModel;
import io.urteil.event.Verdict;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judges.ModelBacked;
import io.urteil.judges.tournament.Match;
import io.urteil.judges.tournament.MatchOutcome;
import io.urteil.judges.tournament.Pairing;
import io.urteil.judges.tournament.Rating;
import io.urteil.judges.tournament.Schedule;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.JudgeMode;
import io.urteil.run.judge.ModelJudge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Judges pairs of members by a panel and rates the members by the results. The verdict's score is
 * the rating, its label the rank from 1; equal ratings share a rank. With two members the verdict
 * also has a preference, where A is the member of the lower index in the judgements of both.
 * Thread-safe.
 */
public final class TournamentJudge implements GroupJudge, ModelBacked {

  private final Panel panel;
  private final ModelJudge.Tournament settings;
  private final Schedule schedule;
  private final Rating rating;

  /**
   * @throws IllegalArgumentException when a prompt does not match the settings
   */
  public TournamentJudge(List<PanelMember> members, ModelJudge.Tournament settings) {
    this.panel = new Panel(members, settings.panel(), JudgeMode.PAIRWISE);
    this.settings = settings;
    this.schedule =
        switch (settings.schedule()) {
          case ROUND_ROBIN -> Schedule.ROUND_ROBIN;
          case CIRCULAR -> Schedule.CIRCULAR;
          case KNOCKOUT -> Schedule.KNOCKOUT;
        };
    this.rating =
        switch (settings.rating()) {
          case BRADLEY_TERRY -> new Rating.BradleyTerry(settings.prior());
          case ELO -> new Rating.Elo(settings.k());
          case WIN_RATE -> new Rating.WinRate();
          case MEAN_SCORE -> new Rating.MeanScore();
          case ROUNDS -> new Rating.Rounds();
        };
  }

  @Override
  public String version() {
    return "tournament/1 %s %s %s orders=%s %s"
        .formatted(
            spelling(settings.schedule()),
            rating.label(),
            spelling(settings.combine()),
            spelling(settings.orders()),
            panel.label());
  }

  private static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String promptHash() {
    return panel.promptHash();
  }

  @Override
  public Map<ChatModel, Integer> samplesAtOnce(int candidates) {
    return panel.samplesAtOnce(
        schedule.mostPairings(candidates)
            * settings.orders().of(2, () -> CandidateOrder.AB).size());
  }

  @Override
  public Optional<Duration> timeLimit() {
    return Optional.of(settings.timeLimit());
  }

  @Override
  public List<Finding> judge(CandidateGroup group) throws Exception {
    CandidateAnswers candidates = CandidateAnswers.of(group);
    List<PanelVote> panelVotes = new ArrayList<>();
    List<Match> matches =
        schedule.play(
            candidates.size(),
            Seeds.of(panel.seed(), group.groupId() + "/" + group.arm()),
            pairings -> decide(candidates, pairings, panelVotes));
    double[] ratings = rating.rate(candidates.size(), matches);
    List<Finding> findings = new ArrayList<>();
    for (int candidate = 0; candidate < candidates.size(); candidate++) {
      findings.add(finding(candidate, ratings, matches, panelVotes));
    }
    return findings;
  }

  /** Judges one round: all orders of all its matches in one batch. */
  private List<MatchOutcome> decide(
      CandidateAnswers candidates, List<Pairing> pairings, List<PanelVote> all) throws Exception {
    List<CandidatePresentation> presentations = new ArrayList<>();
    for (Pairing pairing : pairings) {
      presentations.addAll(presentations(candidates, pairing));
    }
    List<PanelVote> panelVotes = panel.ask(candidates, presentations);
    all.addAll(panelVotes);
    return pairings.stream()
        .map(
            pairing ->
                PairVoteCount.count(pairing, panelVotes, settings.combine(), panel.hasPrinciples()))
        .toList();
  }

  private List<CandidatePresentation> presentations(CandidateAnswers candidates, Pairing pairing) {
    String pair =
        "%s/%s/%d-%d"
            .formatted(candidates.groupId(), candidates.arm(), pairing.first(), pairing.second());
    return settings
        .orders()
        .of(
            2,
            () ->
                new Random(Seeds.of(panel.seed(), pair)).nextBoolean()
                    ? CandidateOrder.AB
                    : CandidateOrder.BA)
        .stream()
        .map(order -> order.applyTo(List.of(pairing.first(), pairing.second())))
        .map(shown -> new CandidatePresentation(shown, pairing.round()))
        .toList();
  }

  private static Finding finding(
      int candidate, double[] ratings, List<Match> matches, List<PanelVote> panelVotes) {
    List<Match> own = matches.stream().filter(match -> match.has(candidate)).toList();
    Evidence evidence = PanelVotes.evidence(panelVotes, candidate, own.size());
    if (Double.isNaN(ratings[candidate])) {
      return PanelVotes.withoutVerdict(panelVotes, candidate, evidence);
    }
    Verdict.Builder verdict =
        Verdict.newBuilder()
            .setScores(List.of(ratings[candidate]))
            .setLabel(Integer.toString(rank(candidate, ratings)));
    if (ratings.length == 2 && own.getFirst().result() instanceof MatchOutcome.Decided decided) {
      boolean inOrder = own.getFirst().pairing().first() == 0;
      double points = inOrder ? decided.points() : 1 - decided.points();
      verdict.setPreference(PairVoteCount.preference(points));
    }
    return new Finding.Scored(verdict.build(), null, evidence);
  }

  /** One more than the number of higher ratings. */
  private static int rank(int candidate, double[] ratings) {
    int rank = 1;
    for (double rating : ratings) {
      rank += rating > ratings[candidate] ? 1 : 0;
    }
    return rank;
  }
}
