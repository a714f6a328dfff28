package io.urteil.cli.service;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.ReportOption;
import io.urteil.local.train.RunDirectory;
import io.urteil.local.train.TrainingReportText;
import io.urteil.local.train.TrainingSession;
import io.urteil.local.view.RunView;
import io.urteil.run.RunFile;
import io.urteil.service.StopSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Trains a run in this process for a command, with a live view, and prints the result. */
final class LocalTraining {

  private final RunDirectory home;
  private final TrainingSession session;
  private final String resumeCommand;

  /**
   * @param resumeCommand the command that resumes the run after a stop
   * @throws IllegalArgumentException if the run does not train
   */
  LocalTraining(RunDirectory home, RunFile run, String resumeCommand) {
    this.home = home;
    this.session = new TrainingSession(home.path(), run);
    this.resumeCommand = resumeCommand;
  }

  /**
   * Blocks until the run is done or stopped.
   *
   * @param next commands to try next, for the checkpoint folder of the last version
   * @return the exit code
   */
  int train(
      ReportOption report, boolean verbose, PrintWriter out, Function<Path, List<String>> next)
      throws IOException {
    LogOutput.toFileOnly(home.path().resolve("urteil.log"), verbose);
    out.println("starting broker and components; data in " + home.path());
    try (StopSignal signal = new StopSignal(() -> out.println("stopping…"))) {
      Optional<TrainingSession.Result> result;
      try (RunView view = RunView.onStandardOutput()) {
        result = session.run(view::printLine, view::show, signal::isGiven);
      }
      if (result.isEmpty()) {
        out.println("stopped; to resume: " + resumeCommand);
        return signal.exitCode();
      }
      Path checkpoint = folder(result.get().report().checkpoint());
      TrainingReportText.print(result.get(), next.apply(checkpoint), out);
      report.write(result.get().report());
      return ExitCode.OK;
    }
  }

  private static Path folder(String uri) {
    return uri.startsWith("file:") ? Path.of(URI.create(uri)) : Path.of(uri);
  }
}
