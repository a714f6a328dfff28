package io.urteil.local.score;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.event.ContentHash;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.FinishReason;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Ids;
import io.urteil.event.LogFollower;
import io.urteil.event.Namespace;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Streams a file of responses through the topic {@code rollouts}, judges and topology, and collects
 * the closed groups. Runs on the caller's thread:
 *
 * <ol>
 *   <li>each line becomes one group of rollouts, published as an external producer does,
 *   <li>at most {@link #IN_FLIGHT} groups are open at a time; reading pauses meanwhile,
 *   <li>each closed group is added to the statistics and written as one JSON line of rewards and
 *       advantages.
 * </ol>
 */
public final class ScoringSession {

  private static final int IN_FLIGHT = 2_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Namespace namespace;
  private final RunFile run;
  private final Map<Long, ScoreLine> open = new HashMap<>();
  private final ScoreStatistics statistics = new ScoreStatistics();

  /** A session for a published run. */
  public ScoringSession(Namespace namespace, RunFile run) {
    this.namespace = namespace;
    this.run = run;
  }

  /**
   * Scores the complete input.
   *
   * @param output receives one JSON line per group; null for none
   * @param progress receives the number of closed groups several times a second
   */
  public ScoreReport score(ScoreFile input, @Nullable Writer output, LongConsumer progress)
      throws IOException {
    long begin = System.nanoTime();
    long closed = 0;
    long sent = 0;
    try (EventProducer producer = EventProducer.idempotent(namespace);
        LogFollower groups = new EventLog(namespace).followFromTheEnd(Topic.GROUPS)) {
      @Nullable ScoreLine line = input.next();
      while (line != null || !open.isEmpty()) {
        while (line != null && open.size() < IN_FLIGHT) {
          open.put(sent, line);
          send(producer, sent++, line);
          line = input.next();
        }
        List<GroupOutcome> outcomes = new ArrayList<>();
        groups.poll(
            Duration.ofMillis(100), GroupOutcome.class, found -> outcomes.add(found.event()));
        for (GroupOutcome outcome : outcomes) {
          if (outcome.getRunId().equals(run.run())) {
            closed += close(outcome, output) ? 1 : 0;
          }
        }
        progress.accept(closed);
      }
    }
    return statistics.report((System.nanoTime() - begin) / 1e9);
  }

  /** Why responses have no reward, with their number. */
  public SortedMap<String, Long> reasons() {
    return statistics.reasons();
  }

  /** The responses whose judgement differs from the recorded one, one text per response. */
  public List<String> disagreements() {
    return statistics.disagreements().stream()
        .map(
            d ->
                "line %d, %s: recorded as %s, reward %s\n  reference: %s\n  response:  %s"
                    .formatted(
                        d.ordinal() + 1,
                        d.model(),
                        d.recorded() ? "correct" : "wrong",
                        d.reward(),
                        d.reference(),
                        d.response().replace("\n", "\n             ")))
        .toList();
  }

  private void send(EventProducer producer, long ordinal, ScoreLine line) {
    String groupId = Ids.group(run.run(), Purpose.PROBE, ordinal);
    String arm = run.group().arms().getFirst();
    for (int index = 0; index < line.responses().size(); index++) {
      ScoreLine.Response response = line.responses().get(index);
      List<Segment> segments =
          List.of(
              Segment.newBuilder().setRole("user").setText(line.prompt()).build(),
              Segment.newBuilder().setRole("assistant").setText(response.text()).build());
      Instant now = Instant.now();
      Rollout rollout =
          Rollout.newBuilder()
              .setRunId(run.run())
              .setGroupId(groupId)
              .setArm(arm)
              .setIndex(index)
              .setOrdinal(ordinal)
              .setArms(List.of(arm))
              .setSamplesPerArm(line.responses().size())
              .setPurpose(Purpose.PROBE)
              .setSegments(segments)
              .setFinishReason(FinishReason.UNKNOWN)
              .setReference(line.reference())
              .setColumns(Map.of("model", response.model()))
              .setContentHash(ContentHash.of(segments))
              .setDispatchedAt(now)
              .setCreatedAt(now)
              .build();
      producer.send(Topic.ROLLOUTS, groupId, rollout);
    }
  }

  private boolean close(GroupOutcome outcome, @Nullable Writer output) throws IOException {
    ScoreLine line = open.remove(outcome.getOrdinal());
    if (line == null) {
      return false;
    }
    statistics.add(outcome, line);
    if (output != null) {
      output.write(JSON.writeValueAsString(json(outcome, line)) + "\n");
    }
    return true;
  }

  private Map<String, Object> json(GroupOutcome outcome, ScoreLine line) {
    List<@Nullable Double> rewards = new ArrayList<>();
    List<String> models = new ArrayList<>();
    for (OutcomeMember member : outcome.getMembers()) {
      rewards.add(member.getReward());
      models.add(line.responses().get(member.getIndex()).model());
    }
    double[] scored =
        rewards.stream().filter(Objects::nonNull).mapToDouble(Double::doubleValue).toArray();
    double[] advantages = run.advantage().advantages(scored);
    List<@Nullable Double> memberAdvantages = new ArrayList<>();
    int next = 0;
    for (Double reward : rewards) {
      memberAdvantages.add(reward == null ? null : (Double) advantages[next++]);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("ordinal", outcome.getOrdinal());
    json.put("prompt", line.prompt());
    json.put("status", status(outcome.getStatus()));
    json.put("models", models);
    json.put("rewards", rewards);
    json.put("advantages", memberAdvantages);
    return json;
  }

  private static String status(GroupStatus status) {
    return status == GroupStatus.POISONED ? "failed" : status.name().toLowerCase(Locale.ROOT);
  }
}
