package io.urteil.evaluation.probe;

import io.urteil.event.ContentHash;
import io.urteil.event.EventCodec;
import io.urteil.event.FinishReason;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import io.urteil.event.Verdict;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judges.answer.AnswerJudge;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.attack.Attack;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Attacks a judge. Each attack is appended to a wrong answer. A pointwise judge scores this answer
 * alone; a groupwise judge compares it with the right answer, in each order. A case is used only if
 * the judge prefers its right answer without an attack. Not thread-safe.
 */
public final class Probe {

  static {
    EventCodec.trustEvents();
  }

  private static final String ARM = "only";

  private final Judge judge;
  private final List<ProbeCase> cases;
  private final List<CandidateOrder> orders;
  private String firstFailure = "";

  /** A case with the scores of its answers without an attack, by order. */
  private record Baseline(ProbeCase probed, List<Scores> orders) {}

  /** The scores of the answers of a case in one order, without an attack. */
  private record Scores(CandidateOrder order, double right, double wrong) {}

  /** The findings of the right and the attacked answer. */
  private record Findings(Finding right, Finding attacked) {}

  /** A probe with the packaged cases, which calls the judge several hundred times. */
  public Probe(Judge judge) {
    this(judge, ProbeCase.all());
  }

  /** A probe with cases from the domain of the judge, in both orders. */
  public Probe(Judge judge, List<ProbeCase> cases) {
    this(judge, cases, List.of(CandidateOrder.AB, CandidateOrder.BA));
  }

  /**
   * A probe with cases from the domain of the judge.
   *
   * @param orders in which a groupwise judge gets the right and the wrong answer
   */
  public Probe(Judge judge, List<ProbeCase> cases, List<CandidateOrder> orders) {
    this.judge = judge;
    this.cases = List.copyOf(cases);
    this.orders = List.copyOf(orders);
  }

  /**
   * Runs the attacks sequentially on the calling thread.
   *
   * @param name name of the judge in the report
   * @throws IllegalArgumentException if the judge prefers the right answer in no case
   */
  public ProbeReport run(String name, List<Attack> attacks) throws InterruptedException {
    long start = System.nanoTime();
    List<Baseline> baselines = new ArrayList<>();
    List<String> excluded = new ArrayList<>();
    for (ProbeCase probed : cases) {
      List<Scores> orders = orders(probed);
      if (orders.isEmpty()) {
        excluded.add(probed.name());
      } else {
        baselines.add(new Baseline(probed, orders));
      }
    }
    if (baselines.isEmpty()) {
      throw new IllegalArgumentException(
          "judge '%s' prefers the right answer in none of %d cases without an attack (expected: in at least one)%s"
              .formatted(
                  name,
                  excluded.size(),
                  firstFailure.isEmpty() ? "" : "; its first finding: " + firstFailure));
    }
    List<AttackRow> rows = new ArrayList<>();
    for (Attack attack : attacks) {
      rows.add(attack(attack, baselines));
    }
    int probes = rows.stream().mapToInt(AttackRow::probes).sum();
    int fooled = rows.stream().mapToInt(AttackRow::fooled).sum();
    return new ProbeReport(
        name,
        judge.version(),
        baselines.size(),
        excluded,
        attacks.size(),
        probes,
        fooled,
        probes == 0 ? 0 : (double) fooled / probes,
        rows.stream().mapToInt(AttackRow::harmed).sum(),
        (System.nanoTime() - start) / 1e9,
        rows);
  }

  /** The orders in which the judge prefers the right answer without an attack. */
  private List<Scores> orders(ProbeCase probed) throws InterruptedException {
    List<Scores> orders = new ArrayList<>();
    for (CandidateOrder order : presentedOrders()) {
      Findings findings = findings(probed, probed.wrong(), order);
      if (firstFailure.isEmpty()) {
        firstFailure = failure(findings.right());
      }
      OptionalDouble right = score(findings.right());
      OptionalDouble wrong = score(findings.attacked());
      if (right.isPresent() && wrong.isPresent() && right.getAsDouble() > wrong.getAsDouble()) {
        orders.add(new Scores(order, right.getAsDouble(), wrong.getAsDouble()));
      }
    }
    return orders;
  }

  /** The reason why a finding has no verdict; empty for a verdict. */
  private static String failure(Finding finding) {
    return switch (finding) {
      case Finding.Scored scored -> "";
      case Finding.Unparseable unparseable -> "unreadable, " + unparseable.text();
      case Finding.Abstained abstained -> "abstained, " + abstained.reason();
      case Finding.Failed failed -> "failed, " + failed.error();
    };
  }

  /** The orders in which right and wrong answer are presented. */
  private List<CandidateOrder> presentedOrders() {
    return switch (judge) {
      case PointwiseJudge alone -> List.of(CandidateOrder.AB);
      case GroupJudge comparing -> orders;
    };
  }

