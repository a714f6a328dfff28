package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** What becomes of a group that lacks members at its deadline. */
public sealed interface OnMissing {

  /** The forms that are mappings, by their one key. */
  SequencedMap<String, Keys.Description<OnMissing>> FORMS = forms();

  /** The group is dropped. */
  record Drop() implements OnMissing {}

  /** The group stays open for at most this much longer, then is dropped. */
  record Wait(Duration atMost) implements OnMissing {
    static Wait of(Keys<Wait> keys) {
      return new Wait(
          keys.duration("atMost", Wait::atMost, null, "How much longer the group stays open."));
    }
  }

  /** The group goes on with what is there, when each arm has at least this many. */
  record Survivors(int perArm) implements OnMissing {
    static Survivors of(Keys<Survivors> keys) {
      return new Survivors(
          keys.whole(
              "survivors",
              Survivors::perArm,
              null,
              Bounds.WHOLE_FROM_1,
              "The group goes on when each arm has at least this many members."));
    }
  }

  /** The missing members are asked for again, up to this many times, then the group is dropped. */
  record Refill(int maxAttempts) implements OnMissing {
    static Refill of(Keys<Refill> keys) {
      return new Refill(
          keys.whole(
              "maxAttempts",
              Refill::maxAttempts,
              null,
              Bounds.WHOLE_FROM_1,
              "How many times the missing members are asked for."));
    }
  }

  /** How a run file spells this form. */
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
                "wait", Wait.class::cast, Wait::of, "Stays open longer, then is dropped."));
    forms.put("survivors", keys -> Survivors.of(keys.as(Survivors.class)));
    forms.put(
        "refill",
        keys ->
            keys.required(
                "refill",
                Refill.class::cast,
                Refill::of,
                "Asks for what is missing again, then is dropped."));
    return Collections.unmodifiableSequencedMap(forms);
  }
}
