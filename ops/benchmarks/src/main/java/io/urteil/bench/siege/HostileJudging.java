package io.urteil.bench.siege;

import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Namespace;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * A run beside the honest one whose judges ask a {@link HostileServer}. Its rollouts are copies of
 * honest ones. Used by one thread.
 */
final class HostileJudging implements AutoCloseable {

  private static final String RUN = "siege-judged";
  private static final String SERVER = "hostile";
  private static final int MOST_TEMPLATES = 16;

  private final HostileServer server;
  private final Path serversFile;
  private final List<Rollout> templates = new ArrayList<>();
  private final Set<String> sent = new HashSet<>();
  private @Nullable EventProducer producer;

  HostileJudging(SiegeSettings settings) throws IOException {
    this.server = new HostileServer(settings.seed());
    this.serversFile = settings.directory().resolve("servers.yaml");
    Files.createDirectories(settings.directory());
    Files.writeString(
        serversFile,
        """
        servers:
          %s: { url: %s, model: m, concurrency: 8, tries: 2, backOff: 50ms, backOffLimit: 200ms, connectTimeout: 2s, requestTimeout: 3s }
        """
            .formatted(SERVER, server.url()));
  }

  /** Arguments of the judge workers, which declare the server. */
  List<String> judgeArguments() {
    return List.of("--servers", serversFile.toString());
  }

  /** Publishes the run and takes rollouts of the honest run as templates. */
  void start(Namespace namespace, RunFile honest) {
    String text =
        """
        run: %s
        group: { arms: [AB, BA], samplesPerArm: 4, deadline: 60s, onMissing: drop }
        judges:
          talk: { type: generative, server: %s, prompt: j1-pointwise, timeLimit: 10s }
          verify: { type: generative, server: %s, prompt: self-verify, read: probabilities-in-text, timeLimit: 10s }
        reward: { rule: scalar, judge: talk }
        batch: { kind: none }
        advantage: { baseline: mean, scale: group, ddof: 0, epsilon: 1.0e-4 }
        """
            .formatted(RUN, SERVER, SERVER);
    new EventLog(namespace)
        .scan(
            Topic.ROLLOUTS,
            Rollout.class,
            record -> {
              if (templates.size() < MOST_TEMPLATES
                  && record.event().getRunId().equals(honest.run())) {
                templates.add(record.event());
              }
            });
    EventProducer events = EventProducer.idempotent(namespace);
    producer = events;
    RunRegistry.publish(events, RunFileReader.read(RUN, text));
  }

  /** Publishes another rollout. */
  void next() {
    EventProducer events = producer;
    if (events == null || templates.isEmpty()) {
      return;
    }
    String group = "%s/%d".formatted(RUN, sent.size());
    Rollout rollout =
        Rollout.newBuilder(templates.get(sent.size() % templates.size()))
            .setRunId(RUN)
            .setGroupId(group)
            .setIndex(0)
            .build();
    try {
      events.send(Topic.ROLLOUTS, group, rollout);
      sent.add(group);
    } catch (KafkaException e) {
      // The broker is also disturbed.
    }
  }

  /** What became of its rollouts. */
  SiegeReport.ServerAttack result(Namespace namespace) {
    Map<String, Long> statuses = new TreeMap<>();
    Set<String> judged = new HashSet<>();
    new EventLog(namespace)
        .scan(
            Topic.JUDGEMENTS,
            Judgement.class,
            record -> {
              Judgement judgement = record.event();
              if (judgement.getRunId().equals(RUN) && sent.contains(judgement.getGroupId())) {
                statuses.merge(judgement.getStatus().toString(), 1L, Long::sum);
                judged.add(judgement.getGroupId());
              }
            });
    return new SiegeReport.ServerAttack(
        server.requests(),
        sent.size(),
        sent.size() - judged.size(),
        statuses.getOrDefault(JudgementStatus.SCORED.toString(), 0L),
        statuses);
  }

  @Override
  public void close() throws IOException {
    if (producer != null) {
      producer.close();
    }
    server.close();
  }
}
