package io.urteil.audit;

import io.urteil.contract.GroupPartitioning;
import io.urteil.event.Checkpoint;
import io.urteil.event.ContentHash;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventLog;
import io.urteil.event.GroupOutcome;
import io.urteil.event.Judgement;
import io.urteil.event.LoggedEvent;
import io.urteil.event.Namespace;
import io.urteil.event.PartitionBounds;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.event.RecordPosition;
import io.urteil.event.Reward;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutGroup;
import io.urteil.event.Run;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileException;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunHistory;
import io.urteil.topology.group.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The events of one run, without payloads, from one pass over the topics. Not thread-safe.
 *
 * <p>Topics are read in reverse order of the flow, so that the inputs of every event are found,
 * even while the run continues.
 */
public final class RecordedRun {

  private static final String TOPOLOGY = "topology";

  private final Namespace namespace;
  private final String runId;
  private final EventLog events;
  private final PartitionBounds bounds;
  private final GroupPartitioning partitioning;
  private final Map<String, RunFile> runFiles = new LinkedHashMap<>();
  private @Nullable RunHistory history;
  private final List<RecordedEvent<Checkpoint>> checkpoints = new ArrayList<>();
  private final List<RecordedEvent<PolicyUpdate>> updates = new ArrayList<>();
  private final List<RecordedEvent<SpecificRecord>> batches = new ArrayList<>();
  private final Map<String, List<RecordedEvent<GroupOutcome>>> outcomes = new LinkedHashMap<>();
  private final Map<String, List<RecordedEvent<Reward>>> rewards = new HashMap<>();
  private final Map<RecordPosition, List<DeadLetter>> deadLetters = new HashMap<>();
  private final Map<String, GroupReplay> groups = new LinkedHashMap<>();
  private final Map<String, Integer> unreadByGroup = new HashMap<>();
  private final List<AuditFinding> findings = new ArrayList<>();
  private final SortedMap<String, Long> counts = new TreeMap<>();
  private final SortedMap<String, Long> repeated = new TreeMap<>();
  private final SortedMap<String, Long> setAside = new TreeMap<>();
  private Map<TopicPartition, Long> readByTopology = Map.of();
  private long unread;
  private long hashed;
  private long lastTimestamp;

  private RecordedRun(Namespace namespace, String runId, PartitionBounds bounds) {
    this.namespace = namespace;
    this.runId = runId;
    this.bounds = bounds;
    this.partitioning = new GroupPartitioning(bounds.partitions(Topic.ROLLOUTS.in(namespace)));
    this.events = new EventLog(namespace);
  }

  /**
   * Reads a run and replays its groups.
   *
   * @throws io.urteil.kafka.BrokerUnreachableException if no broker answers
   * @throws IllegalArgumentException if the run or the topics do not exist
   */
  public static RecordedRun read(Namespace namespace, String runId) {
    RecordedRun run = new RecordedRun(namespace, runId, PartitionBounds.of(namespace));
    run.readRunFiles();
    run.readOutputs();
    run.readInputs();
    return run;
  }

  private void readRunFiles() {
    TreeSet<String> others = new TreeSet<>();
    scan(
        Topic.RUNS,
        Run.class,
        Run::getRunId,
        others::add,
        (run, record) -> {
          String about = "run file " + run.getHash();
          String hash = ContentHash.of(run.getText());
          if (!hash.equals(run.getHash()) || !isKeyOf(run, hash, record.key())) {
            finding(
                AuditFinding.Kind.RUN_FILE,
                about,
                "at %s has hash %s and key %s (expected: hash %s, by its text)"
                    .formatted(record.position(), run.getHash(), record.key(), hash));
          }
          try {
            RunFile file = RunFileReader.read(about, run.getText());
            runFiles.put(run.getHash(), file);
            if (RunHistory.add(history, run) instanceof RunHistory.Added.Accepted(var added)) {
              history = added;
            } else if (history == null) {
              history = RunHistory.of(file);
            }
          } catch (RunFileException e) {
            finding(AuditFinding.Kind.RUN_FILE, about, String.valueOf(e.getMessage()));
          }
        });
    if (history == null && findings.isEmpty()) {
      throw new IllegalArgumentException(
          "RUN: no run '%s' at %s (expected: %s)"
              .formatted(
                  runId,
                  namespace.bootstrap(),
                  others.isEmpty()
                      ? "a published run; the topics contain none"
                      : "one of " + String.join(", ", others)));
    }
  }

