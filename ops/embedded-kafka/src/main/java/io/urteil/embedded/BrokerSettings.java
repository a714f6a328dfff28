package io.urteil.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Settings of a combined broker and controller without replication. */
final class BrokerSettings {

  static final int NODE_ID = 1;
  static final String CONTROLLER = "CONTROLLER";

  private static final int MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
  private static final List<String> INTERNAL_TOPICS =
      List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic");

  private static final Map<String, String> FIXED =
      Map.ofEntries(
          Map.entry("process.roles", "broker,controller"),
          Map.entry("node.id", Integer.toString(NODE_ID)),
          Map.entry("controller.listener.names", CONTROLLER),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          // A mistyped topic name must not create a topic.
          Map.entry("auto.create.topics.enable", "false"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          // A judgement may take minutes; tests of a dead worker need short locks.
          Map.entry("group.share.max.record.lock.duration.ms", "600000"),
          Map.entry("group.share.min.record.lock.duration.ms", "1000"),
          // A judge worker holds the records of a run whose judge is slow, to reach those behind.
          Map.entry("group.share.partition.max.record.locks", "10000"),
          Map.entry("group.share.max.partition.max.record.locks", "10000"),
          // A dead member blocks its partitions until its session ends, and a new member is
          // assigned partitions with a heartbeat.
          Map.entry("group.share.session.timeout.ms", "6000"),
          Map.entry("group.share.min.session.timeout.ms", "3000"),
          Map.entry("group.share.heartbeat.interval.ms", "500"),
          Map.entry("group.share.min.heartbeat.interval.ms", "200"),
          Map.entry("group.share.assignment.interval.ms", "100"),
          Map.entry("group.share.min.assignment.interval.ms", "0"),
          // Fencing a slow broker is useless: no other broker can lead its partitions.
          Map.entry("broker.session.timeout.ms", "60000"),
          Map.entry("broker.heartbeat.interval.ms", "300"),
          Map.entry("message.max.bytes", Integer.toString(MAX_MESSAGE_BYTES)),
          Map.entry("replica.fetch.max.bytes", Integer.toString(MAX_MESSAGE_BYTES)),
          Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(2 * 1024 * 1024)),
          Map.entry("log.cleaner.threads", "1"),
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "4"),
          // The topics are the only storage: a run that pauses for weeks needs its records and
          // offsets.
          Map.entry("log.retention.ms", "-1"),
          Map.entry("offsets.retention.minutes", Integer.toString(365 * 24 * 60)));

  private BrokerSettings() {}

  static Properties of(Path directory, int port, int controllerPort) {
    return of(directory, port, controllerPort, 0, BrokerSecurity.NONE);
  }

  /**
   * @param internalPort port of the inter-broker listener of a secured broker
   */
  static Properties of(
      Path directory, int port, int controllerPort, int internalPort, BrokerSecurity security) {
    Properties settings = new Properties();
    settings.putAll(FIXED);
    settings.put("log.dirs", directory.toString());
    settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
    String clients = security.protocol() + "://127.0.0.1:" + port;
    String controller = "CONTROLLER://127.0.0.1:" + controllerPort;
    if (security.isOpen()) {
      settings.put("listeners", clients + "," + controller);
      settings.put("advertised.listeners", clients);
      settings.put("inter.broker.listener.name", "PLAINTEXT");
      settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    } else {
      String internal = "INTERNAL://127.0.0.1:" + internalPort;
      settings.put("listeners", String.join(",", clients, internal, controller));
      settings.put("advertised.listeners", clients + "," + internal);
      settings.put("inter.broker.listener.name", "INTERNAL");
      settings.put(
          "listener.security.protocol.map",
          "%s:%1$s,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT".formatted(security.protocol()));
    }
    for (String topic : INTERNAL_TOPICS) {
      settings.put(topic + ".replication.factor", "1");
      settings.put(topic + ".num.partitions", "3");
    }
    settings.putAll(security.settings());
    return settings;
  }
}
