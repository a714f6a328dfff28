package io.urteil.bench.topology;

import io.urteil.event.ContentHash;
import io.urteil.event.EngineStamp;
import io.urteil.event.EventCodec;
import io.urteil.event.FinishReason;
import io.urteil.event.Ids;
import io.urteil.event.Message;
import io.urteil.event.PolicyStamp;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.SamplingSettings;
import io.urteil.event.Segment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random prompts and rollouts of a run, with text, tokens, masks and log-probabilities as a sampler
 * publishes them, and of a given size.
 */
final class SyntheticRollouts {

  /** The only arm: a group of 8 is 8 samples of one prompt. */
  static final String ARM = "A";

  static final int PER_GROUP = 8;

  private static final int TEXTS = 64;
  private static final int FIXED_BYTES = 235;
  private static final String THOUGHT = "<think>";
  private static final String VERDICT = "</think><answer>%d,%d</answer>";

  private record Content(List<Segment> segments, String hash) {}

  private final String runId;
  private final List<Content> contents = new ArrayList<>();

  static {
    EventCodec.trustEvents();
  }

  /**
   * @param bytes approximate size of an encoded rollout
   */
  SyntheticRollouts(String runId, int bytes) {
    this.runId = runId;
    Random random = new Random(bytes);
    // A token has four letters and an id of 4 bytes; three of four tokens are sampled and have a
    // mask and a log-probability of 5 bytes together.
    int tokens = Math.max(8, (bytes - FIXED_BYTES) * 4 / 47);
    for (int i = 0; i < TEXTS; i++) {
      List<Segment> segments =
          List.of(
              segment(random, "text", tokens / 4, "", "", false),
              segment(
                  random,
                  "assistant",
                  tokens - tokens / 4,
                  THOUGHT,
                  VERDICT.formatted(1 + i % 9, 1 + i / 9 % 9),
                  true));
      contents.add(new Content(segments, ContentHash.of(segments)));
    }
  }

  private static Segment segment(
      Random random, String role, int tokens, String begin, String end, boolean sampled) {
    StringBuilder text = new StringBuilder(begin);
    for (int i = 0; i < tokens * 4; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return Segment.newBuilder()
        .setRole(role)
        .setText(text.append(end).toString())
        .setTokens(random(random, 4 * tokens))
        .setTrained(sampled ? ones(tokens) : ByteBuffer.allocate(0))
        .setLogprobs(sampled ? random(random, 4 * tokens) : ByteBuffer.allocate(0))
        .build();
  }

  private static ByteBuffer random(Random random, int bytes) {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    return ByteBuffer.wrap(content);
  }

  private static ByteBuffer ones(int bytes) {
    byte[] content = new byte[bytes];
    java.util.Arrays.fill(content, (byte) 1);
    return ByteBuffer.wrap(content);
  }

  Prompt prompt(long ordinal, Duration deadline) {
    return Prompt.newBuilder()
        .setRunId(runId)
        .setGroupId(Ids.group(runId, Purpose.TRAIN, ordinal))
        .setOrdinal(ordinal)
        .setPurpose(Purpose.TRAIN)
        .setArms(
            List.of(
                PromptArm.newBuilder()
                    .setName(ARM)
                    .setMessages(List.of(new Message("text", "question " + ordinal, null)))
                    .setReference("A")
                    .build()))
        .setSamplesPerArm(PER_GROUP)
        .setDeadlineMillis(deadline.toMillis())
        .setPolicyVersion(null)
        .setMembers(List.of())
        .setColumns(Map.of())
        .setCreatedAt(Instant.now())
        .build();
  }

  Rollout rollout(long ordinal, int index) {
    Content content = contents.get((int) ((ordinal * 31 + index * 7L) % contents.size()));
    Instant now = Instant.now();
    return Rollout.newBuilder()
        .setRunId(runId)
        .setGroupId(Ids.group(runId, Purpose.TRAIN, ordinal))
        .setArm(ARM)
        .setIndex(index)
        .setAttempt(0)
        .setOrdinal(ordinal)
        .setArms(List.of())
        .setSamplesPerArm(0)
        .setPurpose(Purpose.TRAIN)
        .setSegments(content.segments())
        .setSampling((SamplingSettings) null)
        .setFinishReason(FinishReason.STOP)
        .setEngine((EngineStamp) null)
        .setPolicy(PolicyStamp.newBuilder().setModel("bench").setVersion(0).build())
        .setReference("A")
        .setColumns(Map.of())
        .setContentHash(content.hash())
        .setDispatchedAt(now)
        .setCreatedAt(now)
        .build();
  }
}
