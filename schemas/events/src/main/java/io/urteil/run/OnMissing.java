package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Policy for a group that lacks rewards. */
public sealed interface OnMissing {

  /** The policies that are written as a mapping, by its only key. */
  SequencedMap<String, Keys.Description<OnMissing>> FORMS = forms();

  /** The group is dropped. */
  record Drop() implements OnMissing {}

  /** The group stays open for at most this time after its deadline, then is dropped. */
  record Wait(Duration atMost) implements OnMissing {
    static Wait of(Keys<Wait> keys) {
      return new Wait(
          keys.duration(
              "atMost",
              Wait::atMost,
              null,
              "Maximum time after the deadline for which the group stays open."));
    }
  }

  /** The group continues with the members that are present, if each arm has at least this many. */
  record Survivors(int perArm) implements OnMissing {
    static Survivors of(Keys<Survivors> keys) {
      return new Survivors(
          keys.integer(
              "survivors",
              Survivors::perArm,
              null,
              Bounds.INTEGER_FROM_1,
              "The group continues with the members that are present, if each arm has at least this"
                  + " number."));
    }
  }

  /** The missing members are requested again, up to this many times; then the group is dropped. */
  record Refill(int maxAttempts) implements OnMissing {
    static Refill of(Keys<Refill> keys) {
      return new Refill(
          keys.integer(
              "maxAttempts",
              Refill::maxAttempts,
              null,
              Bounds.integer(1, GroupSection.MAX_ATTEMPTS),
              "Maximum number of requests for the missing members."));
    }
  }

  /** The name of this policy in a run file. */
  default String form() {
    return switch (this) {
      case Drop drop -> "drop";
      case Wait wait -> "wait";
      case Survivors survivors -> "survivors";
      case Refill refill -> "refill";
    };
  }

  private static SequencedMap<String, Keys.Description<OnMissing>> forms() {
    SequencedMap<String, Keys.Description<OnMissing>> forms = new LinkedHashMap<>();
    forms.put(
        "wait",
        keys ->
            keys.required(
                "wait", Wait.class::cast, Wait::of, "Keeps the group open longer, then drops it."));
    forms.put("survivors", keys -> Survivors.of(keys.as(Survivors.class)));
    forms.put(
        "refill",
        keys ->
            keys.required(
                "refill",
                Refill.class::cast,
                Refill::of,
                "Requests the missing members again, then drops the group."));
    return Collections.unmodifiableSequencedMap(forms);
  }
}
