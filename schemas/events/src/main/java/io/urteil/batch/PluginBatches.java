package io.urteil.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.plugin.PluginSettings;
import io.urteil.plugin.Plugins;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * The batches of a plug-in, which {@link BatchKindProvider} creates from its settings. A process
 * that makes no batches reads and writes the run file without the plug-in.
 *
 * @param kind name of the plug-in, which contains a dot
 * @param event the event that its batches are published as
 * @param settings a mapping that only the plug-in interprets
 */
public record PluginBatches(String kind, Event event, JsonNode settings) implements BatchKind {

  @Override
  public Optional<String> noSignal(List<double[]> rewards) {
    return installed().noSignal(rewards);
  }

  @Override
  public BatchContent<?, ? extends SpecificRecordBase> content(FullBatch batch) {
    return installed().content(batch);
  }

  @Override
  public void requireInstalled() {
    installed();
  }

  private BatchKind installed() {
    PluginSettings read = new PluginSettings("batch kind '" + kind + "'", settings);
    BatchKind made =
        Plugins.named(BatchKindProvider.class, BatchKindProvider::kind, kind).create(read);
    read.rejectUnknown();
    if (made.event() != event) {
      throw new IllegalArgumentException(
          "batch.event: %s (expected: %s, the event of '%s')".formatted(event, made.event(), kind));
    }
    return made;
  }
}
