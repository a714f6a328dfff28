package io.urteil.worker;

import io.urteil.event.DeadLetters;
import io.urteil.event.GroupMember;
import io.urteil.event.Judgement;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutGroup;
import io.urteil.event.RolloutReader.Payload;
import io.urteil.event.RolloutReference;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.GroupJudge;
import io.urteil.judge.api.PermanentFailureException;
import io.urteil.judges.JudgeSelector;
import io.urteil.worker.call.CallGuard;
import io.urteil.worker.call.CallOutcome;
import io.urteil.worker.crash.Delivery;
import io.urteil.worker.fair.WorkOwner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Groupwise judging: every groupwise judge of the run judges the members of each arm together. A
 * member whose payload is missing from its topic gets a FAILED judgement; the others are judged
 * without it.
 */
final class GroupWork implements WorkReader {

  private final JudgeSelector<RolloutGroup, GroupJudge> runs;
  private final CallGuard guard;
  private final JudgementEvents judgements;
  private final PayloadFetcher payloads;

  GroupWork(RunJudges runs, CallGuard guard, JudgementEvents judgements, PayloadFetcher payloads) {
    this(
        group ->
            runs.of(group.getRunId(), group.getPurpose(), group.getOrdinal())
                .map(RunJudges.Judges::groupwise),
        guard,
        judgements,
        payloads);
  }

  GroupWork(
      JudgeSelector<RolloutGroup, GroupJudge> runs,
      CallGuard guard,
      JudgementEvents judgements,
      PayloadFetcher payloads) {
    this.runs = runs;
    this.guard = guard;
    this.judgements = judgements;
    this.payloads = payloads;
  }

  @Override
  public Parsed read(ConsumerRecord<String, byte[]> record, SpecificRecord event) {
    if (!(event instanceof RolloutGroup group)) {
      return new Parsed.Rejected(
          DeadLetters.NO_EVENT,
          "event type: %s (expected: RolloutGroup)".formatted(event.getSchema().getName()),
          null);
    }
    String runId = group.getRunId();
    Optional<SequencedMap<String, GroupJudge>> judges = runs.of(group);
    if (judges.isEmpty()) {
      return new Parsed.Rejected(
          DeadLetters.UNKNOWN_RUN,
          "runId: '%s' (expected: a published run)".formatted(runId),
          runId);
    }
    return new Parsed.Accepted(new OneGroup(group, judges.get()));
  }

  /** A member and the payload that its reference names. */
  private record JudgedMember(JudgementSubject judged, Payload payload) {}

  private final class OneGroup implements Work {
    private final RolloutGroup group;
    private final SequencedMap<String, GroupJudge> judges;

    OneGroup(RolloutGroup group, SequencedMap<String, GroupJudge> judges) {
      this.group = group;
      this.judges = judges;
    }

    @Override
    public String runId() {
      return group.getRunId();
    }

    @Override
    public WorkOwner owner() {
      return WorkOwner.of(group.getRunId(), group.getGroupId(), group.getPurpose());
    }

    @Override
    public List<Judgement> judge(Delivery delivery) throws InterruptedException {
      List<Judgement> made = new ArrayList<>();
      if (judges.isEmpty()) {
        return made;
      }
      for (Map.Entry<String, List<JudgedMember>> arm : arms().entrySet()) {
        for (Map.Entry<String, GroupJudge> judge : judges.entrySet()) {
          made.addAll(
              judge(judge.getKey(), judge.getValue(), arm.getKey(), arm.getValue(), delivery));
        }
      }
      return made;
    }

    private SequencedMap<String, List<JudgedMember>> arms() throws InterruptedException {
      List<RolloutReference> references =
          group.getMembers().stream().map(GroupMember::getRollout).toList();
      Map<RolloutReference, Payload> found = payloads.read(references);
      SequencedMap<String, List<JudgedMember>> arms = new LinkedHashMap<>();
      group.getMembers().stream()
          .sorted(Comparator.comparing(GroupMember::getIndex))
          .forEach(
              member ->
                  arms.computeIfAbsent(member.getArm(), arm -> new ArrayList<>())
                      .add(
                          new JudgedMember(
                              JudgementSubject.of(group, member),
                              found.getOrDefault(
                                  member.getRollout(), new Payload.Missing("not fetched")))));
      return arms;
    }

    private List<Judgement> judge(
        String name, GroupJudge judge, String arm, List<JudgedMember> members, Delivery delivery)
        throws InterruptedException {
      List<Rollout> candidates = new ArrayList<>();
      for (JudgedMember member : members) {
        if (member.payload() instanceof Payload.Found(Rollout rollout)) {
          candidates.add(rollout);
        }
      }
      CallGuard.Result<List<Finding>> result =
          candidates.isEmpty()
              ? new CallGuard.Result<>(new CallOutcome.Found<>(List.of()), 0, 0)
              : guard.call(
                  "%s/%s".formatted(group.getRunId(), name),
                  judge,
                  candidates.size(),
                  owner(),
                  delivery,
                  () ->
                      judge(name, judge, new CandidateGroup(group.getGroupId(), arm, candidates)));
      int attempts = delivery.count() - 1 + result.tries();
      List<Judgement> made = new ArrayList<>();
      int next = 0;
      for (JudgedMember member : members) {
        CallOutcome<Finding> outcome =
            switch (member.payload()) {
              case Payload.Found found -> outcome(result.outcome(), next++);
              case Payload.Missing(String reason) ->
                  new CallOutcome.Failed<>(
                      "rollout " + position(member.judged().rollout()) + ": " + reason);
            };
        made.add(judgements.of(name, judge, member.judged(), outcome, attempts, result.millis()));
      }
      return made;
    }

    private static List<Finding> judge(String name, GroupJudge judge, CandidateGroup group)
        throws Exception {
      List<Finding> findings = judge.judge(group);
      if (isNull(findings)) {
        throw new IllegalStateException("the judge returned null (expected: findings)");
      }
      if (findings.size() != group.candidates().size()) {
        throw new PermanentFailureException(
            "judge '%s' returned %d findings (expected: %d, one per candidate)"
                .formatted(name, findings.size(), group.candidates().size()));
      }
      List<Finding> checked = new ArrayList<>();
      findings.forEach(finding -> checked.add(CheckedFinding.of(finding)));
      return checked;
    }

    @SuppressWarnings("ConstantValue") // a plug-in may return null
    private static boolean isNull(@Nullable List<Finding> findings) {
      return findings == null;
    }

    private static CallOutcome<Finding> outcome(CallOutcome<List<Finding>> outcome, int candidate) {
      return switch (outcome) {
        case CallOutcome.Found<List<Finding>>(List<Finding> findings) ->
            new CallOutcome.Found<>(findings.get(candidate));
        case CallOutcome.Failed<List<Finding>>(String error) -> new CallOutcome.Failed<>(error);
        case CallOutcome.TimedOut<List<Finding>>(String error) -> new CallOutcome.TimedOut<>(error);
      };
    }

    private static String position(RolloutReference reference) {
      return "%s-%d@%d"
          .formatted(reference.getTopic(), reference.getPartition(), reference.getOffset());
    }

    @Override
    public List<Judgement> failed(String message, int deliveries) {
      List<Judgement> made = new ArrayList<>();
      for (GroupMember member : group.getMembers()) {
        judges.forEach(
            (name, judge) ->
                made.add(
                    judgements.of(
                        name,
                        judge,
                        JudgementSubject.of(group, member),
                        new CallOutcome.Failed<>(message),
                        deliveries,
                        0)));
      }
      return made;
    }
  }
}
