package io.urteil.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Recomputes a demo's accuracy, rewards and advantages from the topics alone, sharing no code with
 * the service: a plain consumer, generic Avro with the schemas of the {@code schemas} topic, and
 * the verdict, reward rule and advantage written out once more. Prints one JSON object; exits with
 * 1 when a reward or an advantage on the log is not what it finds.
 */
final class RecomputeFromTopics {

  private static final Pattern VERDICT =
      Pattern.compile("<think>[^<]*</think><answer>([1-9]),([1-9])</answer>");

  private final String bootstrap;
  private final Map<Long, Schema> schemas = new HashMap<>();

  /** Rollouts by "partition/offset", and by member. */
  private final Map<String, GenericRecord> rolloutsByPosition = new HashMap<>();

  private final Map<String, GenericRecord> rollouts = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  private RecomputeFromTopics(String bootstrap) {
    this.bootstrap = bootstrap;
  }

  public static void main(String[] arguments) throws Exception {
    RecomputeFromTopics recompute = new RecomputeFromTopics(arguments[0]);
    Map<String, Object> found = recompute.run();
    System.out.println("RECOMPUTED " + new ObjectMapper().writeValueAsString(found));
    recompute.problems.stream().limit(10).forEach(System.out::println);
    System.exit(recompute.problems.isEmpty() ? 0 : 1);
  }

  private Map<String, Object> run() throws Exception {
    for (ConsumerRecord<String, byte[]> record : read("schemas")) {
      Schema schema = new Schema.Parser().parse(new String(record.value(), StandardCharsets.UTF_8));
      schemas.put(Long.parseUnsignedLong(record.key(), 16), schema);
    }
    for (ConsumerRecord<String, byte[]> record : read("rollouts")) {
      GenericRecord rollout = decode(record.value());
      rolloutsByPosition.put(record.partition() + "/" + record.offset(), rollout);
      rollouts.putIfAbsent(member(rollout), rollout);
    }
    int rewards = checkRewards();
    int advantages = checkAdvantages();
    Map<String, Object> found = new TreeMap<>();
    found.put("rewards", rewards);
    found.put("advantages", advantages);
    found.put("batches", batches);
    TreeMap<Long, double[]> accuracy = accuracy();
    found.put("accuracyBefore", accuracy.firstEntry().getValue()[0]);
    found.put("accuracyAfter", accuracy.lastEntry().getValue()[0]);
    found.put("consistencyAfter", accuracy.lastEntry().getValue()[1]);
    found.put("positionConsistentAccuracyAfter", accuracy.lastEntry().getValue()[2]);
    return found;
  }

  private int checkRewards() {
    int checked = 0;
    for (ConsumerRecord<String, byte[]> record : read("rewards")) {
      GenericRecord reward = decode(record.value());
      GenericRecord rollout = rollouts.get(member(reward));
      if (rollout == null) {
        problems.add("reward without a rollout: " + member(reward));
        continue;
      }
      double expected = price(rollout);
      Object value = reward.get("value");
      if (value == null || Math.abs((Double) value - expected) > 1e-9) {
        problems.add(member(reward) + " was paid " + value + " (recomputed: " + expected + ")");
      }
      checked++;
    }
    return checked;
  }

  private int batches;

  private int checkAdvantages() {
    int checked = 0;
    for (ConsumerRecord<String, byte[]> record : read("batches")) {
      GenericRecord batch = decode(record.value());
      batches++;
      for (Object group : (List<?>) batch.get("groups")) {
        Map<String, List<GenericRecord>> arms = new TreeMap<>();
        for (Object member : (List<?>) ((GenericRecord) group).get("members")) {
          GenericRecord m = (GenericRecord) member;
          arms.computeIfAbsent(m.get("arm").toString(), a -> new ArrayList<>()).add(m);
        }
        for (List<GenericRecord> members : arms.values()) {
          checked += checkArm(members);
        }
      }
    }
    return checked;
  }

