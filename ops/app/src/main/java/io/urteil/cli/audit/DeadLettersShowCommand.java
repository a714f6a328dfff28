package io.urteil.cli.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.TopicSourceOptions;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.deadletter.DeadLetterQueue;
import io.urteil.deadletter.DeadLetterQueue.Original;
import io.urteil.deadletter.StoredDeadLetter;
import io.urteil.event.DecodedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil dead-letters show}. */
@Command(
    name = "show",
    description = {
      "Shows one dead letter and its record, from the record's topic, or from the copy in the dead"
          + " letter if the topic has deleted it.",
      "Events are decoded; other bytes are printed in hexadecimal."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  urteil dead-letters show 17", "  urteil dead-letters show 17 --bytes record.bin"})
final class DeadLettersShowCommand extends UrteilSubcommand {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BYTES_SHOWN = 512;
  private static final int BYTES_A_LINE = 32;

  @Parameters(paramLabel = "ID", description = "Id of the dead letter, as printed by 'list'.")
  private long id;

  @Option(
      names = "--bytes",
      paramLabel = "FILE",
      description = "Write the bytes of the record to this file.")
  private @Nullable Path bytes;

  @Mixin private TopicSourceOptions source = new TopicSourceOptions();

  @Override
  public Integer call() throws IOException {
    try (TopicSourceOptions.OpenTopics topics = source.open()) {
      DeadLetterQueue queue = new DeadLetterQueue(topics.namespace());
      StoredDeadLetter stored = queue.get(id);
      DeadLettersListCommand.fields(stored)
          .forEach((name, value) -> output().println("%-12s %s".formatted(name, value)));
      Optional<Original> original = queue.original(stored);
      if (original.isEmpty()) {
        output().println("record       deleted from its topic; the dead letter has no copy");
        return ExitCode.OK;
      }
      show(queue, original.get());
      if (bytes != null && original.get().value() != null) {
        Files.write(bytes, original.get().value());
      }
      return ExitCode.OK;
    }
  }

  private void show(DeadLetterQueue queue, Original original) {
    byte[] value = original.value();
    output().println("key          " + original.key());
    output()
        .println(
            "record       %d bytes, %s"
                .formatted(
                    value == null ? 0 : value.length,
                    original.quoted() ? "from the copy in the dead letter" : "from its topic"));
    switch (queue.decode(value)) {
      case DecodedRecord.Event(SpecificRecord event) -> {
        output().println(event.getSchema().getName());
        output().println(pretty(event.toString()));
      }
      case DecodedRecord.NotAnEvent(String reason) -> {
        output().println("not an event: " + reason);
        if (value != null) {
          hex(value);
        }
      }
    }
  }

  private void hex(byte[] value) {
    for (int at = 0; at < Math.min(value.length, BYTES_SHOWN); at += BYTES_A_LINE) {
      byte[] line = Arrays.copyOfRange(value, at, Math.min(value.length, at + BYTES_A_LINE));
      output().println("%06x  %s".formatted(at, HexFormat.ofDelimiter(" ").formatHex(line)));
    }
    if (value.length > BYTES_SHOWN) {
      output().println("… (--bytes FILE writes all bytes)");
    }
  }

  private static String pretty(String json) {
    try {
      return JSON.readTree(json).toPrettyString();
    } catch (JsonProcessingException e) {
      // Avro writes NaN, which JSON does not allow.
      return json;
    }
  }
}
