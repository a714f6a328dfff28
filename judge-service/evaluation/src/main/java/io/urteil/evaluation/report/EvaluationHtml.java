package io.urteil.evaluation.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renders a report with its cases as one HTML page, which fetches nothing and runs only its own
 * script: a Content-Security-Policy admits the hashes of style and script alone, and every text of
 * a benchmark or a judge is escaped. Pure.
 */
public final class EvaluationHtml {

  private static final Pattern NUMBER = Pattern.compile("[<+]?(-?\\d+(?:\\.\\d+)?)(?: to .*)?");

  private final HtmlWriter html = new HtmlWriter();
  private final EvaluationReport report;

  private EvaluationHtml(EvaluationReport report) {
    this.report = report;
  }

  /** The complete page. */
  public static String page(EvaluationReport report, List<EvaluationCase> cases) {
    return new EvaluationHtml(report).write(cases);
  }

  private String write(List<EvaluationCase> cases) {
    String style = resource("page.css");
    String script = resource("page.js");
    String title =
        report.subject().benchmark() + ", judged by " + String.join(", ", report.judges().keySet());
    html.raw("<!DOCTYPE html>\n").start("html", "lang", "en").start("head");
    html.empty("meta", "charset", "utf-8");
    html.empty(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'"
            .formatted(hash(style), hash(script)));
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "name", "referrer", "content", "no-referrer");
    html.element("title", title).start("style").raw(style).end().end();
    html.start("body").element("h1", title);
    for (String paragraph : EvaluationPage.explanation(report)) {
      if (!paragraph.isEmpty()) {
        html.element("p", paragraph);
      }
    }
    EvaluationPage.tables(report, true).forEach(this::table);
    plot(AccuracyPlot.accuracy(report));
    if (!report.paired().isEmpty()) {
      plot(AccuracyPlot.differences(report));
    }
    new CaseHtml(html, List.copyOf(report.judges().keySet())).write(cases);
    reproduction();
    return html.start("script").raw(script).end().end().end().document() + "\n";
  }

  private void plot(String svg) {
    // The declaration of the SVG file is no part of an HTML page.
    html.start("div", "class", "wide").raw(svg.substring(svg.indexOf("<svg"))).end();
  }

  private void table(MarkdownTable table) {
    html.start("div", "class", "wide").start("table").start("thead").start("tr");
    for (String name : table.rows().getFirst()) {
      html.start("th", "scope", "col").element("button", name, "type", "button").end();
    }
    html.end().end().start("tbody");
    for (List<String> row : table.rows().subList(1, table.rows().size())) {
      html.start("tr");
      row.forEach(cell -> html.element("td", cell, "data-v", sortKey(cell)));
      html.end();
    }
    html.end().end().end();
  }

  /** The number that a cell starts with; empty for a dash, which sorts last; else the text. */
  static String sortKey(String cell) {
    if (cell.equals("-")) {
      return "";
    }
    Matcher number = NUMBER.matcher(cell);
    return number.matches() ? number.group(1) : cell;
  }

  private void reproduction() {
    html.element("h2", "Reproduction");
    html.element("pre", "urteil " + String.join(" ", report.invocation().command()));
    html.element(
        "p",
        "Urteil %s, seed %d, %s, %s."
            .formatted(
                report.invocation().version(),
                report.seed(),
                report.invocation().machine(),
                report.createdAt()));
    html.start("ul");
    hashes("data", report.subject().data());
    hashes("input", report.inputs().inputs());
    html.element("li", "run file: sha256 " + report.inputs().runFileHash());
    html.end().element("pre", report.inputs().runFile().strip());
  }

  private void hashes(String what, Map<String, String> files) {
    files.forEach(
        (name, hash) -> html.element("li", "%s: %s, sha256 %s".formatted(what, name, hash)));
  }

  private static String resource(String name) {
    try (InputStream in = EvaluationHtml.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }

  /** The source expression of an inline style or script. */
  private static String hash(String content) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("no SHA-256", e);
    }
  }
}
