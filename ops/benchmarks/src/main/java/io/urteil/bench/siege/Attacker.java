package io.urteil.bench.siege;

import io.urteil.event.DeadLetter;
import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Publishes hostile records made from events of the run, on its own thread. */
final class Attacker implements AutoCloseable {

  private static final String HOSTILE_RUN = "siege";
  private static final int SAMPLES = 64;
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Topic[] SOURCES = {
    Topic.PROMPTS,
    Topic.ROLLOUTS,
    Topic.JUDGEMENTS,
    Topic.ROLLOUT_GROUPS,
    Topic.GROUPS,
    Topic.BATCHES,
    Topic.CHECKPOINTS,
    Topic.PROGRESS,
    Topic.RUNS
  };

  private record Sample(Topic topic, String key, byte[] value) {}

  private final Namespace namespace;
  private final double perSecond;
  private final Random random;
  private final EventMutator mutator;
  private final EventLog log;
  private final KafkaProducer<byte[], byte[]> producer;
  private final EventCodec codec = new EventCodec();
  private final Map<Topic, List<Sample>> samples = new EnumMap<>(Topic.class);
  private final Map<RecordPosition, Attack.Kind> sent = new ConcurrentHashMap<>();
  private final AtomicLong refused = new AtomicLong();
  private final Thread thread;
  private volatile boolean running = true;

  Attacker(Namespace namespace, RunFile honest, SiegeSettings settings) {
    this.namespace = namespace;
    this.perSecond = settings.attacksPerSecond();
    this.random = new Random(settings.seed());
    this.log = new EventLog(namespace);
    this.mutator =
        new EventMutator(random, honest.run(), HOSTILE_RUN, log.partitions(Topic.ROLLOUTS).size());
    Map<String, Object> properties = new HashMap<>(KafkaClientSettings.producer(namespace));
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
    // Neither brokers nor consumers bound what compressed records expand to.
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
    this.producer = new KafkaProducer<>(properties);
    readSamples();
    publishHostileRun(honest);
    this.thread = Thread.ofPlatform().name("attacker").start(this::run);
  }

  /** So that mutated events reach the same code as those of the honest run. */
  private void publishHostileRun(RunFile honest) {
    String text = honest.text().replaceFirst("run: \\S+", "run: " + HOSTILE_RUN);
    try (EventProducer events = EventProducer.idempotent(namespace)) {
      RunRegistry.publish(events, RunFileReader.read(HOSTILE_RUN, text));
    }
  }

  private void run() {
    long begin = System.nanoTime();
    long attacks = 0;
    while (running) {
      long due = (long) ((System.nanoTime() - begin) / 1e9 * perSecond);
      for (; attacks < due && running; attacks++) {
        try {
          attack();
        } catch (KafkaException e) {
          // The broker is also disturbed.
          refused.incrementAndGet();
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** The events of the run so far, before the first attack. */
  private void readSamples() {
    for (Topic topic : SOURCES) {
      List<Sample> found = new ArrayList<>();
      log.scan(
          topic,
          SpecificRecord.class,
          record -> {
            if (record.key() != null) {
              found.add(new Sample(topic, record.key(), codec.encode(record.event())));
            }
          });
      if (!found.isEmpty()) {
        Collections.shuffle(found, random);
        samples.put(topic, List.copyOf(found.subList(0, Math.min(SAMPLES, found.size()))));
      }
    }
  }

  private void attack() {
    List<List<Sample>> known = List.copyOf(samples.values());
    List<Sample> ofTopic = known.get(random.nextInt(known.size()));
    Sample sample = ofTopic.get(random.nextInt(ofTopic.size()));
    mutator
        .next(sample.value(), sample.topic(), sample.key())
        .ifPresent(
            attack ->
                producer.send(
                    new ProducerRecord<>(
                        attack.topic().in(namespace),
                        attack.topic().hasOnePartition() ? Integer.valueOf(0) : attack.partition(),
                        attack.timestamp(),
                        attack.key(),
                        attack.value()),
                    (at, error) -> {
                      if (error == null) {
                        sent.put(
                            new RecordPosition(at.topic(), at.partition(), at.offset()),
                            attack.kind());
                      } else {
                        refused.incrementAndGet();
                      }
                    }));
  }

  /** Stops and waits for the acknowledgements. */
  void stop() throws InterruptedException {
    running = false;
    thread.join();
    producer.flush();
  }

  /**
   * Number of records that the broker refused, such as those without a key on a compacted topic.
   */
  long refused() {
    return refused.get();
  }

  /** What became of the hostile records, by kind and topic. */
  SiegeReport.Attacks result() {
    Set<RecordPosition> buried = new HashSet<>();
    log.scan(
        Topic.DEAD_LETTERS,
        DeadLetter.class,
        found -> {
          DeadLetter letter = found.event();
          buried.add(
              new RecordPosition(letter.getTopic(), letter.getPartition(), letter.getOffset()));
        });
    Map<String, Long> byKind = new TreeMap<>();
    Map<String, Long> others = new TreeMap<>();
    long dead = 0;
    for (Map.Entry<RecordPosition, Attack.Kind> one : sent.entrySet()) {
      byKind.merge(one.getValue().name(), 1L, Long::sum);
      if (buried.contains(one.getKey())) {
        dead++;
      } else {
        String topic = one.getKey().topic().substring(namespace.prefix().length());
        others.merge("%s on %s".formatted(one.getValue(), topic), 1L, Long::sum);
      }
    }
    return new SiegeReport.Attacks(sent.size(), dead, refused.get(), byKind, others);
  }

  @Override
  public void close() {
    running = false;
    producer.close(Duration.ofSeconds(1));
  }
}
