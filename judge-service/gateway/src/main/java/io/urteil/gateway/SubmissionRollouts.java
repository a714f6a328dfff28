package io.urteil.gateway;

import io.urteil.contract.EventLimits;
import io.urteil.contract.EventRules;
import io.urteil.event.ContentHash;
import io.urteil.event.PolicyStamp;
import io.urteil.event.Purpose;
import io.urteil.event.RequestedMember;
import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import io.urteil.run.RunFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns a submission into rollouts, as a producer of the topic {@code rollouts} would write them.
 * Pure.
 */
final class SubmissionRollouts {

  private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");

  private SubmissionRollouts() {}

  /**
   * The members of a submission, in its order.
   *
   * @throws RefusedException if the submission is invalid, or too large for a record
   */
  static List<PreparedMember> of(Submission submission, RunFile run, Instant now) {
    List<String> arms = arms(submission, run);
    int size = size(submission);
    require(
        (long) arms.size() * size <= EventLimits.MEMBERS,
        "members of the group: %d (expected: at most %d)",
        (long) arms.size() * size,
        EventLimits.MEMBERS);
    List<Segment> prompt = segments(submission.prompt(), "messages");
    List<PreparedMember> prepared = new ArrayList<>();
    Set<MemberSlot> seen = new HashSet<>();
    for (SubmittedMember member : submission.members()) {
      String arm = member.arm() == null ? arms.getFirst() : member.arm();
      String place = "members[%d]".formatted(prepared.size());
      require(
          member.index() >= 0 && member.index() < size,
          "%s.index: %d (expected: 0 to %d)",
          place,
          member.index(),
          size - 1);
      require(
          seen.add(new MemberSlot(arm, member.index())),
          "%s.index: %d of arm '%s' twice (expected: each member once)",
          place,
          member.index(),
          arm);
      List<Segment> segments = new ArrayList<>(prompt);
      segments.addAll(completion(member, place));
      prepared.add(prepared(submission, arms, size, arm, member, segments, now, place));
    }
    return prepared;
  }

  private static List<String> arms(Submission submission, RunFile run) {
    Set<String> used = new LinkedHashSet<>();
    for (SubmittedMember member : submission.members()) {
      if (member.arm() != null) {
        require(
            run.group().arms().contains(member.arm()),
            "arm: '%s' (expected: one of %s, by the run file)",
            member.arm(),
            run.group().arms());
        used.add(member.arm());
      } else {
        used.add(run.group().arms().getFirst());
      }
    }
    return run.group().arms().stream().filter(used::contains).toList();
  }

  private static int size(Submission submission) {
    require(!submission.members().isEmpty(), "members: empty (expected: at least one)");
    int most = submission.members().stream().mapToInt(SubmittedMember::index).max().orElse(0);
    int size = submission.size() == null ? most + 1 : submission.size();
    require(size >= 1, "size: %d (expected: at least 1)", size);
    return size;
  }

  private static List<Segment> segments(List<SubmittedMessage> messages, String place) {
    List<Segment> segments = new ArrayList<>();
    for (SubmittedMessage message : messages) {
      String at = "%s[%d]".formatted(place, segments.size());
      require(
          ROLES.contains(message.role()),
          "%s.role: '%s' (expected: system, user, assistant or tool)",
          at,
          shortened(message.role()));
      requireText(message.content(), at + ".content");
      segments.add(Segment.newBuilder().setRole(message.role()).setText(message.content()).build());
    }
    return segments;
  }

  private static List<Segment> completion(SubmittedMember member, String place) {
    require(
        !member.messages().isEmpty(), "%s.messages: empty (expected: at least one message)", place);
    List<Segment> segments = segments(member.messages(), place + ".messages");
    require(
        segments.getLast().getRole().equals("assistant"),
        "%s.messages: ends with a message of role '%s' (expected: assistant, whose text is judged)",
        place,
        segments.getLast().getRole());
    SubmittedTokens tokens = member.tokens();
    if (tokens != null && !tokens.ids().isEmpty()) {
      Segment last = segments.removeLast();
      segments.add(withTokens(last, tokens, place));
    } else {
      require(
          tokens == null || tokens.logprobs().isEmpty(),
          "%s.logprobs: %d values without tokenIds (expected: one for each token id)",
          place,
          tokens == null ? 0 : tokens.logprobs().size());
    }
    return segments;
  }

