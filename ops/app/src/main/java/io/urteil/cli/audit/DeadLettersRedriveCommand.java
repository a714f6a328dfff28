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
      "Publishes the records of dead letters to their topics again, byte for byte, and marks the"
          + " dead letters as redriven.",
      "Rejects records that were redriven before (--include-redriven), records that would be"
          + " rejected again or arrive too late (--force), and records of topics whose consumers"
          + " depend on their order.",
      "Exit status 1 if a record was rejected."
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
      description =
          "Ids of dead letters, as printed by 'list' (default: those that the options select).")
  private List<Long> ids = List.of();

  @Mixin private DeadLetterFilterOptions which = new DeadLetterFilterOptions();

  @Option(
      names = "--include-redriven",
      description = "Also redrive records that were redriven before.")
  private boolean again;

  @Option(names = "--force", description = "Also redrive records that will have no effect.")
  private boolean force;

  @Option(names = "--dry-run", description = "Only list the selected dead letters.")
  private boolean dryRun;

  @Mixin private TopicSourceOptions source = new TopicSourceOptions();

  @Override
  public Integer call() {
    DeadLetterFilter filter = which.filter();
    if (ids.isEmpty() == filter.isAll()) {
      throw new IllegalArgumentException(
          "ID: %s (expected: either ids, or --run, --cause, --topic, --since or --until)"
              .formatted(ids.isEmpty() ? "missing" : ids));
    }
    try (TopicSourceOptions.OpenTopics topics = source.open()) {
      DeadLetterQueue queue = new DeadLetterQueue(topics.namespace());
      List<StoredDeadLetter> deadLetters =
          ids.isEmpty() ? queue.list(filter) : ids.stream().map(queue::get).toList();
      if (dryRun) {
        deadLetters.forEach(
            stored ->
                output()
                    .println(
                        "%d  %s  %s"
                            .formatted(stored.id(), stored.letter().getCause(), stored.record())));
        return ExitCode.OK;
      }
      int rejected = 0;
      for (Redriven one : queue.redrive(deadLetters, again, force)) {
        switch (one) {
          case Redriven.Sent(StoredDeadLetter stored, int partition, long offset) ->
              output()
                  .println(
                      "%d sent to %s-%d@%d"
                          .formatted(stored.id(), stored.letter().getTopic(), partition, offset));
          case Redriven.Refused(StoredDeadLetter stored, String reason) -> {
            rejected++;
            output().println("%d rejected: %s".formatted(stored.id(), reason));
          }
        }
      }
      output()
          .println("%d redriven, %d rejected".formatted(deadLetters.size() - rejected, rejected));
      return rejected == 0 ? ExitCode.OK : ExitCode.FAILED;
    }
  }
}
