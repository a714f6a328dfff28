package io.urteil.embedded;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.Controller;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A controller and its only broker, assembled as in {@link KafkaRaftServer}, except that the
 * registration of the broker's previous start is removed before the broker starts.
 *
 * <p>After kill -9 the old registration is still the leader of every partition. Without its removal
 * the new broker takes itself for the leader, starts to load the offsets of the groups, loses the
 * partitions when the old registration ends, and is elected again. The first load can then complete
 * the second one (Kafka 4.3.1, {@code CoordinatorRuntime.CoordinatorContext.load}: completion finds
 * the coordinator by partition and does not compare epochs), and the coordinator is active without
 * all offsets of its log. In addition, a new registration would wait for the session of the old one
 * to end.
 */
final class SingleNode {

  private static final Logger LOG = LoggerFactory.getLogger(SingleNode.class);
  private static final long TIMEOUT_SECONDS = 60;
  private static final long POLL_MILLIS = 10;

  private final ControllerServer controller;
  private final BrokerServer broker;

  SingleNode(KafkaConfig config, int controllerPort) {
    Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> opened =
        KafkaRaftServer.initializeLogDirs(config, LOG, "");
    SharedServer shared =
        new SharedServer(
            config,
            opened._1(),
            Time.SYSTEM,
            Server.initializeMetrics(config, Time.SYSTEM, opened._1().clusterId().orElseThrow()),
            CompletableFuture.completedFuture(
                Map.of(BrokerSettings.NODE_ID, new InetSocketAddress("127.0.0.1", controllerPort))),
            List.of(),
            new StandardFaultHandlerFactory(),
            ServerSocketFactory.INSTANCE);
    this.broker = new BrokerServer(shared);
    this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), opened._2());
  }

  /** Starts controller and broker, and returns when clients can connect. */
  void start() throws InterruptedException, ExecutionException, TimeoutException {
    controller.startup();
    removeRegistration(controller.controller());
    broker.startup();
  }

  void stop() {
    broker.shutdown();
    controller.shutdown();
    broker.awaitShutdown();
    controller.awaitShutdown();
  }

  private static void removeRegistration(Controller controller)
      throws InterruptedException, ExecutionException, TimeoutException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!controller.isActive()) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "the controller did not become active in " + TIMEOUT_SECONDS + " s");
      }
      Thread.sleep(POLL_MILLIS);
    }
    try {
      controller
          .unregisterBroker(
              new ControllerRequestContext(
                  new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.of(deadline)),
              BrokerSettings.NODE_ID)
          .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // The first start has no previous registration.
      if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
        throw e;
      }
    }
  }
}
