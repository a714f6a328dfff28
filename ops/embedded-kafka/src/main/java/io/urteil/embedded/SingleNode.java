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
 * A controller and its only broker, as {@link KafkaRaftServer} puts them together, except that the
 * broker's registration of the last start is taken back before the broker starts.
 *
 * <p>After kill -9 that registration still leads every partition. Left alone, the new broker sees
 * itself as their leader, begins to load the groups' offsets, loses the partitions when the old
 * registration ends, and gets them again; and a load that began before can then end the load that
 * began after it (Kafka 4.3.1, {@code CoordinatorRuntime.CoordinatorContext.load}: completion looks
 * the coordinator up by partition and does not compare epochs). The coordinator is then at work
 * without the offsets that its log holds. Besides, registering would have to wait until the session
 * of the old registration ends.
 */
final class SingleNode {

  private static final Logger LOG = LoggerFactory.getLogger(SingleNode.class);
  private static final long LIMIT_SECONDS = 60;
  private static final long PAUSE_MILLIS = 10;

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

  /** Returns when clients can connect. */
  void start() throws InterruptedException, ExecutionException, TimeoutException {
    controller.startup();
    takeBackRegistration(controller.controller());
    broker.startup();
  }

  void stop() {
    broker.shutdown();
    controller.shutdown();
    broker.awaitShutdown();
    controller.awaitShutdown();
  }

  private static void takeBackRegistration(Controller controller)
      throws InterruptedException, ExecutionException, TimeoutException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!controller.isActive()) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "the controller did not become active in " + LIMIT_SECONDS + " s");
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    try {
      controller
          .unregisterBroker(
              new ControllerRequestContext(
                  new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.of(deadline)),
              BrokerSettings.NODE_ID)
          .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // Its first start.
      if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
        throw e;
      }
    }
  }
}
