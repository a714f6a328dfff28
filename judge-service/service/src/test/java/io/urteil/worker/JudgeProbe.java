package io.urteil.worker;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.EventProducer;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** How many rollouts a second one worker judges by a rule; prints it. Run it by hand. */
final class JudgeProbe {

  private static final int ROLLOUTS = 200_000;

  private JudgeProbe() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("judge-probe");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
      Namespace place = new Namespace(kafka.bootstrap(), "p.", directory);
      TopicCreator.create(place);
      try (EventProducer producer = EventProducer.idempotent(place);
          KafkaConsumer<String, byte[]> reader =
              new KafkaConsumer<>(KafkaClientSettings.consumer(place))) {
        RunRegistry.publish(producer, RunFileReader.read("run", TestEvents.RUN_FILE));
        String text =
            "<think>" + "x".repeat(2_000) + "</think><answer>8</answer><answer>3</answer>";
        for (int i = 0; i < ROLLOUTS; i++) {
          var rollout = TestEvents.rollout(TestEvents.prompt(i).build(), "AB", 0, text).build();
          producer.send(Topic.ROLLOUTS, rollout.getGroupId(), rollout);
        }
        producer.flush();
        reader.assign(
            IntStream.range(0, 4)
                .mapToObj(p -> new TopicPartition(Topic.JUDGEMENTS.in(place), p))
                .toList());
        try (JudgeWorker worker = new JudgeWorker(place)) {
          worker.start();
          int seen = 0;
          long first = 0;
          while (seen < ROLLOUTS) {
            ConsumerRecords<String, byte[]> records = reader.poll(Duration.ofMillis(100));
            first = seen == 0 && !records.isEmpty() ? System.nanoTime() : first;
            seen += records.count();
          }
          System.out.printf(
              "%,.0f rollouts a second by one worker%n",
              ROLLOUTS / ((System.nanoTime() - first) / 1e9));
        }
      }
    }
  }
}
