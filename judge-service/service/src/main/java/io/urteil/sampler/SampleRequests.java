package io.urteil.sampler;

import io.urteil.contract.EventRules;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.Sampling;
import io.urteil.event.EngineStamp;
import io.urteil.event.Ids;
import io.urteil.event.MemberKey;
import io.urteil.event.PackedArrays;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.SamplingSettings;
import io.urteil.event.Segment;
import io.urteil.run.GroupSection;
import io.urteil.run.RunFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Creates the engine requests of a prompt. One request samples all members of an arm with the seed
 * of the first member. For a refill, each member has its own request and seed. The same prompt and
 * version therefore always yield the same tokens. Pure.
 */
final class SampleRequests {

  /**
   * One request of the engine.
   *
   * @param members of the group, one per sample, in the order of the samples
   * @param prompt the segments before the completion
   * @param engine engine metadata of the rollouts, with the template hash if one was used
   */
  record SampleRequest(
      PromptArm arm,
      List<MemberKey> members,
      List<Segment> prompt,
      EngineStamp engine,
      SamplingSettings sampling,
      CompletionRequest request) {}

  /** The prompt cannot be sampled from this version. */
  static final class UnusablePromptException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusablePromptException(String message) {
      super(message);
    }
  }

  private SampleRequests() {}

  /**
   * The requests of a prompt for this version.
   *
   * @throws UnusablePromptException if a value of the prompt does not fit the run or the model
   */
  static List<SampleRequest> of(RunFile run, Prompt prompt, OpenPolicy policy)
      throws UnusablePromptException {
    checkSize(run, prompt);
    List<SampleRequest> requests = new ArrayList<>();
    for (PromptArm arm : prompt.getArms()) {
      ArmPrompt armPrompt = ArmPrompt.of(prompt, arm, policy);
      List<Segment> segments = armPrompt.segments();
      int[] tokens = tokens(segments);
      checkLength(arm, tokens.length, policy.contextLength());
      for (List<MemberKey> members : requested(prompt, arm)) {
        SamplingSettings sampling = sampling(run, prompt, members.getFirst());
        requests.add(
            new SampleRequest(
                arm,
                members,
                segments,
                armPrompt.engine(),
                sampling,
                request(members, prompt, tokens, sampling, policy)));
      }
    }
    return requests;
  }

  /** One prompt must not take the engine from others: its run file bounds what it may request. */
  private static void checkSize(RunFile run, Prompt prompt) throws UnusablePromptException {
    Optional<String> violation = EventRules.violation(prompt);
    if (violation.isPresent()) {
      throw new UnusablePromptException(violation.get());
    }
    GroupSection group = run.group();
    int arms = group.arms().size();
    int most = arms * group.samplesPerArm();
    if (prompt.getArms().size() > arms
        || prompt.getSamplesPerArm() > group.samplesPerArm()
        || prompt.getMembers().size() > most) {
      throw new UnusablePromptException(
          "arms: %d, samplesPerArm: %d, members: %d (expected: at most %d, %d and %d, by the run file)"
              .formatted(
                  prompt.getArms().size(),
                  prompt.getSamplesPerArm(),
                  prompt.getMembers().size(),
                  arms,
                  group.samplesPerArm(),
                  most));
    }
  }

  private static List<List<MemberKey>> requested(Prompt prompt, PromptArm arm)
      throws UnusablePromptException {
    List<List<MemberKey>> requested = new ArrayList<>();
    for (MemberKey member : prompt.getMembers()) {
      if (member.getArm().equals(arm.getName())) {
        requested.add(List.of(member));
      }
    }
    if (!prompt.getMembers().isEmpty()) {
      return requested;
    }
    if (prompt.getSamplesPerArm() < 1) {
      throw new UnusablePromptException(
          "samplesPerArm: %d (expected: >= 1)".formatted(prompt.getSamplesPerArm()));
    }
    List<MemberKey> all = new ArrayList<>();
    for (int index = 0; index < prompt.getSamplesPerArm(); index++) {
      all.add(new MemberKey(arm.getName(), index, 0));
    }
    return List.of(all);
  }

  private static int[] tokens(List<Segment> segments) {
    return segments.stream()
        .flatMapToInt(segment -> java.util.Arrays.stream(PackedArrays.toInts(segment.getTokens())))
        .toArray();
  }

  private static void checkLength(PromptArm arm, int length, int contextLength)
      throws UnusablePromptException {
    if (length < 1 || length >= contextLength) {
      throw new UnusablePromptException(
          "arm '%s' has %d tokens (expected: 1 to %d, for a context length of %d)"
              .formatted(arm.getName(), length, contextLength - 1, contextLength));
    }
  }

  private static SamplingSettings sampling(RunFile run, Prompt prompt, MemberKey first) {
    long runSeed = run.data() == null ? 0 : run.data().seed();
    return SamplingSettings.newBuilder()
        .setTemperature(run.sampling().temperature())
        .setTopP(run.sampling().topP())
        .setTopK(run.sampling().topK())
        .setMinP(run.sampling().minP())
        .setRepetitionPenalty(run.sampling().repetitionPenalty())
        .setStop(run.sampling().stop())
        .setGrammar(run.sampling().grammar().isEmpty() ? null : run.sampling().grammar())
        .setMaxTokens(run.sampling().maxTokens())
        .setSeed(
            Ids.seed(
                runSeed, prompt.getGroupId(), first.getArm(), first.getIndex(), first.getAttempt()))
        .build();
  }

  private static CompletionRequest request(
      List<MemberKey> members,
      Prompt prompt,
      int[] tokens,
      SamplingSettings sampling,
      OpenPolicy policy)
      throws UnusablePromptException {
    Sampling settings =
        new Sampling(
            sampling.getTemperature(),
            sampling.getTopP(),
            sampling.getTopK(),
            sampling.getMinP(),
            sampling.getRepetitionPenalty(),
            sampling.getMaxTokens(),
            policy.stopTokenIds(),
            sampling.getSeed());
    String id = prompt.getGroupId() + "/" + members.getFirst().getArm();
    String grammar = sampling.getGrammar();
    try {
      return new CompletionRequest(id, tokens, members.size(), settings)
          .withVersion(policy.version().name())
          .withGrammar(
              CompletionConstraints.grammar(grammar == null ? "" : grammar, policy.tokenizer()))
          .withStopTexts(CompletionConstraints.stopTexts(sampling.getStop(), policy.tokenizer()));
    } catch (IllegalArgumentException e) {
      throw new UnusablePromptException("sampling: " + e.getMessage());
    }
  }
}
