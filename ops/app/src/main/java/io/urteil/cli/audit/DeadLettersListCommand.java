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

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Mixin private TopicSourceOptions log = new TopicSourceOptions();

  @Override
  public Integer call() throws IOException {
    try (TopicSourceOptions.Opened opened = log.open()) {
      List<StoredDeadLetter> letters = new DeadLetterQueue(opened.place()).list(which.filter());
      if (json) {
        for (StoredDeadLetter letter : letters) {
          output().println(JSON.writeValueAsString(fields(letter)));
        }
        return ExitCode.OK;
      }
      String row = "%8s  %-24s  %-16s  %-18s  %-20s  %-28s  %s";
      output().println(row.formatted("ID", "TIME", "PART", "CAUSE", "RUN", "RECORD", "MESSAGE"));
      for (StoredDeadLetter letter : letters) {
        DeadLetter of = letter.letter();
        output()
            .println(
                row.formatted(
                    letter.id(),
                    of.getCreatedAt(),
                    of.getPart(),
                    of.getCause(),
                    of.getRunId() == null ? "-" : of.getRunId(),
                    letter.record(),
                    (letter.redrivenAt() == null ? "" : "[re-driven] ") + shown(of.getMessage())));
      }
      output().println("%d dead letters".formatted(letters.size()));
      return ExitCode.OK;
    }
  }

  static Map<String, @Nullable Object> fields(StoredDeadLetter stored) {
    DeadLetter letter = stored.letter();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", stored.id());
    fields.put("createdAt", letter.getCreatedAt().toString());
    fields.put("runId", letter.getRunId());
    fields.put("part", letter.getPart());
    fields.put("cause", letter.getCause());
    fields.put("message", letter.getMessage());
    fields.put("topic", letter.getTopic());
    fields.put("partition", letter.getPartition());
    fields.put("offset", letter.getOffset());
    fields.put("redrivenAt", stored.redrivenAt() == null ? null : stored.redrivenAt().toString());
    return fields;
  }

  private static String shown(String message) {
    String line = message.replace('\n', ' ');
    return line.length() > MESSAGE_SHOWN ? line.substring(0, MESSAGE_SHOWN) + "…" : line;
  }
}
