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
      "Shows one dead letter and the record that it is about, fetched from its topic, or as the"
          + " letter quotes it when the topic has it no longer.",
      "An event is shown decoded; other bytes in hexadecimal."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  urteil dead-letters show 17", "  urteil dead-letters show 17 --bytes record.bin"})
final class DeadLettersShowCommand extends UrteilSubcommand {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BYTES_SHOWN = 512;
  private static final int BYTES_A_LINE = 32;

  @Parameters(paramLabel = "ID", description = "Id of the letter, as 'list' shows it.")
  private long id;

  @Option(
      names = "--bytes",
      paramLabel = "FILE",
      description = "Write the record's bytes to this file.")
  private @Nullable Path bytes;

  @Mixin private TopicSourceOptions log = new TopicSourceOptions();

  @Override
  public Integer call() throws IOException {
    try (TopicSourceOptions.Opened opened = log.open()) {
      DeadLetterQueue box = new DeadLetterQueue(opened.place());
      StoredDeadLetter letter = box.get(id);
      DeadLettersListCommand.fields(letter)
          .forEach((name, value) -> output().println("%-12s %s".formatted(name, value)));
      Optional<Original> original = box.original(letter);
      if (original.isEmpty()) {
        output().println("record       deleted from its topic, and not quoted in the letter");
        return ExitCode.OK;
      }
      show(box, original.get());
      if (bytes != null && original.get().value() != null) {
        Files.write(bytes, original.get().value());
      }
      return ExitCode.OK;
    }
  }

  private void show(DeadLetterQueue box, Original original) {
    byte[] value = original.value();
    output().println("key          " + original.key());
    output()
        .println(
            "record       %d bytes, %s"
                .formatted(
                    value == null ? 0 : value.length,
                    original.quoted() ? "as the letter quotes it" : "from its topic"));
    switch (box.decode(value)) {
      case DecodedRecord.Event(SpecificRecord event) -> {
        output().println(event.getSchema().getName());
        output().println(pretty(event.toString()));
      }
      case DecodedRecord.NotAnEvent(String reason) -> {
        output().println("no event: " + reason);
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
      output().println("… --bytes FILE writes all of them");
    }
  }

  private static String pretty(String json) {
    try {
      return JSON.readTree(json).toPrettyString();
    } catch (JsonProcessingException e) {
      // Avro writes NaN, which is no JSON.
      return json;
    }
  }
}
