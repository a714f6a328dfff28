package io.urteil.cli.option;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --report FILE} and {@code --json}: a report as JSON in a file and on standard output. */
public final class JsonReportOptions {

  @Option(names = "--json", description = "Print the report as one JSON object.")
  private boolean json;

  @Mixin private ReportOption report = new ReportOption();

  /** Whether standard output must contain one JSON object and nothing else. */
  public boolean isJson() {
    return json;
  }

  /** Writes the report to its file, and prints it as JSON or with {@code text}. */
  public void write(Object written, PrintWriter out, Consumer<PrintWriter> text)
      throws IOException {
    report.write(written);
    if (json) {
      out.println(ReportOption.json(written));
    } else {
      text.accept(out);
    }
  }
}
