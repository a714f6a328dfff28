package io.urteil.cli.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.TopicSourceOptions;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.deadletter.DeadLetterQueue;
import io.urteil.deadletter.StoredDeadLetter;
import io.urteil.event.DeadLetter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil dead-letters list}. */
@Command(
    name = "list",
    description = {
      "Lists dead letters, oldest first, as a table or as JSON lines.",
      "Fields of a JSON line: id, createdAt, runId, part, cause, message, topic, partition, offset,"
          + " redrivenAt."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil dead-letters list",
      "  urteil dead-letters list --topic rollouts --since 1h --json | jq .cause"
    })
final class DeadLettersListCommand extends UrteilSubcommand {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MESSAGE_SHOWN = 100;

  @Mixin private DeadLetterFilterOptions which = new DeadLetterFilterOptions();

  @Option(names = "--json", description = "Print one JSON object per line.")
  private boolean json;

  @Mixin private TopicSourceOptions source = new TopicSourceOptions();

  @Override
  public Integer call() throws IOException {
    try (TopicSourceOptions.OpenTopics topics = source.open()) {
      List<StoredDeadLetter> deadLetters =
          new DeadLetterQueue(topics.namespace()).list(which.filter());
      if (json) {
        for (StoredDeadLetter stored : deadLetters) {
          output().println(JSON.writeValueAsString(fields(stored)));
        }
        return ExitCode.OK;
      }
      String row = "%8s  %-24s  %-16s  %-18s  %-20s  %-28s  %s";
      output()
          .println(row.formatted("ID", "TIME", "COMPONENT", "CAUSE", "RUN", "RECORD", "MESSAGE"));
      for (StoredDeadLetter stored : deadLetters) {
        DeadLetter deadLetter = stored.letter();
        output()
            .println(
                row.formatted(
                    stored.id(),
                    deadLetter.getCreatedAt(),
                    deadLetter.getPart(),
                    deadLetter.getCause(),
                    deadLetter.getRunId() == null ? "-" : deadLetter.getRunId(),
                    stored.record(),
                    (stored.redrivenAt() == null ? "" : "[redriven] ")
                        + shown(deadLetter.getMessage())));
      }
      output().println("%d dead letters".formatted(deadLetters.size()));
      return ExitCode.OK;
    }
  }

  static Map<String, @Nullable Object> fields(StoredDeadLetter stored) {
    DeadLetter deadLetter = stored.letter();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", stored.id());
    fields.put("createdAt", deadLetter.getCreatedAt().toString());
    fields.put("runId", deadLetter.getRunId());
    fields.put("part", deadLetter.getPart());
    fields.put("cause", deadLetter.getCause());
    fields.put("message", deadLetter.getMessage());
    fields.put("topic", deadLetter.getTopic());
    fields.put("partition", deadLetter.getPartition());
    fields.put("offset", deadLetter.getOffset());
    fields.put("redrivenAt", stored.redrivenAt() == null ? null : stored.redrivenAt().toString());
    return fields;
  }

  private static String shown(String message) {
    String line = message.replace('\n', ' ');
    return line.length() > MESSAGE_SHOWN ? line.substring(0, MESSAGE_SHOWN) + "…" : line;
  }
}
