package io.urteil.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.Judgement;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** A run, its rollouts, and what is on the topics: for tests of judge workers. */
final class WorkerFixture {

  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final String GOOD = "<think>x</think><answer>8</answer><answer>3</answer>";
  static final RunFile RUN = RunFileReader.read("run", TestEvents.RUN_FILE);

  private WorkerFixture() {}

  static WorkerSettings settings() {
    return new WorkerSettings(
        Duration.ofSeconds(30), 5, 50, 32, 4, Duration.ofMillis(10), Duration.ofSeconds(30));
  }

  static ServiceComponent started(ServiceComponent component) {
    component.start();
    return component;
  }

  /** At least so many rollouts, in groups of two arms of two. */
  static List<Rollout> rollouts(int atLeast, String text) {
    List<Rollout> rollouts = new ArrayList<>();
    for (long ordinal = 0; rollouts.size() < atLeast; ordinal++) {
      Prompt prompt = TestEvents.prompt(ordinal).build();
      for (String arm : List.of("AB", "BA")) {
        for (int index = 0; index < 2; index++) {
          rollouts.add(TestEvents.rollout(prompt, arm, index, text).build());
        }
      }
    }
    return rollouts;
  }

  /** Publishes the run and its rollouts, and returns the position of each rollout. */
  static Map<Rollout, RecordMetadata> publish(Namespace place, RunFile run, List<Rollout> rollouts)
      throws Exception {
    TopicCreator.create(place);
    Map<Rollout, RecordMetadata> positions = new HashMap<>();
    try (EventProducer producer = EventProducer.idempotent(place)) {
      RunRegistry.publish(producer, run);
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Rollout rollout : rollouts) {
        sent.add(producer.send(Topic.ROLLOUTS, rollout.getGroupId(), rollout));
      }
      for (int i = 0; i < sent.size(); i++) {
        positions.put(rollouts.get(i), sent.get(i).get());
      }
    }
    return positions;
  }

  static void awaitJudgements(Namespace place, int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(read(place, Topic.JUDGEMENTS, Judgement.class).size())
                    .isGreaterThanOrEqualTo(count));
  }

  static <T extends SpecificRecord> List<T> read(Namespace place, Topic topic, Class<T> type) {
    EventCodec codec = new EventCodec();
    List<T> events = new ArrayList<>();
    new EventLog(place)
        .scanRecords(topic, record -> events.add(codec.decode(record.value(), type)));
    return events;
  }
}
