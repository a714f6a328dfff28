package io.urteil.event;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Test builders: each gives an event that is whole and agrees with its siblings, for a test to
 * change in the one respect that it is about.
 */
public final class TestEvents {

  static {
    // Builders with enum defaults work only once the codec has told Avro to trust our package.
    if (EventCodec.EVENTS.isEmpty()) {
      throw new IllegalStateException("no events (expected: those that are trusted)");
    }
  }

  /** Loads the codec, which has Avro trust the event classes, before a builder needs them. */
  private static final int KINDS = EventCodec.EVENTS.size();

  /** Id of the run that {@link #RUN_FILE} describes, and to which all events belong. */
  public static final String RUN = "arithmetic-judge";

  /** When everything happens. */
  public static final Instant START = Instant.parse("2026-01-05T08:00:00Z");

  /** A small run: two arms of two samples, groups of two to a batch. */
  public static final String RUN_FILE =
      """
      run: arithmetic-judge
      policy: { model: models/seed-judge }
      data: { prompts: prompts.jsonl, order: given, seed: 1 }
      group: { arms: [AB, BA], samplesPerArm: 2, deadline: 60s, onMissing: drop }
      judges: { outcome: { type: verdict, format: judgelrm-scores } }
      reward: { rule: j1-consistency, right: 1.0, wrong: 0.0, unparseable: -0.5, consistent: 0.5 }
      batch: { kind: grpo, groups: 2, zeroVariance: keepCount }
      advantage: { baseline: mean, ddof: 0, epsilon: 1.0e-4 }
      train: { objective: grpo, steps: 4, learningRate: 3.0e-5 }
      """;

  private TestEvents() {
    throw new AssertionError("builders of " + KINDS + " kinds of events, no instances");
  }

  /** TRAIN prompt with this ordinal: arms AB (reference A) and BA (reference B), two samples. */
  public static Prompt.Builder prompt(long ordinal) {
    return prompt(Purpose.TRAIN, ordinal);
  }

  /** As {@link #prompt(long)}, for any purpose. */
  public static Prompt.Builder prompt(Purpose purpose, long ordinal) {
    return Prompt.newBuilder()
        .setRunId(RUN)
        .setGroupId(Ids.group(RUN, purpose, ordinal))
        .setOrdinal(ordinal)
        .setPurpose(purpose)
        .setArms(List.of(arm("AB", "A", ordinal), arm("BA", "B", ordinal)))
        .setSamplesPerArm(2)
        .setDeadlineMillis(60_000)
        .setCreatedAt(START);
  }

  /** One prompt variant. */
  public static PromptArm arm(String name, String reference, long ordinal) {
    return PromptArm.newBuilder()
        .setName(name)
        .setMessages(List.of(new Message("user", "question " + ordinal + " " + name, null)))
        .setReference(reference)
        .build();
  }

  /** A rollout of this member, whose text names the member. */
  public static Rollout.Builder rollout(Prompt prompt, String arm, int index) {
    return rollout(prompt, arm, index, "answer of %s %d".formatted(arm, index));
  }

  /** A rollout of this member with this text: two prompt tokens, then three trained ones. */
  public static Rollout.Builder rollout(Prompt prompt, String arm, int index, String text) {
    List<Segment> segments =
        List.of(
            Segment.newBuilder()
                .setRole("user")
                .setText("question " + prompt.getOrdinal() + " " + arm)
                .setTokens(ints(1, 2))
                .build(),
            Segment.newBuilder()
                .setRole("assistant")
                .setText(text)
                .setTokens(ints(3, 4, 5))
                .setTrained(ByteBuffer.wrap(new byte[] {1, 1, 1}))
                .setLogprobs(floats(-0.5f, -0.25f, -1f))
                .build());
    return Rollout.newBuilder()
        .setRunId(prompt.getRunId())
        .setGroupId(prompt.getGroupId())
        .setArm(arm)
        .setIndex(index)
        .setOrdinal(prompt.getOrdinal())
        .setPurpose(prompt.getPurpose())
        .setSegments(segments)
        .setFinishReason(FinishReason.STOP)
        .setPolicy(PolicyStamp.newBuilder().setModel("seed-judge").setVersion(0).build())
        .setReference(arm.equals("AB") ? "A" : "B")
        .setContentHash(ContentHash.of(segments))
        .setDispatchedAt(START.plusMillis(100))
        .setCreatedAt(START.plusMillis(200));
  }

  /** A judgement of this rollout by judge {@code outcome}: SCORED, preferring {@code A}. */
  public static Judgement.Builder judgement(Rollout rollout) {
    return judgement(rollout, "A");
  }

  /** As {@link #judgement(Rollout)}, with another preference. */
  public static Judgement.Builder judgement(Rollout rollout, String preference) {
    return judgement(rollout, JudgementStatus.SCORED)
        .setVerdict(
            Verdict.newBuilder()
                .setScores(preference.equals("A") ? List.of(8.0, 3.0) : List.of(3.0, 8.0))
                .setPreference(preference)
                .build());
  }

  /** A judgement without a verdict. */
  public static Judgement.Builder judgement(Rollout rollout, JudgementStatus status) {
    return Judgement.newBuilder()
        .setJudgementId(
            Ids.judgement(
                rollout.getGroupId(),
                rollout.getArm(),
                rollout.getIndex(),
                rollout.getAttempt(),
                "outcome"))
        .setRunId(rollout.getRunId())
        .setGroupId(rollout.getGroupId())
        .setArm(rollout.getArm())
        .setIndex(rollout.getIndex())
        .setAttempt(rollout.getAttempt())
        .setPurpose(rollout.getPurpose())
        .setJudge("outcome")
        .setJudgeVersion("judgelrm-scores/1")
        .setContentHash(rollout.getContentHash())
        .setStatus(status)
        .setLatencyMillis(5)
        .setCreatedAt(START.plusMillis(300));
  }

  /** Token ids as a segment carries them: int32, little endian. */
  public static ByteBuffer ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.flip();
  }

  /** Log-probabilities as a segment carries them: float32, little endian. */
  public static ByteBuffer floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.flip();
  }

  /** Twenty bytes that claim to be an event whose first text has 2^63-1 bytes. */
  public static byte[] endlessText(Schema schema) {
    return ByteBuffer.allocate(20)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xC3)
        .put((byte) 1)
        .putLong(EventCodec.fingerprint(schema))
        .put(new byte[] {-2, -1, -1, -1, -1, -1, -1, -1, -1, 1})
        .array();
  }
}
