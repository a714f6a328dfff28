package io.urteil.sampler;

import io.urteil.engine.CompletionSample;
import io.urteil.event.ContentHash;
import io.urteil.event.EngineStamp;
import io.urteil.event.FinishReason;
import io.urteil.event.MemberKey;
import io.urteil.event.Packed;
import io.urteil.event.PolicyStamp;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Rollout;
import io.urteil.event.SamplingSettings;
import io.urteil.event.Segment;
import io.urteil.model.Tokenizer;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes down a sampled completion: the prompt untrained, the policy's tokens trained. Pure.
 *
 * <p>Every field is set, also to its default: Avro's builder copies a default that is left to it,
 * which costs more than the rest of the rollout.
 */
final class Rollouts {

  private static final String POLICY_ROLE = "assistant";
  private static final ByteBuffer NONE = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private Rollouts() {}

  /**
   * The rollout of one member.
   *
   * @param prompt the prompt's segments, tokens included
   */
  static Rollout of(
      Prompt event,
      PromptArm arm,
      MemberKey member,
      List<Segment> prompt,
      CompletionSample sample,
      Tokenizer tokenizer,
      SamplingSettings sampling,
      EngineStamp engine,
      PolicyStamp policy,
      Instant dispatchedAt,
      Instant now) {
    int[] tokens = sample.tokenIds();
    Segment answer =
        Segment.newBuilder()
            .setRole(POLICY_ROLE)
            .setText(tokenizer.decode(tokens))
            .setMedia(null)
            .setTokens(Packed.ints(tokens))
            .setTrained(Packed.mask(tokens.length, true))
            .setForced(NONE)
            .setLogprobs(Packed.floats(sample.logProbabilities()))
            .setToolCall(null)
            .build();
    List<Segment> segments = new ArrayList<>(prompt);
    segments.add(answer);
    return Rollout.newBuilder()
        .setRunId(event.getRunId())
        .setGroupId(event.getGroupId())
        .setArm(member.getArm())
        .setIndex(member.getIndex())
        .setAttempt(member.getAttempt())
        .setOrdinal(event.getOrdinal())
        .setArms(List.of())
        .setSamplesPerArm(0)
        .setPurpose(event.getPurpose())
        .setSegments(segments)
        .setSampling(sampling)
        .setFinishReason(finishReason(sample))
        .setEngine(engine)
        .setPolicy(policy)
        .setReference(arm.getReference())
        .setColumns(event.getColumns())
        .setContentHash(ContentHash.of(segments))
        .setDispatchedAt(dispatchedAt)
        .setCreatedAt(now)
        .build();
  }

  private static FinishReason finishReason(CompletionSample sample) {
    return switch (sample.finishReason()) {
      case STOP -> FinishReason.STOP;
      case LENGTH -> FinishReason.LENGTH;
      case CANCELLED, FAILED -> FinishReason.ABORTED;
    };
  }
}
