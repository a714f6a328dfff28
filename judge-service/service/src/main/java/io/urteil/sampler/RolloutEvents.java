package io.urteil.sampler;

import io.urteil.engine.CompletionSample;
import io.urteil.engine.grammar.StopSequences;
import io.urteil.event.ContentHash;
import io.urteil.event.EngineStamp;
import io.urteil.event.FinishReason;
import io.urteil.event.MemberKey;
import io.urteil.event.PackedArrays;
import io.urteil.event.PolicyStamp;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Rollout;
import io.urteil.event.SamplingSettings;
import io.urteil.event.Segment;
import io.urteil.model.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Creates {@link Rollout} events. The trained tokens are those of the policy, except tokens that a
 * grammar forced; prompt tokens are not trained. The text ends before the stop text; the tokens
 * include it. Pure.
 *
 * <p>Every field is set explicitly, also to its default: Avro's builder deep-copies the defaults of
 * unset fields, which costs more than the rest of the rollout.
 */
final class RolloutEvents {

  private static final String POLICY_ROLE = "assistant";
  private static final ByteBuffer NONE = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private RolloutEvents() {}

  /**
   * The rollout of one member.
   *
   * @param prompt the segments of the prompt, with tokens
   * @param sample the completion; its tokens and log-probabilities have the same length
   * @param dispatchedAt time of the request to the engine
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
            .setText(StopSequences.before(sample.stopText(), tokenizer.decode(tokens)))
            .setMedia(null)
            .setTokens(PackedArrays.ints(tokens))
            .setTrained(mask(sample, false))
            .setForced(sample.forced().isEmpty() ? NONE : mask(sample, true))
            .setLogprobs(PackedArrays.floats(sample.logProbabilities()))
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

  /** One bit per token: the forced tokens, or the others. */
  private static ByteBuffer mask(CompletionSample sample, boolean forced) {
    BitSet places = sample.forced();
    int length = sample.tokenIds().length;
    if (places.isEmpty()) {
      return PackedArrays.mask(length, !forced);
    }
    boolean[] mask = new boolean[length];
    for (int i = 0; i < length; i++) {
      mask[i] = places.get(i) == forced;
    }
    return PackedArrays.mask(mask);
  }

  private static FinishReason finishReason(CompletionSample sample) {
    return switch (sample.finishReason()) {
      case STOP -> FinishReason.STOP;
      case LENGTH -> FinishReason.LENGTH;
      case CANCELLED, FAILED -> FinishReason.ABORTED;
    };
  }
}
