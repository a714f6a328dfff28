package io.urteil.cli.audit;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.LogOptions;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.deadletter.LetterBox;
import io.urteil.deadletter.LetterBox.Redriven;
import io.urteil.deadletter.LetterFilter;
import io.urteil.deadletter.StoredLetter;
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

  @Mixin private LetterFilterOptions which = new LetterFilterOptions();

  @Option(names = "--again", description = "Also what was re-driven before.")
  private boolean again;

  @Option(names = "--force", description = "Also what will have no effect.")
  private boolean force;

  @Option(names = "--dry-run", description = "Only say which letters are meant.")
  private boolean dryRun;

  @Mixin private LogOptions log = new LogOptions();

  @Override
  public Integer call() {
    LetterFilter filter = which.filter();
    if (ids.isEmpty() == filter.isAll()) {
      throw new IllegalArgumentException(
          "ID: %s (expected: ids, or --run, --cause, --topic, --since or --until, not both)"
              .formatted(ids.isEmpty() ? "missing" : ids));
    }
    try (LogOptions.Opened opened = log.open()) {
      LetterBox box = new LetterBox(opened.place());
      List<StoredLetter> letters =
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
          case Redriven.Sent(StoredLetter letter, int partition, long offset) ->
              output()
                  .println(
                      "%d sent to %s-%d@%d"
                          .formatted(letter.id(), letter.letter().getTopic(), partition, offset));
          case Redriven.Refused(StoredLetter letter, String reason) -> {
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
