package io.urteil.bench.siege;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.contract.EventRules;
import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.specific.SpecificRecord;

class EventMutatorTest {

  private static final EventCodec CODEC = new EventCodec();
  private static final Prompt PROMPT = TestEvents.prompt(0).build();
  private static final Rollout ROLLOUT = TestEvents.rollout(PROMPT, "AB", 0).build();
  private static final Judgement JUDGEMENT = TestEvents.judgement(ROLLOUT, "A").build();
  private static final Map<Topic, SpecificRecord> EVENTS =
      Map.of(Topic.PROMPTS, PROMPT, Topic.ROLLOUTS, ROLLOUT, Topic.JUDGEMENTS, JUDGEMENT);

  @Property(tries = 20)
  void shouldMakeEveryKindAndNeverAnEventOfTheHonestRun(@ForAll long seed) {
    Map<Attack.Kind, Integer> made = new EnumMap<>(Attack.Kind.class);
    EventMutator mutator = new EventMutator(new Random(seed), TestEvents.RUN, "siege", 4);
    for (int i = 0; i < 800; i++) {
      for (Map.Entry<Topic, SpecificRecord> one : EVENTS.entrySet()) {
        byte[] event = CODEC.encode(one.getValue());
        mutator
            .next(event, one.getKey(), PROMPT.getGroupId())
            .ifPresent(
                attack -> {
                  made.merge(attack.kind(), 1, Integer::sum);
                  if (attack.value() != null) {
                    check(CODEC.decode(attack.value()));
                  }
                });
      }
    }
    assertThat(made.keySet()).isEqualTo(EnumSet.allOf(Attack.Kind.class));
  }

  /** Neither decoding nor the rules of the contract throw, whatever the value. */
  private static void check(DecodedRecord decoded) {
    if (decoded instanceof DecodedRecord.Event(SpecificRecord event)) {
      switch (event) {
        case Prompt prompt -> {
          assertThat(prompt.getRunId()).isNotEqualTo(TestEvents.RUN);
          assertThat(EventRules.violation(prompt)).isNotNull();
        }
        case Rollout rollout -> {
          assertThat(rollout.getRunId()).isNotEqualTo(TestEvents.RUN);
          assertThat(EventRules.violation(rollout)).isNotNull();
        }
        case Judgement judgement -> assertThat(EventRules.violation(judgement)).isNotNull();
        default -> assertThat(List.of(event)).isNotEmpty();
      }
    }
  }
}
