package io.urteil.cli.audit;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.TopicSourceOptions;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.deadletter.DeadLetterFilter;
import io.urteil.deadletter.DeadLetterQueue;
import io.urteil.deadletter.DeadLetterQueue.Redriven;
import io.urteil.deadletter.StoredDeadLetter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil dead-letters redrive}. */
@Command(
    name = "redrive",
    description = {
      "Sends the records of dead letters to their topics once more, byte for byte, and notes on the"
          + " log that it did.",
      "Refused: what was re-driven before (--again), what would be refused once more or come too"
          + " late (--force), and records of topics whose readers count on order.",
      "Exit status 1 when a letter was refused."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil dead-letters redrive 17 18",
      "  urteil dead-letters redrive --cause unknown-run --run my-run --dry-run"
    })
final class DeadLettersRedriveCommand extends UrteilSubcommand {

  @Parameters(
      paramLabel = "ID",
      arity = "0..*",
      description = "Ids of letters, as 'list' shows them; none for those that the options choose.")
  private List<Long> ids = List.of();

  @Mixin private DeadLetterFilterOptions which = new DeadLetterFilterOptions();

  @Option(names = "--again", description = "Also what was re-driven before.")
  private boolean again;

  @Option(names = "--force", description = "Also what will have no effect.")
  private boolean force;

  @Option(names = "--dry-run", description = "Only say which letters are meant.")
  private boolean dryRun;

  @Mixin private TopicSourceOptions log = new TopicSourceOptions();

  @Override
  public Integer call() {
    DeadLetterFilter filter = which.filter();
    if (ids.isEmpty() == filter.isAll()) {
      throw new IllegalArgumentException(
          "ID: %s (expected: ids, or --run, --cause, --topic, --since or --until, not both)"
              .formatted(ids.isEmpty() ? "missing" : ids));
    }
    try (TopicSourceOptions.Opened opened = log.open()) {
      DeadLetterQueue box = new DeadLetterQueue(opened.place());
      List<StoredDeadLetter> letters =
          ids.isEmpty() ? box.list(filter) : ids.stream().map(box::get).toList();
      if (dryRun) {
        letters.forEach(
            letter ->
                output()
                    .println(
                        "%d  %s  %s"
                            .formatted(letter.id(), letter.letter().getCause(), letter.record())));
        return ExitCode.OK;
      }
      int refused = 0;
      for (Redriven one : box.redrive(letters, again, force)) {
        switch (one) {
          case Redriven.Sent(StoredDeadLetter letter, int partition, long offset) ->
              output()
                  .println(
                      "%d sent to %s-%d@%d"
                          .formatted(letter.id(), letter.letter().getTopic(), partition, offset));
          case Redriven.Refused(StoredDeadLetter letter, String reason) -> {
            refused++;
            output().println("%d refused: %s".formatted(letter.id(), reason));
          }
        }
      }
      output().println("%d re-driven, %d refused".formatted(letters.size() - refused, refused));
      return refused == 0 ? ExitCode.OK : ExitCode.FAILED;
    }
  }
}
