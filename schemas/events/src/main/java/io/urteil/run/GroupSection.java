package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.time.Duration;
import java.util.List;

/**
 * @param arms prompt variants of a group; every prompt has exactly these
 * @param samplesPerArm rollouts of each arm
 * @param deadline time after its prompt within which a group must be complete
 * @param onMissing policy for a group that lacks rewards
 */
public record GroupSection(
    List<String> arms, int samplesPerArm, Duration deadline, OnMissing onMissing) {

  /**
   * Members that a group may have, in all arms: each is a row of its outcome, which is one record.
   */
  public static final int MAX_MEMBERS = 8_192;

  /** Primary judges of a run: the state of a group has a judgement by each for every member. */
  public static final int MAX_JUDGES = 64;

  /** Times that a member may be requested. */
  public static final int MAX_ATTEMPTS = 1_000;

  /** Maximum time between a prompt and its deadline. */
  public static final Duration MAX_DEADLINE = Keys.MAX_DURATION;

  /** One arm of eight samples. */
  public static final GroupSection DEFAULT = Keys.defaults(GroupSection::of);

  public GroupSection {
    arms = List.copyOf(arms);
  }

  static GroupSection of(Keys<GroupSection> keys) {
    GroupSection group =
        new GroupSection(
            keys.names(
                "arms",
                GroupSection::arms,
                List.of("only"),
                "Prompt variants of a group; every prompt has exactly these, in this order."),
            keys.integer(
                "samplesPerArm",
                GroupSection::samplesPerArm,
                8,
                Bounds.INTEGER_FROM_1,
                "Rollouts of each arm."),
            keys.duration(
                "deadline",
                GroupSection::deadline,
                Duration.ofSeconds(60),
                "Time after its prompt within which a group must be complete."),
            keys.wordOrMapping(
                "onMissing",
                GroupSection::onMissing,
                "drop",
                new OnMissing.Drop(),
                OnMissing::form,
                OnMissing.FORMS,
                "drop, {wait: {atMost: 60s}}, {survivors: n} or {refill: {maxAttempts: n}}",
                "Policy for a group that lacks rewards."));
    if ((long) group.arms().size() * group.samplesPerArm() > MAX_MEMBERS) {
      keys.problem("samplesPerArm", "at most %d members in all arms".formatted(MAX_MEMBERS));
    }
    if (group.onMissing() instanceof OnMissing.Survivors(int perArm)
        && perArm > group.samplesPerArm()) {
      keys.problem(
          "onMissing.survivors", "at most samplesPerArm, which is " + group.samplesPerArm());
    }
    return group;
  }

  /** A copy with other arms. */
  public GroupSection withArms(String... others) {
    return new GroupSection(List.of(others), samplesPerArm, deadline, onMissing);
  }

  /** A copy with another number of rollouts of each arm. */
  public GroupSection withSamplesPerArm(int other) {
    return new GroupSection(arms, other, deadline, onMissing);
  }

  /** A copy with another deadline. */
  public GroupSection withDeadline(Duration other) {
    return new GroupSection(arms, samplesPerArm, other, onMissing);
  }

  /** A copy with another policy for missing members. */
  public GroupSection withOnMissing(OnMissing other) {
    return new GroupSection(arms, samplesPerArm, deadline, other);
  }
}
