package io.urteil.cli.audit;

import io.urteil.audit.RecordedRun;
import io.urteil.audit.replay.Replay;
import io.urteil.audit.replay.ReplayReport;
import io.urteil.audit.replay.ReplayReport.BatchReplay;
import io.urteil.audit.replay.ReplayReport.Change;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.TopicSourceOptions;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil replay}. */
@Command(
    name = "replay",
    description = {
      "Makes batches of a past run again from its log: the same groups and close reasons, rewards"
          + " and advantages computed anew. All bytes but createdAt must be the same.",
      "With --run-file: what the batches would have been under another reward rule or advantage,"
          + " from the same judgements. Writes nothing to the log.",
      "Exit status 0: the same, or another run file. 4: a batch differs, and where."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil replay my-run --batch 12",
      "  urteil replay --data-dir .urteil/demo/demo-001 --run-file rloo.yaml --report rloo.json"
    })
public final class ReplayCommand extends UrteilSubcommand {

  private static final int CHANGES_SHOWN = 20;

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      description = "Id of the run (default: the only one on the log).")
  private @Nullable String run;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Only the batch with this number (default: all).")
  private @Nullable Long batch;

  @Option(
      names = "--run-file",
      paramLabel = "FILE",
      description = "Run file whose rule and advantage are taken instead.")
  private @Nullable Path runFile;

  @Option(names = "--json", description = "Print the report as one JSON object.")
  private boolean json;

  @Mixin private TopicSourceOptions log = new TopicSourceOptions();

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    RunFile other =
        runFile == null ? null : RunFileReader.read(runFile.toString(), Files.readString(runFile));
    try (TopicSourceOptions.Opened opened = log.open()) {
      RecordedRun recorded =
          RecordedRun.read(opened.place(), TopicSourceOptions.runOf(opened.place(), run));
      ReplayReport replayed = Replay.of(recorded, batch, other);
      report.write(replayed);
      if (json) {
        output().println(ReportOption.json(replayed));
      } else {
        print(replayed, other != null);
      }
      boolean refuted =
          other == null && replayed.batches().identical() < replayed.batches().batches();
      return refuted ? ExitCode.REFUTED : ExitCode.OK;
    }
  }

  private void print(ReplayReport replayed, boolean underAnother) {
    say("run %s, run file %s", replayed.run(), replayed.runHash());
    if (underAnother) {
      say("under run file %s", replayed.otherHash());
    }
    for (BatchReplay one : replayed.replays()) {
      say(
          "batch %-24s %4d groups, closed by %s: %s",
          one.batchId(),
          one.groups().size(),
          one.closeReason(),
          one.identical()
              ? "the same bytes"
              : underAnother && !one.changes().isEmpty()
                  ? one.changes().size() + " changed"
                  : one.difference());
      one.dropped().forEach(dropped -> say("  would have been dropped: %s", dropped));
    }
    if (underAnother) {
      changes(replayed);
    }
    say(
        "%d batches, %d with the same bytes, %d not replayed",
        replayed.batches().batches(),
        replayed.batches().identical(),
        replayed.batches().notReplayed());
  }

  private void changes(ReplayReport replayed) {
    List<Change> changes =
        replayed.replays().stream().flatMap(one -> one.changes().stream()).toList();
    if (!changes.isEmpty()) {
      say("");
      say(
          "%-32s %-10s %10s %10s %10s %10s",
          "group", "member", "reward", "other", "advantage", "other");
    }
    for (Change change : changes.stream().limit(CHANGES_SHOWN).toList()) {
      say(
          "%-32s %-10s %10s %10s %10s %10s",
          change.groupId(),
          change.member(),
          number(change.reward()),
          number(change.otherReward()),
          number(change.advantage()),
          number(change.otherAdvantage()));
    }
    if (changes.size() > CHANGES_SHOWN) {
      say("… and %d more; --json has all of them", changes.size() - CHANGES_SHOWN);
    }
    say("");
    say(
        "%d members: %d rewards changed (mean %.4f), %d advantages (mean %.4f), %d signs;"
            + " %d gone, %d new",
        replayed.members().members(),
        replayed.members().rewardsChanged(),
        replayed.members().meanAbsoluteRewardChange(),
        replayed.members().advantagesChanged(),
        replayed.members().meanAbsoluteAdvantageChange(),
        replayed.members().signsChanged(),
        replayed.members().unpriced(),
        replayed.members().added());
  }

  private static String number(@Nullable Double value) {
    return value == null ? "none" : String.format(Locale.ROOT, "%.4f", value);
  }

  private void say(String format, @Nullable Object... values) {
    output().println(String.format(Locale.ROOT, format, values));
  }
}
