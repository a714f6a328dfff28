package io.urteil.bench.topology;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Reads the metrics of Kafka Streams in another JVM on this machine. */
final class StreamsGauge implements AutoCloseable {

  private static final String THREADS = "kafka.streams:type=stream-thread-metrics,thread-id=*";

  private final JMXConnector connector;

  /** Attaches to a JVM that this JVM started. */
  @SuppressWarnings("BanJNDI")
  StreamsGauge(long pid) {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        connector =
            JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
      } finally {
        machine.detach();
      }
    } catch (IOException | AttachNotSupportedException e) {
      throw new IllegalStateException("cannot attach to process " + pid, e);
    }
  }

  /** The longest punctuation in the metrics window of about a minute, in milliseconds. */
  double longestPunctuationMillis() {
    try {
      MBeanServerConnection server = connector.getMBeanServerConnection();
      Set<ObjectName> threads = server.queryNames(new ObjectName(THREADS), null);
      double longest = 0;
      for (ObjectName thread : threads) {
        double millis = (double) server.getAttribute(thread, "punctuate-latency-max");
        longest = Math.max(longest, Double.isNaN(millis) ? 0 : millis);
      }
      return longest;
    } catch (IOException | JMException e) {
      throw new IllegalStateException("cannot read the metrics of Kafka Streams", e);
    }
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot close the connection to the JVM", e);
    }
  }
}