  private boolean isKeyOf(Run run, String hash, @Nullable String key) {
    String first = runId + "/" + hash;
    return first.equals(key) || (first + "/" + run.getFromOrdinal()).equals(key);
  }

  private void readOutputs() {
    scan(Topic.CHECKPOINTS, Checkpoint.class, Checkpoint::getRunId, addTo(checkpoints));
    scan(Topic.UPDATES, PolicyUpdate.class, PolicyUpdate::getRunId, addTo(updates));
    scan(Topic.BATCHES, SpecificRecord.class, RecordedRun::runOf, addTo(batches));
    scan(
        Topic.GROUPS,
        GroupOutcome.class,
        GroupOutcome::getRunId,
        (outcome, record) ->
            outcomes
                .computeIfAbsent(outcome.getGroupId(), id -> new ArrayList<>(1))
                .add(new RecordedEvent<>(outcome, record.position())));
    scan(
        Topic.REWARDS,
        Reward.class,
        Reward::getRunId,
        (reward, record) ->
            rewards
                .computeIfAbsent(reward.getGroupId(), id -> new ArrayList<>())
                .add(new RecordedEvent<>(reward, record.position())));
  }

  private void readInputs() {
    readByTopology = PartitionBounds.committed(namespace, namespace.named(TOPOLOGY));
    events.scan(
        Topic.DEAD_LETTERS,
        DeadLetter.class,
        found -> {
          DeadLetter rejection = found.event();
          if (rejection.getPart().equals(TOPOLOGY)) {
            RecordPosition position =
                new RecordPosition(
                    rejection.getTopic(), rejection.getPartition(), rejection.getOffset());
            deadLetters
                .computeIfAbsent(position, s -> new ArrayList<>(1))
                .add(DeadLetter.newBuilder(rejection).setValue(null).build());
          }
        });
    scan(Topic.PROMPTS, Prompt.class, Prompt::getRunId, this::onPrompt);
    scan(
        Topic.ROLLOUT_GROUPS,
        RolloutGroup.class,
        RolloutGroup::getRunId,
        (request, record) -> {
          GroupReplay group = groups.get(request.getGroupId());
          if (group != null) {
            group.onComparison(request, record.position(), record.timestamp());
          }
        });
    scan(Topic.ROLLOUTS, Rollout.class, Rollout::getRunId, this::onRollout);
    scan(Topic.JUDGEMENTS, Judgement.class, Judgement::getRunId, this::onJudgement);
    groups.forEach(
        (groupId, group) -> {
          group.replayDeferred();
          explain(groupId, group);
          group.repeated().forEach((topic, n) -> repeated.merge(topic.baseName(), n, Long::sum));
        });
  }

  private void onPrompt(Prompt prompt, LoggedEvent<?> record) {
    onEvent(
        prompt.getGroupId(),
        record,
        GroupReplay.Event.of(prompt, record.position(), record.timestamp()));
  }

  private void onRollout(Rollout rollout, LoggedEvent<?> record) {
    onEvent(
        rollout.getGroupId(),
        record,
        GroupReplay.Event.of(rollout, record.position(), record.timestamp()));
  }

  /** Drops texts and votes, which are large and have no effect on the result. */
  private void onJudgement(Judgement judgement, LoggedEvent<?> record) {
    Judgement withoutTexts =
        Judgement.newBuilder(judgement).setText(null).setVotes(List.of()).build();
    onEvent(
        judgement.getGroupId(),
        record,
        GroupReplay.Event.of(withoutTexts, record.position(), record.timestamp()));
  }

