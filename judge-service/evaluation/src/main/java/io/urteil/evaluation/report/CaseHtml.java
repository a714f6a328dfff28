package io.urteil.evaluation.report;

import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.evaluation.report.EvaluationCase.JudgedCase;
import io.urteil.evaluation.report.EvaluationCase.Response;
import io.urteil.event.JudgementStatus;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The cases of a page: question, candidates, and the verdicts and texts of the judges side by side.
 * Long texts are cut off, and of many cases those that all judges have right are left out first;
 * the page states both.
 */
final class CaseHtml {

  /** Most cases of a page. */
  static final int MAX_CASES = 1_000;

  /** Most characters of a text. */
  static final int MAX_TEXT = 6_000;

  /** Most texts of one judge on one case. */
  static final int MAX_RESPONSES = 12;

  /** Characters of a page after which no further case starts. */
  static final int MAX_PAGE = 32_000_000;

  private static final String RIGHT = "right";
  private static final String WRONG = "wrong";

  private final HtmlWriter html;
  private final List<String> judges;

  CaseHtml(HtmlWriter html, List<String> judges) {
    this.html = html;
    this.judges = List.copyOf(judges);
  }

  void write(List<EvaluationCase> cases) {
    html.element("h2", "Cases");
    filter();
    int written = 0;
    for (int number : chosen(cases)) {
      if (html.length() < MAX_PAGE) {
        write(cases.get(number));
        written++;
      }
    }
    html.element(
        "p",
        written == cases.size()
            ? "All %,d cases.".formatted(written)
            : "%,d of %,d cases: %,d are left out, first those that every judge has right. The items file has all verdicts."
                .formatted(written, cases.size(), cases.size() - written));
  }

  /** The numbers of the cases to write, in their order. */
  private static List<Integer> chosen(List<EvaluationCase> cases) {
    List<Integer> remarkableFirst =
        IntStream.range(0, cases.size())
            .boxed()
            .sorted(Comparator.comparing(number -> !cases.get(number).isRemarkable()))
            .toList();
    return remarkableFirst.stream().limit(MAX_CASES).sorted().toList();
  }

  private void filter() {
    html.start("div", "class", "filter");
    html.start("label").text("judge ").start("select", "id", "judge");
    html.element("option", judges.size() > 1 ? "any" : "the judge", "value", "");
    for (int i = 0; i < judges.size(); i++) {
      if (judges.size() > 1) {
        html.element("option", judges.get(i), "value", String.valueOf(i));
      }
    }
    html.end().end().start("label").text("cases ").start("select", "id", "kind");
    html.element("option", "all", "value", "");
    html.element("option", "right", "value", RIGHT);
    html.element("option", "wrong or partly wrong", "value", WRONG);
    html.element("option", "flipped", "value", "flipped");
    html.element("option", "unparseable", "value", "unparseable");
    html.element("option", "abstained or failed", "value", "none");
    if (judges.size() > 1) {
      html.element("option", "judges differ", "value", "differ");
    }
    html.end().end().start("label").text("text ");
    html.empty("input", "id", "words", "type", "search").end();
    html.element("span", "", "id", "shown").end();
  }

  private void write(EvaluationCase one) {
    Comparison comparison = one.comparison();
    List<String> attributes = new ArrayList<>(List.of("data-all", all(one)));
    for (int i = 0; i < one.judges().size(); i++) {
      SequencedSet<String> kinds = kinds(one.judges().get(i));
      if (one.isDisputed()) {
        kinds.add("differ");
      }
      attributes.addAll(List.of("data-judge" + i, String.join(" ", kinds)));
    }
    html.start("article", attributes.toArray(String[]::new)).start("details").start("summary");
    html.text(cut(comparison.id(), 200));
    if (!comparison.source().isEmpty()) {
      html.element("span", cut(comparison.source(), 200));
    }
    html.element("span", "gold " + gold(comparison));
    for (JudgedCase judged : one.judges()) {
      String name = one.judges().size() > 1 ? cut(judged.judge(), 60) + ": " : "";
      html.element("span", name + summary(judged), "class", credit(judged));
    }
    html.end();
    html.element("h3", "Question").element("pre", cut(comparison.question(), MAX_TEXT));
    html.start("div", "class", "row");
    for (int i = 0; i < comparison.candidates().size(); i++) {
      boolean right = comparison.right().get(i);
      html.start("section", "class", right ? "box gold" : "box");
      html.element(
          "h3", "Answer " + CandidateOrder.label(i) + (right ? ", " + better(comparison) : ""));
      html.element("pre", cut(comparison.candidates().get(i).text(), MAX_TEXT)).end();
    }
    html.end().start("div", "class", "row");
    one.judges().forEach(this::write);
    html.end().end().end();
  }

