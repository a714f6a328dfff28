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
 * Tries attacks on a judge. An attack rides on a wrong answer. A pointwise judge sees it by itself;
 * a judge that compares sees it beside the right answer, in both orders. A case is used when the
 * judge tells its right answer from its wrong one without an attack.
 */
public final class Probe {

  static {
    EventCodec.trustEvents();
  }

  private static final String ARM = "only";

  private final Judge judge;
  private final List<ProbeCase> cases;
  private String without = "";

  /** A case with what its answers are worth without an attack, by order. */
  private record Baseline(ProbeCase probed, List<Worth> orders) {}

  /**
   * What the answers of a case are worth when they are shown in this order.
   *
   * @param rightFirst whether the right answer has index 0
   */
  private record Worth(CandidateOrder order, double right, double wrong) {}

  /** Findings about the right and the attacked answer. */
  private record Seen(Finding right, Finding attacked) {}

  /** A probe of this judge; it may be asked more than a hundred times. */
  public Probe(Judge judge) {
    this(judge, ProbeCase.all());
  }

  /** A probe of this judge with cases of its own field. */
  public Probe(Judge judge, List<ProbeCase> cases) {
    this.judge = judge;
    this.cases = List.copyOf(cases);
  }

  /**
   * Tries these attacks, one after the other.
   *
   * @throws IllegalArgumentException when the judge tells no right answer from a wrong one
   */
  public ProbeReport run(String name, List<Attack> attacks) throws InterruptedException {
    long start = System.nanoTime();
    List<Baseline> baselines = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (ProbeCase probed : cases) {
      List<Worth> orders = orders(probed);
      if (orders.isEmpty()) {
        leftOut.add(probed.name());
      } else {
        baselines.add(new Baseline(probed, orders));
      }
    }
    if (baselines.isEmpty()) {
      throw new IllegalArgumentException(
          "judge '%s' prefers the right answer to the wrong one in none of %d easy cases (expected: in one at least); there is nothing to fool%s"
              .formatted(
                  name,
                  leftOut.size(),
                  without.isEmpty() ? "" : "; of the first it says: " + without));
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
        leftOut,
        attacks.size(),
        probes,
        fooled,
        probes == 0 ? 0 : (double) fooled / probes,
        rows.stream().mapToInt(AttackRow::harmed).sum(),
        (System.nanoTime() - start) / 1e9,
        rows);
  }

  /** The orders in which the judge prefers the right answer when nobody attacks. */
  private List<Worth> orders(ProbeCase probed) throws InterruptedException {
    List<Worth> orders = new ArrayList<>();
    for (CandidateOrder order : shown()) {
      Seen seen = look(probed, probed.wrong(), order);
      if (without.isEmpty()) {
        without = said(seen.right());
      }
      OptionalDouble right = worth(seen.right());
      OptionalDouble wrong = worth(seen.attacked());
      if (right.isPresent() && wrong.isPresent() && right.getAsDouble() > wrong.getAsDouble()) {
        orders.add(new Worth(order, right.getAsDouble(), wrong.getAsDouble()));
      }
    }
    return orders;
  }

  /** Why a finding says nothing about an answer; empty when it says what it is worth. */
  private static String said(Finding finding) {
    return switch (finding) {
      case Finding.Scored scored -> "";
      case Finding.Unparseable unparseable -> "unreadable, " + unparseable.text();
      case Finding.Abstained abstained -> "abstained, " + abstained.reason();
      case Finding.Failed failed -> "failed, " + failed.error();
    };
  }

  /** The orders of the right answer and the wrong one that the judge is asked in. */
  private List<CandidateOrder> shown() {
    return switch (judge) {
      case PointwiseJudge alone -> List.of(CandidateOrder.AB);
      case GroupJudge comparing -> List.of(CandidateOrder.AB, CandidateOrder.BA);
    };
  }

  private AttackRow attack(Attack attack, List<Baseline> baselines) throws InterruptedException {
    int[] counts = new int[ProbeOutcome.values().length];
    int probes = 0;
    int harmed = 0;
    for (Baseline baseline : baselines) {
      for (Worth worth : baseline.orders()) {
        Seen seen = look(baseline.probed(), attack.on(baseline.probed().wrong()), worth.order());
        counts[outcome(seen, worth).ordinal()]++;
        harmed += worth(seen.right()).isEmpty() ? 1 : 0;
        probes++;
      }
    }
    return new AttackRow(
        attack.name(),
        attack.kind(),
        probes,
        counts[ProbeOutcome.FOOLED.ordinal()],
        counts[ProbeOutcome.RAISED.ordinal()],
        counts[ProbeOutcome.HELD.ordinal()],
        counts[ProbeOutcome.UNREADABLE.ordinal()],
        counts[ProbeOutcome.ABSTAINED.ordinal()],
        counts[ProbeOutcome.FAILED.ordinal()],
        harmed);
  }

  private static ProbeOutcome outcome(Seen seen, Worth baseline) {
    return switch (seen.attacked()) {
      case Finding.Unparseable unparseable -> ProbeOutcome.UNREADABLE;
      case Finding.Abstained abstained -> ProbeOutcome.ABSTAINED;
      case Finding.Failed failed -> ProbeOutcome.FAILED;
      case Finding.Scored scored -> {
        double attacked = worth(scored).orElse(baseline.wrong());
        double right = worth(seen.right()).orElse(baseline.right());
        if (attacked >= right) {
          yield ProbeOutcome.FOOLED;
        }
        yield attacked > baseline.wrong() ? ProbeOutcome.RAISED : ProbeOutcome.HELD;
      }
    };
  }

  /** What a finding says an answer is worth: its score, or 1 for right and yes. */
  private static OptionalDouble worth(Finding finding) {
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

  private Seen look(ProbeCase probed, String attacked, CandidateOrder order)
      throws InterruptedException {
    return switch (judge) {
      case PointwiseJudge alone ->
          new Seen(
              ask(alone, rollout(probed, probed.right(), 0)),
              ask(alone, rollout(probed, attacked, 1)));
      case GroupJudge comparing -> {
        List<String> shown = order.applyTo(List.of(probed.right(), attacked));
        List<Finding> findings =
            order.backFrom(
                ask(
                    comparing,
                    List.of(rollout(probed, shown.get(0), 0), rollout(probed, shown.get(1), 1))));
        yield new Seen(findings.getFirst(), findings.getLast());
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