  private void onEvent(String groupId, LoggedEvent<?> record, GroupReplay.Event event) {
    Long read =
        readByTopology.get(
            new TopicPartition(record.position().topic(), record.position().partition()));
    if (!readByTopology.isEmpty() && record.position().offset() >= (read == null ? 0 : read)) {
      unread++;
      unreadByGroup.merge(groupId, 1, Integer::sum);
      return;
    }
    if (!groupId.equals(record.key())) {
      String message = "key '%s' (expected: the groupId, which is '%s')";
      Rejection rejection =
          new Rejection(DeadLetters.INVALID, message.formatted(record.key(), groupId), null);
      explain(groupId, new GroupReplay.RejectedEvent(rejection, event.topic(), event.position()));
      return;
    }
    Optional<String> elsewhere = partitioning.violation(groupId, record.position().partition());
    if (elsewhere.isPresent()) {
      Rejection rejection = new Rejection(DeadLetters.WRONG_PARTITION, elsewhere.get(), null);
      explain(groupId, new GroupReplay.RejectedEvent(rejection, event.topic(), event.position()));
      return;
    }
    if (!arrivedOutOfTime(event.position())) {
      hashed += event.topic() == Topic.ROLLOUTS ? 1 : 0;
      GroupReplay group = groups.computeIfAbsent(groupId, this::newReplay);
      group.on(event);
      explain(groupId, group);
    }
  }

  /**
   * Whether the topology rejected an event because of its arrival time: it was late, or its run was
   * unknown.
   */
  private boolean arrivedOutOfTime(RecordPosition position) {
    for (DeadLetter rejection : deadLetters.getOrDefault(position, List.of())) {
      if (rejection.getCause().equals(DeadLetters.LATE)
          || rejection.getCause().equals(DeadLetters.UNKNOWN_RUN)) {
        setAside.merge(rejection.getCause(), 1L, Long::sum);
        return true;
      }
    }
    return false;
  }

  private GroupReplay newReplay(String groupId) {
    return new GroupReplay(runFileOf(groupId));
  }

  /** The run file that applies to the group by its ordinal. */
  private RunFile runFileOf(String groupId) {
    RunHistory known = history;
    if (known == null) {
      throw new IllegalArgumentException(
          "RUN: no run file of '%s' is readable (expected: at least one): %s"
              .formatted(runId, findings));
    }
    return outcomes.getOrDefault(groupId, List.of()).stream()
        .map(RecordedEvent::event)
        .filter(outcome -> outcome.getPurpose() == Purpose.TRAIN)
        .findFirst()
        .map(outcome -> known.at(outcome.getOrdinal()))
        .orElse(known.newest());
  }

  /** Checks that every rejected record has a dead letter of the topology. */
  void explain(String groupId, GroupReplay group) {
    group.drainRejections().forEach(rejected -> explain(groupId, rejected));
  }

  private void explain(String groupId, GroupReplay.RejectedEvent rejected) {
    Rejection rejection = rejected.rejection();
    Rejection.Subject about = rejection.about();
    Topic topic = about == null ? rejected.topic() : about.topic();
    RecordPosition position = about == null ? rejected.position() : about.position();
    List<DeadLetter> written = deadLetters.getOrDefault(position, List.of());
    if (!written.isEmpty()) {
      setAside.merge(written.getFirst().getCause(), 1L, Long::sum);
      return;
    }
    finding(
        kind(rejection.cause(), topic),
        groupId,
        "a record of %s at %s is rejected without a dead letter: %s"
            .formatted(topic.baseName(), position, rejection.message()));
  }

