package io.urteil.cli;

import io.urteil.cli.audit.AuditCommand;
import io.urteil.cli.audit.DeadLettersCommand;
import io.urteil.cli.audit.ReplayCommand;
import io.urteil.cli.judging.CompareCommand;
import io.urteil.cli.judging.EvaluateCommand;
import io.urteil.cli.judging.JudgeCommand;
import io.urteil.cli.judging.ProbeCommand;
import io.urteil.cli.judging.RejudgeCommand;
import io.urteil.cli.judging.ScoreCommand;
import io.urteil.cli.judging.ShadowCommand;
import io.urteil.cli.models.ModelsCommand;
import io.urteil.cli.option.CommandPlugin;
import io.urteil.cli.option.ErrorMessages;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.UrteilVersion;
import io.urteil.cli.option.Verbosity;
import io.urteil.cli.service.BrokerCommand;
import io.urteil.cli.service.DemoCommand;
import io.urteil.cli.service.PairsCommand;
import io.urteil.cli.service.RunCommand;
import io.urteil.cli.service.SeedJudgeCommand;
import io.urteil.cli.service.ServeCommand;
import io.urteil.cli.service.TrainCommand;
import io.urteil.cli.service.UpCommand;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The top-level command {@code urteil}: its subcommands, the options that all of them share, and
 * exit codes.
 */
@Command(
    name = "urteil",
    description = {
      "A reward service on Kafka: judges score model outputs, a topology turns the scores into"
          + " batches, a trainer updates the policy while it samples.",
      "Benchmarks are a separate module, built at the first call of: ops/urteil bench --help"
    },
    subcommands = {
      DemoCommand.class,
      TrainCommand.class,
      ServeCommand.class,
      UpCommand.class,
      BrokerCommand.class,
      RunCommand.class,
      ModelsCommand.class,
      JudgeCommand.class,
      CompareCommand.class,
      ProbeCommand.class,
      ScoreCommand.class,
      EvaluateCommand.class,
      AuditCommand.class,
      ReplayCommand.class,
      RejudgeCommand.class,
      ShadowCommand.class,
      DeadLettersCommand.class,
      SeedJudgeCommand.class,
      PairsCommand.class,
      HelpCommand.class
    },
    versionProvider = UrteilVersion.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    usageHelpAutoWidth = true,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:failed; the message names the cause",
      "2:wrong usage, or an unusable file",
      "3:a missing prerequisite: a broker or hub that answers and accepts the client, a free port,"
          + " a JDK 25",
      "4:refuted: the topics contradict the claim that was audited",
      "130:stopped by Ctrl-C; completed work is in the topics (143: by SIGTERM)"
    })
public final class UrteilCommand implements Runnable, Verbosity {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error, and log to standard error from level INFO.")
  private boolean verbose;

  /** The command line with all subcommands and plug-ins, which writes to the given streams. */
  public static CommandLine line(PrintWriter output, PrintWriter errors) {
    UrteilCommand top = new UrteilCommand();
    ErrorMessages messages = new ErrorMessages(() -> top.verbose);
    CommandLine line = new CommandLine(top);
    for (CommandPlugin plugin : ServiceLoader.load(CommandPlugin.class)) {
      line.addSubcommand(plugin.command());
    }
    return line.setOut(output)
        .setErr(errors)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(messages)
        .setExecutionExceptionHandler(messages)
        .setExecutionStrategy(
            parsed -> {
              LogOutput.toConsole(top.verbose);
              return new CommandLine.RunLast().execute(parsed);
            });
  }

  public boolean isVerbose() {
    return verbose;
  }

  @Override
  public void run() {
    CommandLine line = Objects.requireNonNull(spec, "spec").commandLine();
    throw new ParameterException(line, "a command is missing");
  }
}
