package io.urteil.kafka;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.SupportedVersionRange;

/** The required features of the brokers, checked before any component starts. Pure. */
public final class BrokerRequirements {

  /** Level of {@code metadata.version} of Kafka 4.2. */
  static final short METADATA_OF_4_2 = 28;

  private static final String METADATA = "metadata.version";
  private static final String SHARE_GROUPS = "share.version";

  private BrokerRequirements() {}

  /**
   * Checks the features of the brokers.
   *
   * @param bootstrap address of the brokers, for the message
   * @throws UnsupportedBrokerException with all missing features
   */
  public static void require(String bootstrap, FeatureMetadata features) {
    SupportedVersionRange metadata = features.supportedFeatures().get(METADATA);
    FinalizedVersionRange shareGroups = features.finalizedFeatures().get(SHARE_GROUPS);
    List<String> lacks =
        lacks(
            metadata == null ? 0 : metadata.maxVersion(),
            shareGroups == null ? 0 : shareGroups.maxVersionLevel());
    if (!lacks.isEmpty()) {
      throw new UnsupportedBrokerException(
          "broker: Kafka at %s lacks %s".formatted(bootstrap, String.join(" and ", lacks)));
    }
  }

  /**
   * The missing features.
   *
   * @param newestMetadata newest supported level of {@code metadata.version}
   * @param shareGroups level of {@code share.version} that is enabled; 0 for none
   */
  static List<String> lacks(int newestMetadata, int shareGroups) {
    List<String> lacks = new ArrayList<>();
    if (newestMetadata < METADATA_OF_4_2) {
      lacks.add(
          "renewable record locks: %s %d is the newest that it supports (expected: >= %d, Kafka 4.2 or later)"
              .formatted(METADATA, newestMetadata, METADATA_OF_4_2));
    }
    if (shareGroups < 1) {
      lacks.add(
          "share groups: %s is %d (expected: >= 1; 'kafka-features.sh upgrade --feature %s=1' enables them)"
              .formatted(SHARE_GROUPS, shareGroups, SHARE_GROUPS));
    }
    return lacks;
  }
}