  private void write(JudgedCase judged) {
    html.start("section", "class", "box");
    html.element("h3", judged.judge() + ": " + summary(judged), "class", credit(judged));
    html.start("p");
    html.text(
        judged.outcome().readings().entrySet().stream()
            .map(reading -> "order %s: %s".formatted(reading.getKey(), verdict(reading.getValue())))
            .collect(Collectors.joining("; ")));
    if (!judged.outcome().readings().equals(judged.outcome().rulings())) {
      html.text("; verdict: " + verdict(judged.outcome().rulings().firstEntry().getValue()));
    }
    html.end();
    int shown = Math.min(MAX_RESPONSES, judged.responses().size());
    for (Response response : judged.responses().subList(0, shown)) {
      html.element("h4", response.about()).element("pre", cut(response.text(), MAX_TEXT));
    }
    if (shown < judged.responses().size()) {
      html.element("p", "%,d further texts".formatted(judged.responses().size() - shown));
    }
    html.end();
  }

  private static String all(EvaluationCase one) {
    SequencedSet<String> kinds = new LinkedHashSet<>();
    one.judges().forEach(judged -> kinds.addAll(kinds(judged)));
    if (one.isDisputed()) {
      kinds.add("differ");
    }
    return String.join(" ", kinds);
  }

  private static SequencedSet<String> kinds(JudgedCase judged) {
    SequencedSet<String> kinds = new LinkedHashSet<>();
    kinds.add(judged.isRight() ? RIGHT : WRONG);
    if (judged.outcome().isFlipped()) {
      kinds.add("flipped");
    }
    if (judged.isUnparseable()) {
      kinds.add("unparseable");
    }
    if (judged.isWithoutVerdict()) {
      kinds.add("none");
    }
    return kinds;
  }

  private static String credit(JudgedCase judged) {
    return judged.isRight() ? RIGHT : judged.isWrong() ? WRONG : "partly";
  }

  private static String summary(JudgedCase judged) {
    String verdicts =
        judged.outcome().rulings().values().stream()
            .map(CaseHtml::verdict)
            .distinct()
            .collect(Collectors.joining(" / "));
    String credit =
        judged.isRight() || judged.isWrong()
            ? credit(judged)
            : String.format(Locale.ROOT, "credit %.2f", judged.credit());
    return verdicts + ", " + credit + (judged.outcome().isFlipped() ? ", flipped" : "");
  }

  private static String verdict(ComparisonVerdict verdict) {
    if (verdict.status() != JudgementStatus.SCORED) {
      return verdict.status().name().toLowerCase(Locale.ROOT);
    }
    List<Integer> top = verdict.top();
    return top.size() == verdict.scores().size() ? "tie" : labels(top);
  }

  private static String gold(Comparison comparison) {
    if (comparison.gold() instanceof Comparison.Gold.Better(Preference preference)) {
      return preference == Preference.TIE ? "tie" : preference.spelling();
    }
    List<Integer> right = new ArrayList<>();
    for (int i = 0; i < comparison.right().size(); i++) {
      if (comparison.right().get(i)) {
        right.add(i);
      }
    }
    return right.isEmpty() ? "none" : labels(right);
  }

  private static String better(Comparison comparison) {
    return comparison.gold() instanceof Comparison.Gold.Better ? "the better one" : "right";
  }

  private static String labels(List<Integer> candidates) {
    return candidates.stream().map(CandidateOrder::label).collect(Collectors.joining(", "));
  }

  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "… (%,d further characters)".formatted(text.length() - end);
  }
}