  private int checkArm(List<GenericRecord> members) {
    double[] rewards =
        members.stream()
            .mapToDouble(m -> price(referenced((GenericRecord) m.get("rollout"))))
            .toArray();
    double mean = java.util.Arrays.stream(rewards).average().orElse(0);
    double variance =
        java.util.Arrays.stream(rewards).map(r -> (r - mean) * (r - mean)).average().orElse(0);
    for (int i = 0; i < rewards.length; i++) {
      double expected = (rewards[i] - mean) / (Math.sqrt(variance) + 1e-4);
      double written = (Double) members.get(i).get("advantage");
      if (Math.abs(expected - written) > 1e-6) {
        problems.add("advantage " + written + " (recomputed: " + expected + ")");
      }
    }
    return rewards.length;
  }

  private GenericRecord referenced(GenericRecord reference) {
    GenericRecord rollout =
        rolloutsByPosition.get(reference.get("partition") + "/" + reference.get("offset"));
    if (rollout == null) {
      throw new IllegalStateException("no rollout at " + reference);
    }
    return rollout;
  }

  /** By version: accuracy, consistency and consistent accuracy over the held-out rollouts. */
  private TreeMap<Long, double[]> accuracy() {
    TreeMap<Long, int[]> counts = new TreeMap<>();
    rollouts.values().stream()
        .filter(r -> r.get("purpose").toString().equals("EVALUATE"))
        .forEach(
            rollout -> {
              long version = (Long) ((GenericRecord) rollout.get("policy")).get("version");
              int[] count = counts.computeIfAbsent(version, v -> new int[5]);
              count[0]++;
              count[1] += right(rollout) ? 1 : 0;
              if (rollout.get("arm").toString().equals("AB")) {
                String verdict = preference(rollout);
                String swapped = preference(sibling(rollout));
                count[2]++;
                count[3] +=
                    (verdict + swapped).equals("AB") || (verdict + swapped).equals("BA") ? 1 : 0;
                count[4] += right(rollout) && right(sibling(rollout)) ? 1 : 0;
              }
            });
    TreeMap<Long, double[]> accuracy = new TreeMap<>();
    counts.forEach(
        (version, count) ->
            accuracy.put(
                version,
                new double[] {
                  (double) count[1] / count[0],
                  (double) count[3] / count[2],
                  (double) count[4] / count[2]
                }));
    return accuracy;
  }

  private double price(GenericRecord rollout) {
    String preference = preference(rollout);
    if (preference.equals("unparseable")) {
      return -0.5;
    }
    if (!right(rollout)) {
      return 0;
    }
    return right(sibling(rollout)) ? 1.5 : 1;
  }

  private GenericRecord sibling(GenericRecord rollout) {
    String other = rollout.get("arm").toString().equals("AB") ? "BA" : "AB";
    String key = rollout.get("groupId") + "|" + other + "|" + rollout.get("index");
    GenericRecord sibling = rollouts.get(key);
    if (sibling == null) {
      throw new IllegalStateException("no rollout of " + key);
    }
    return sibling;
  }

  private static boolean right(GenericRecord rollout) {
    return preference(rollout).equals(String.valueOf(rollout.get("reference")));
  }

  private static String preference(GenericRecord rollout) {
    List<?> segments = (List<?>) rollout.get("segments");
    String text = String.valueOf(((GenericRecord) segments.getLast()).get("text"));
    Matcher matcher = VERDICT.matcher(text);
    if (!matcher.matches()) {
      return "unparseable";
    }
    int difference = matcher.group(1).compareTo(matcher.group(2));
    return difference > 0 ? "A" : difference < 0 ? "B" : "tie";
  }

  private static String member(GenericRecord event) {
    return event.get("groupId") + "|" + event.get("arm") + "|" + event.get("index");
  }

  private GenericRecord decode(byte[] bytes) {
    try {
      long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
      return new GenericDatumReader<GenericRecord>(schemas.get(fingerprint))
          .read(null, DecoderFactory.get().binaryDecoder(bytes, 10, bytes.length - 10, null));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<ConsumerRecord<String, byte[]>> read(String topic) {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", bootstrap,
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest");
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }
}
