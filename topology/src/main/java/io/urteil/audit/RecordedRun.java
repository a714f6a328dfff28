package io.urteil.audit;

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
import io.urteil.event.RecordPosition;
import io.urteil.event.Reward;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutGroup;
import io.urteil.event.Run;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileException;
import io.urteil.run.RunFileReader;
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
 * What the log holds of one run, read once, payloads left out.
 *
 * <p>Topics are read against the stream, what was made last first: so whatever an event was made
 * from is sure to be found after it, also while the run goes on.
 */
public final class RecordedRun {

  private static final String TOPOLOGY = "topology";

  private final Namespace place;
  private final String runId;
  private final EventLog log;
  private final PartitionBounds bounds;
  private final Map<String, RunFile> runFiles = new LinkedHashMap<>();
  private @Nullable RunFile newest;
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

  private RecordedRun(Namespace place, String runId, PartitionBounds bounds) {
    this.place = place;
    this.runId = runId;
    this.bounds = bounds;
    this.log = new EventLog(place);
  }

  /**
   * Reads a run.
   *
   * @throws io.urteil.kafka.BrokerUnreachableException when no broker answers
   * @throws IllegalArgumentException when there is no such run, or there are no topics
   */
  public static RecordedRun read(Namespace place, String runId) {
    RecordedRun run = new RecordedRun(place, runId, PartitionBounds.of(place));
    run.readRunFiles();
    run.readWhatTheRunMade();
    run.readWhatTheRunWasMadeFrom();
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
          if (!hash.equals(run.getHash()) || !(runId + "/" + hash).equals(record.key())) {
            finding(
                AuditFinding.Kind.RUN_FILE,
                about,
                "says hash %s under key %s (expected, by its text: %s) at %s"
                    .formatted(run.getHash(), record.key(), hash, record.position()));
          }
          try {
            newest = RunFileReader.read(about, run.getText());
            runFiles.put(run.getHash(), newest);
          } catch (RunFileException e) {
            finding(AuditFinding.Kind.RUN_FILE, about, String.valueOf(e.getMessage()));
          }
        });
    if (newest == null && findings.isEmpty()) {
      throw new IllegalArgumentException(
          "RUN: no run '%s' at %s (expected: %s)"
              .formatted(
                  runId,
                  place.bootstrap(),
                  others.isEmpty()
                      ? "a published run; there is none"
                      : "one of " + String.join(", ", others)));
    }
  }

  private void readWhatTheRunMade() {
    scan(Topic.CHECKPOINTS, Checkpoint.class, Checkpoint::getRunId, keepIn(checkpoints));
    scan(Topic.UPDATES, PolicyUpdate.class, PolicyUpdate::getRunId, keepIn(updates));
    scan(Topic.BATCHES, SpecificRecord.class, RecordedRun::runOf, keepIn(batches));
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

  private void readWhatTheRunWasMadeFrom() {
    readByTopology = PartitionBounds.committed(place, place.named(TOPOLOGY));
    log.scan(
        Topic.DEAD_LETTERS,
        DeadLetter.class,
        found -> {
          DeadLetter letter = found.event();
          if (letter.getPart().equals(TOPOLOGY)) {
            RecordPosition spot =
                new RecordPosition(letter.getTopic(), letter.getPartition(), letter.getOffset());
            deadLetters
                .computeIfAbsent(spot, s -> new ArrayList<>(1))
                .add(DeadLetter.newBuilder(letter).setValue(null).build());
          }
        });
    scan(Topic.PROMPTS, Prompt.class, Prompt::getRunId, this::onPrompt);
    scan(
        Topic.ROLLOUT_GROUPS,
        RolloutGroup.class,
        RolloutGroup::getRunId,
        (asked, record) -> {
          GroupReplay group = groups.get(asked.getGroupId());
          if (group != null) {
            group.onComparison(asked, record.position());
          }
        });
    scan(Topic.ROLLOUTS, Rollout.class, Rollout::getRunId, this::onRollout);
    scan(Topic.JUDGEMENTS, Judgement.class, Judgement::getRunId, this::onJudgement);
    groups.forEach(
        (groupId, group) -> {
          group.settle();
          explain(groupId, group);
          group.repeated().forEach((topic, n) -> repeated.merge(topic.baseName(), n, Long::sum));
        });
  }

  private void onPrompt(Prompt prompt, LoggedEvent<?> record) {
    onEvent(prompt.getGroupId(), record, GroupReplay.Event.of(prompt, record.position()));
  }

  private void onRollout(Rollout rollout, LoggedEvent<?> record) {
    onEvent(
        rollout.getGroupId(),
        record,
        GroupReplay.Event.of(rollout, record.position(), record.timestamp()));
  }

  /** Texts and votes decide nothing, and are long. */
  private void onJudgement(Judgement judgement, LoggedEvent<?> record) {
    Judgement slim = Judgement.newBuilder(judgement).setText(null).setVotes(List.of()).build();
    onEvent(
        judgement.getGroupId(),
        record,
        GroupReplay.Event.of(slim, record.position(), record.timestamp()));
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
      Rejection letter =
          new Rejection(DeadLetters.INVALID, message.formatted(record.key(), groupId), null);
      explain(groupId, new GroupReplay.Refusal(letter, event.topic(), event.spot()));
      return;
    }
    if (!cameOutOfTime(event.spot())) {
      hashed += event.topic() == Topic.ROLLOUTS ? 1 : 0;
      GroupReplay group = groups.computeIfAbsent(groupId, this::begin);
      group.on(event);
      explain(groupId, group);
    }
  }

  /** What was late, or came before its run was known, was not taken, and may not be now. */
  private boolean cameOutOfTime(RecordPosition spot) {
    for (DeadLetter letter : deadLetters.getOrDefault(spot, List.of())) {
      if (letter.getCause().equals(DeadLetters.LATE)
          || letter.getCause().equals(DeadLetters.UNKNOWN_RUN)) {
        setAside.merge(letter.getCause(), 1L, Long::sum);
        return true;
      }
    }
    return false;
  }

  private GroupReplay begin(String groupId) {
    return new GroupReplay(runFileOf(groupId));
  }

  /** The run file that the group's rewards name, or the newest. */
  private RunFile runFileOf(String groupId) {
    List<RecordedEvent<Reward>> paid = rewards.getOrDefault(groupId, List.of());
    RunFile named = paid.isEmpty() ? null : runFiles.get(paid.getFirst().event().getRuleVersion());
    RunFile found = named == null ? newest : named;
    if (found == null) {
      throw new IllegalArgumentException(
          "RUN: none of the run files of '%s' can be read (expected: at least one): %s"
              .formatted(runId, findings));
    }
    return found;
  }

  /** Every record that was not taken must have a dead letter of the topology. */
  void explain(String groupId, GroupReplay group) {
    group.takeRefusals().forEach(refusal -> explain(groupId, refusal));
  }

  private void explain(String groupId, GroupReplay.Refusal refusal) {
    Rejection letter = refusal.letter();
    Rejection.Subject about = letter.about();
    Topic topic = about == null ? refusal.topic() : about.topic();
    RecordPosition spot = about == null ? refusal.spot() : about.position();
    List<DeadLetter> written = deadLetters.getOrDefault(spot, List.of());
    if (!written.isEmpty()) {
      setAside.merge(written.getFirst().getCause(), 1L, Long::sum);
      return;
    }
    finding(
        kind(letter.cause(), topic),
        groupId,
        "a record of %s at %s was not taken: %s; and no dead letter says so"
            .formatted(topic.baseName(), spot, letter.message()));
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

  private static <T> BiConsumer<T, LoggedEvent<?>> keepIn(List<RecordedEvent<T>> kept) {
    return (event, record) -> kept.add(new RecordedEvent<>(event, record.position()));
  }

  /** Batches of all kinds name their run in the same field. */
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
    log.scan(
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

  /** Where the run lies. */
  public Namespace place() {
    return place;
  }

  /** Id of the run. */
  public String runId() {
    return runId;
  }

  /** Where its topics begin and end. */
  public PartitionBounds bounds() {
    return bounds;
  }

  /** The newest run file that can be read. */
  public RunFile newest() {
    return runFileOf("");
  }

  /** The run file of this hash. */
  public Optional<RunFile> runFile(String hash) {
    return Optional.ofNullable(runFiles.get(hash));
  }

  /** Checkpoints in the order of the log. */
  public List<RecordedEvent<Checkpoint>> checkpoints() {
    return checkpoints;
  }

  /** Updates in the order of the log. */
  public List<RecordedEvent<PolicyUpdate>> updates() {
    return updates;
  }

  /** Batches of any kind, or parts of them, in the order of the log. */
  public List<RecordedEvent<SpecificRecord>> batches() {
    return batches;
  }

  /** Outcomes by group; more than one each would be a defect. */
  public Map<String, List<RecordedEvent<GroupOutcome>>> outcomes() {
    return outcomes;
  }

  /** Rewards by group. */
  public Map<String, List<RecordedEvent<Reward>>> rewards() {
    return rewards;
  }

  /** Groups of which a prompt, a rollout or a judgement is there, decided again. */
  public Map<String, GroupReplay> groups() {
    return groups;
  }

  /** What was found wrong while reading. */
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

  /** Rollouts whose content was hashed again. */
  long hashed() {
    return hashed;
  }

  long unread() {
    return unread;
  }

  boolean hasUnread(String groupId) {
    return unreadByGroup.containsKey(groupId);
  }

  /** The newest time stamp of the run's records: the log's own clock. */
  long lastTimestamp() {
    return lastTimestamp;
  }
}