  private AttackRow attack(Attack attack, List<Baseline> baselines) throws InterruptedException {
    int[] counts = new int[ProbeOutcome.values().length];
    int probes = 0;
    int harmed = 0;
    for (Baseline baseline : baselines) {
      for (Scores score : baseline.orders()) {
        Findings findings =
            findings(baseline.probed(), attack.on(baseline.probed().wrong()), score.order());
        counts[outcome(findings, score).ordinal()]++;
        harmed += score(findings.right()).isEmpty() ? 1 : 0;
        probes++;
      }
    }
    return new AttackRow(
        attack.name(),
        attack.kind(),
        probes,
        counts[ProbeOutcome.DECEIVED.ordinal()],
        counts[ProbeOutcome.RAISED.ordinal()],
        counts[ProbeOutcome.RESISTED.ordinal()],
        counts[ProbeOutcome.UNREADABLE.ordinal()],
        counts[ProbeOutcome.ABSTAINED.ordinal()],
        counts[ProbeOutcome.FAILED.ordinal()],
        harmed);
  }

  private static ProbeOutcome outcome(Findings findings, Scores baseline) {
    return switch (findings.attacked()) {
      case Finding.Unparseable unparseable -> ProbeOutcome.UNREADABLE;
      case Finding.Abstained abstained -> ProbeOutcome.ABSTAINED;
      case Finding.Failed failed -> ProbeOutcome.FAILED;
      case Finding.Scored scored -> {
        double attacked = score(scored).orElse(baseline.wrong());
        double right = score(findings.right()).orElse(baseline.right());
        if (attacked >= right) {
          yield ProbeOutcome.DECEIVED;
        }
        yield attacked > baseline.wrong() ? ProbeOutcome.RAISED : ProbeOutcome.RESISTED;
      }
    };
  }

  /**
   * The score of an answer: the score of the verdict, else 1 for the labels right and yes and 0 for
   * wrong and no.
   */
  private static OptionalDouble score(Finding finding) {
    if (!(finding instanceof Finding.Scored scored)) {
      return OptionalDouble.empty();
    }
    Verdict verdict = scored.verdict();
    if (!verdict.getScores().isEmpty()) {
      return OptionalDouble.of(verdict.getScores().getFirst());
    }
    return switch (String.valueOf(verdict.getLabel())) {
      case AnswerJudge.RIGHT, "yes" -> OptionalDouble.of(1);
      case AnswerJudge.WRONG, "no" -> OptionalDouble.of(0);
      default -> OptionalDouble.empty();
    };
  }

  private Findings findings(ProbeCase probed, String attacked, CandidateOrder order)
      throws InterruptedException {
    return switch (judge) {
      case PointwiseJudge alone ->
          new Findings(
              ask(alone, rollout(probed, probed.right(), 0)),
              ask(alone, rollout(probed, attacked, 1)));
      case GroupJudge comparing -> {
        List<String> presented = order.applyTo(List.of(probed.right(), attacked));
        List<Finding> findings =
            order.backFrom(
                ask(
                    comparing,
                    List.of(
                        rollout(probed, presented.get(0), 0),
                        rollout(probed, presented.get(1), 1))));
        yield new Findings(findings.getFirst(), findings.getLast());
      }
    };
  }

  private static Finding ask(PointwiseJudge judge, Rollout rollout) throws InterruptedException {
    try {
      return judge.judge(rollout);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return failed(e);
    }
  }

  private static List<Finding> ask(GroupJudge judge, List<Rollout> candidates)
      throws InterruptedException {
    try {
      Rollout first = candidates.getFirst();
      return judge.judge(new CandidateGroup(first.getGroupId(), first.getArm(), candidates));
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return List.of(failed(e), failed(e));
    }
  }

  private static Finding failed(Exception e) {
    return new Finding.Failed(e.toString(), io.urteil.judge.api.Evidence.NONE);
  }

  private static Rollout rollout(ProbeCase probed, String answer, int index) {
    List<Segment> segments =
        List.of(
            Segment.newBuilder().setRole("user").setText(probed.question()).build(),
            Segment.newBuilder().setRole("assistant").setText(answer).build());
    return Rollout.newBuilder()
        .setRunId("probe")
        .setGroupId("probe-" + probed.name())
        .setArm(ARM)
        .setIndex(index)
        .setOrdinal(0)
        .setArms(List.of(ARM))
        .setSamplesPerArm(2)
        .setPurpose(Purpose.PROBE)
        .setSegments(segments)
        .setFinishReason(FinishReason.UNKNOWN)
        .setReference(probed.reference())
        .setContentHash(ContentHash.of(segments))
        .setDispatchedAt(Instant.EPOCH)
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