  private static AuditFinding.Kind kind(String cause, Topic topic) {
    return switch (cause) {
      case DeadLetters.HASH_MISMATCH ->
          topic == Topic.ROLLOUTS
              ? AuditFinding.Kind.ROLLOUT_HASH
              : AuditFinding.Kind.JUDGEMENT_OF_ANOTHER_TEXT;
      case DeadLetters.CONFLICT, DeadLetters.LATE -> AuditFinding.Kind.CONTRADICTION;
      default -> AuditFinding.Kind.UNEXPLAINED;
    };
  }

  private void finding(AuditFinding.Kind kind, String about, String message) {
    findings.add(new AuditFinding(kind, about, message));
  }

  private static <T> BiConsumer<T, LoggedEvent<?>> addTo(List<RecordedEvent<T>> kept) {
    return (event, record) -> kept.add(new RecordedEvent<>(event, record.position()));
  }

  /** The run id, which batches of all kinds have in the same field. */
  private static String runOf(SpecificRecord batch) {
    var field = batch.getSchema().getField("runId");
    return field == null ? "" : String.valueOf(batch.get(field.pos()));
  }

  private <T extends SpecificRecord> void scan(
      Topic topic, Class<T> type, Function<T, String> run, BiConsumer<T, LoggedEvent<?>> each) {
    scan(topic, type, run, other -> {}, each);
  }

  private <T extends SpecificRecord> void scan(
      Topic topic,
      Class<T> type,
      Function<T, String> run,
      java.util.function.Consumer<String> otherRuns,
      BiConsumer<T, LoggedEvent<?>> each) {
    events.scan(
        topic,
        type,
        found -> {
          if (run.apply(found.event()).equals(runId)) {
            counts.merge(topic.baseName(), 1L, Long::sum);
            lastTimestamp = Math.max(lastTimestamp, found.timestamp());
            each.accept(found.event(), found);
          } else {
            otherRuns.accept(run.apply(found.event()));
          }
        });
  }

  /** The namespace of the run. */
  public Namespace namespace() {
    return namespace;
  }

  /** Id of the run. */
  public String runId() {
    return runId;
  }

  /** The first and end offsets of the topics before reading. */
  public PartitionBounds bounds() {
    return bounds;
  }

  /** The newest readable run file. */
  public RunFile newest() {
    return runFileOf("");
  }

  /** The run file with this hash. */
  public Optional<RunFile> runFile(String hash) {
    return Optional.ofNullable(runFiles.get(hash));
  }

  /** Checkpoints in topic order. */
  public List<RecordedEvent<Checkpoint>> checkpoints() {
    return checkpoints;
  }

  /** Updates in topic order. */
  public List<RecordedEvent<PolicyUpdate>> updates() {
    return updates;
  }

  /** Batches of any kind, or parts of them, in topic order. */
  public List<RecordedEvent<SpecificRecord>> batches() {
    return batches;
  }

  /** Outcomes by group; more than one per group is a finding. */
  public Map<String, List<RecordedEvent<GroupOutcome>>> outcomes() {
    return outcomes;
  }

  /** Rewards by group. */
  public Map<String, List<RecordedEvent<Reward>>> rewards() {
    return rewards;
  }

  /** Replays of all groups with a prompt, rollout or judgement. */
  public Map<String, GroupReplay> groups() {
    return groups;
  }

  /** Findings while reading. */
  List<AuditFinding> findings() {
    return findings;
  }

  long count(Topic topic) {
    return counts.getOrDefault(topic.baseName(), 0L);
  }

  SortedMap<String, Long> repeated() {
    return repeated;
  }

  SortedMap<String, Long> setAside() {
    return setAside;
  }

  /** Number of rollouts with a recomputed content hash. */
  long hashed() {
    return hashed;
  }

  long unread() {
    return unread;
  }

  boolean hasUnread(String groupId) {
    return unreadByGroup.containsKey(groupId);
  }

  /** The newest record timestamp of the run, in milliseconds since the epoch. */
  long lastTimestamp() {
    return lastTimestamp;
  }
}