  private static Segment withTokens(Segment segment, SubmittedTokens tokens, String place) {
    int count = tokens.ids().size();
    require(
        tokens.logprobs().isEmpty() || tokens.logprobs().size() == count,
        "%s.logprobs: %d values for %d token ids (expected: one for each, or none)",
        place,
        tokens.logprobs().size(),
        count);
    ByteBuffer ids = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int id : tokens.ids()) {
      require(id >= 0, "%s.tokenIds: %d (expected: at least 0)", place, id);
      ids.putInt(id);
    }
    ByteBuffer logprobs =
        ByteBuffer.allocate(4 * tokens.logprobs().size()).order(ByteOrder.LITTLE_ENDIAN);
    for (double logprob : tokens.logprobs()) {
      require(
          Double.isFinite((float) logprob) && logprob <= 0,
          "%s.logprobs: %s (expected: a finite number of at most 0)",
          place,
          logprob);
      logprobs.putFloat((float) logprob);
    }
    byte[] trained = new byte[count];
    Arrays.fill(trained, (byte) 1);
    return Segment.newBuilder(segment)
        .setTokens(ids.flip())
        .setLogprobs(logprobs.flip())
        .setTrained(ByteBuffer.wrap(trained))
        .build();
  }

  private static PreparedMember prepared(
      Submission submission,
      List<String> arms,
      int size,
      String arm,
      SubmittedMember member,
      List<Segment> segments,
      Instant now,
      String place) {
    submission
        .columns()
        .forEach(
            (name, value) -> {
              requireText(name, "columns");
              requireText(value, "columns." + shortened(name));
            });
    if (submission.reference() != null) {
      requireText(submission.reference(), "reference");
    }
    Rollout.Builder rollout =
        Rollout.newBuilder()
            .setRunId(submission.name().run())
            .setGroupId(submission.name().id())
            .setArm(arm)
            .setIndex(member.index())
            .setArms(arms)
            .setSamplesPerArm(size)
            .setPurpose(Purpose.PROBE)
            .setSegments(segments)
            .setFinishReason(member.finishReason())
            .setReference(submission.reference())
            .setColumns(submission.columns())
            .setContentHash(ContentHash.of(segments))
            .setDispatchedAt(now)
            .setCreatedAt(now);
    Long version = member.policyVersion();
    if (version != null) {
      require(version >= 0, "%s.policyVersion: %d (expected: at least 0)", place, version);
      rollout.setPolicy(PolicyStamp.newBuilder().setModel("").setVersion(version).build());
    }
    Rollout built = rollout.build();
    EventRules.violation(built).ifPresent(problem -> require(false, "%s: %s", place, problem));
    PreparedMember prepared =
        new PreparedMember(
            RequestedMember.newBuilder()
                .setArm(arm)
                .setIndex(member.index())
                .setHash(hash(built))
                .build(),
            built);
    requireFits(prepared, place);
    return prepared;
  }

  /** Everything that a repetition must equal; not the times. */
  private static String hash(Rollout rollout) {
    StringBuilder all = new StringBuilder(rollout.getContentHash());
    field(all, rollout.getReference());
    new TreeMap<>(rollout.getColumns())
        .forEach(
            (name, value) -> {
              field(all, name);
              field(all, value);
            });
    field(all, rollout.getFinishReason().name());
    field(all, rollout.getPolicy() == null ? null : "" + rollout.getPolicy().getVersion());
    field(all, rollout.getArms() + " " + rollout.getSamplesPerArm());
    return ContentHash.of(all.toString());
  }

  private static void field(StringBuilder all, @Nullable String value) {
    all.append('\n').append(value == null ? -1 : value.length()).append(':').append(value);
  }

  private static void requireFits(PreparedMember member, String place) {
    long most = EventLimits.EVENT_BYTES - (16 << 10);
    if (member.bytes() > most) {
      throw new RefusedException(
          new Refusal.TooLarge(
              "%s: %d bytes with its prompt (expected: at most %d)"
                  .formatted(place, member.bytes(), most)));
    }
  }

  private static void requireText(String text, String place) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else {
        require(
            !Character.isSurrogate(c),
            "%s: half of a surrogate pair at character %d (expected: valid Unicode)",
            place,
            i);
      }
    }
  }

  private static String shortened(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "…";
  }

  private static void require(boolean condition, String format, Object... values) {
    if (!condition) {
      throw new RefusedException(new Refusal.Invalid(format.formatted(values)));
    }
  }
}
