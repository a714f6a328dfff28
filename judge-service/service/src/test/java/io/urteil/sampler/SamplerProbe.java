package io.urteil.sampler;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.event.EventCodec;
import io.urteil.event.EventProducer;
import io.urteil.event.Ids;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Message;
import io.urteil.event.Namespace;
import io.urteil.event.PromptArm;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.model.DecoderConfig;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.run.StalenessSection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What the sampler adds to its engine: 8 groups of 2 arms of 8 samples at lag 0, from the moment a
 * version is published to the last rollout at a reader, against the engine called directly. Prints
 * milliseconds; run it by hand.
 */
final class SamplerProbe {

  private static final int STEPS = 40;
  private static final int GROUPS = 8;
  private static final int SAMPLES = 8;
  private static final int MAX_TOKENS = 36;

  private static final DecoderConfig SHAPE =
      new DecoderConfig(
          "qwen2",
          new DecoderConfig.Dimensions(64, 176, 3, 4, 2, 16, 32, 128),
          1e-6,
          10_000,
          true,
          List.of(31));

  private static final RunFile RUN =
      RunFileReader.read("run", TestEvents.RUN_FILE)
          .edit()
          .group(group -> group.withSamplesPerArm(SAMPLES))
          .batch(batch -> batch.withGroups(GROUPS))
          .sampling(sampling -> sampling.withMaxTokens(MAX_TOKENS))
          .staleness(new StalenessSection(0, true))
          .build();

  private SamplerProbe() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("sampler-probe");
    List<Path> models = new ArrayList<>();
    for (int version = 0; version < STEPS; version++) {
      models.add(TinyPolicy.write(directory.resolve("v" + version), SHAPE, version));
    }
    direct(models);
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
      overTopics(new Namespace(kafka.bootstrap(), "p.", directory), models);
    }
    direct(models);
  }

  private static void overTopics(Namespace place, List<Path> models) throws Exception {
    TopicCreator.create(place);
    EventCodec codec = new EventCodec();
    try (EventProducer producer = EventProducer.idempotent(place);
        KafkaConsumer<String, byte[]> reader =
            new KafkaConsumer<>(KafkaClientSettings.consumer(place));
        Sampler sampler = new Sampler(place)) {
      RunRegistry.publish(producer, RUN);
      reader.assign(
          IntStream.range(0, 4)
              .mapToObj(p -> new TopicPartition(Topic.ROLLOUTS.in(place), p))
              .toList());
      sampler.start();
      for (long ordinal = 0; ordinal < (long) STEPS * GROUPS; ordinal++) {
        String groupId = Ids.group(TestEvents.RUN, Purpose.TRAIN, ordinal);
        producer.send(
            Topic.PROMPTS,
            groupId,
            TestEvents.prompt(ordinal)
                .setSamplesPerArm(SAMPLES)
                .setArms(List.of(arm("AB", ordinal), arm("BA", ordinal)))
                .build());
      }
      Thread.sleep(3_000);
      List<Long> whole = new ArrayList<>();
      List<Long> untilDispatch = new ArrayList<>();
      for (int version = 0; version < STEPS; version++) {
        var checkpoint = TinyPolicy.checkpoint(models.get(version), version).build();
        long begin = System.nanoTime();
        Instant published = Instant.now();
        producer.send(Topic.CHECKPOINTS, TestEvents.RUN, checkpoint);
        int seen = 0;
        long dispatch = 0;
        while (seen < GROUPS * 2 * SAMPLES) {
          for (ConsumerRecord<String, byte[]> record : reader.poll(Duration.ofMillis(100))) {
            seen++;
            Rollout rollout = codec.decode(record.value(), Rollout.class);
            dispatch =
                Math.max(
                    dispatch, Duration.between(published, rollout.getDispatchedAt()).toMillis());
          }
        }
        whole.add((System.nanoTime() - begin) / 1_000);
        untilDispatch.add(dispatch * 1_000);
      }
      print("over topics", whole);
      print("  of it until dispatch", untilDispatch);
    }
  }

  private static void direct(List<Path> models) throws Exception {
    List<Long> whole = new ArrayList<>();
    List<Long> loading = new ArrayList<>();
    try (InferenceEngine engine = EngineFactory.onnx(SamplerSettings.defaults()).start(SHAPE);
        Tokenizer tokenizer = Tokenizer.open(models.getFirst().resolve("tokenizer.json"))) {
      for (int version = 0; version < STEPS; version++) {
        ModelVersion name = new ModelVersion("direct", "", version);
        long begin = System.nanoTime();
        engine.load(name, models.get(version)).join();
        loading.add((System.nanoTime() - begin) / 1_000);
        long sampling = System.nanoTime();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int request = 0; request < GROUPS * 2; request++) {
          all.add(
              engine.submit(
                  new CompletionRequest(
                          "r",
                          tokenizer.encode("abc 123 bcd 456?"),
                          SAMPLES,
                          Sampling.at(1, MAX_TOKENS, List.of(31), request))
                      .withVersion(name)));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        whole.add((System.nanoTime() - sampling) / 1_000);
        if (version > 0) {
          engine.retire(new ModelVersion("direct", "", version - 1));
        }
      }
    }
    print("engine alone, sampling", whole);
    print("engine alone, loading", loading);
  }

  private static PromptArm arm(String name, long ordinal) {
    return PromptArm.newBuilder(TestEvents.arm(name, "A", ordinal))
        .setMessages(List.of(new Message("text", "abc 123 bcd 456?", null)))
        .build();
  }

  private static void print(String what, List<Long> micros) {
    List<Long> sorted = micros.subList(STEPS / 4, STEPS).stream().sorted().toList();
    System.out.printf(
        "%-26s p50 %6.1f ms, p90 %6.1f ms%n",
        what, sorted.get(sorted.size() / 2) / 1e3, sorted.get(sorted.size() * 9 / 10) / 1e3);
  }
}
