package io.urteil.worker.share;

import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ShareMemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that the broker assigns to each member of a share group. A share consumer does not
 * know its own. Used by one thread; connects on the first question.
 */
final class ShareAssignments implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ShareAssignments.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  private final Namespace namespace;
  private final String group;
  private @Nullable Admin admin;

  ShareAssignments(Namespace namespace, String group) {
    this.namespace = namespace;
    this.group = group;
  }

  /** Partitions by client id; empty when the broker does not respond. */
  Optional<Map<String, Set<TopicPartition>>> byClient() throws InterruptedException {
    Admin client = admin;
    if (client == null) {
      client = Admin.create(KafkaClientSettings.admin(namespace, TIMEOUT));
      admin = client;
    }
    try {
      return Optional.of(
          client.describeShareGroups(List.of(group)).all().get().values().stream()
              .flatMap(description -> description.members().stream())
              .collect(
                  Collectors.toMap(
                      ShareMemberDescription::clientId,
                      member -> Set.copyOf(member.assignment().topicPartitions()),
                      ShareAssignments::union)));
    } catch (ExecutionException e) {
      LOGGER
          .atDebug()
          .addKeyValue("group", group)
          .addKeyValue("error", String.valueOf(e.getCause()))
          .log("cannot read assignments");
      return Optional.empty();
    }
  }

  private static Set<TopicPartition> union(Set<TopicPartition> one, Set<TopicPartition> other) {
    Set<TopicPartition> both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }

  @Override
  public void close() {
    if (admin != null) {
      admin.close(Duration.ZERO);
      admin = null;
    }
  }
}
