package io.urteil.prompt;

import io.urteil.prompt.frame.Headings;
import io.urteil.text.Origin;
import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The template of one message, with the placeholders {@code {{question}}}, {@code {{answer}}} (of a
 * single candidate), {@code {{answerA}}}, {@code {{answerB}}}, {@code {{reference}}} and {@code
 * {{principle}}}. {@code {{#reference}}…{{/reference}}} is included only with a reference, {@code
 * {{^reference}}…{{/reference}}} only without one; likewise for the principle. {@code
 * {{#candidates}}…{{/candidates}}} is repeated for each candidate, with {@code {{number}}} from 1
 * and {@code {{answer}}}. Values are inserted in one pass and never parsed as a template. A line of
 * a value that repeats a line of the prompt is quoted ({@link Headings}).
 */
final class PromptTemplate {

  private static final Pattern TAG = Pattern.compile("\\{\\{([#^/]?)([A-Za-z]+)}}");

  /** A section tag alone on a line; the line is removed. */
  private static final Pattern OWN_LINE =
      Pattern.compile("(?m)^[ \\t]*(\\{\\{[#^/][A-Za-z]+}})[ \\t]*\\n");

  private static final Set<String> FIELDS =
      Set.of("question", "answer", "answerA", "answerB", "number", "reference", "principle");
  private static final Set<String> SHOWN =
      Set.of("question", "answer", "answerA", "answerB", "reference");

  /** Stands for a placeholder among the words of the template. */
  private static final char PLACE = '\0';

  private static final Set<String> SECTIONS = Set.of("reference", "principle", "candidates");

  private final List<Node> nodes;

  private sealed interface Node {
    record Literal(String text) implements Node {}

    record Field(String name) implements Node {}

    record Section(String name, boolean inverted, List<Node> nodes) implements Node {}
  }

  private PromptTemplate(List<Node> nodes) {
    this.nodes = nodes;
  }

  /**
   * Parses a template.
   *
   * @throws IllegalArgumentException for an unknown placeholder or an unknown or unclosed section
   */
  static PromptTemplate parse(String text) {
    String flat = OWN_LINE.matcher(text).replaceAll("$1");
    Matcher tags = TAG.matcher(flat);
    int[] position = {0};
    return new PromptTemplate(nodes(flat, tags, position, null));
  }

  private static List<Node> nodes(
      String text, Matcher tags, int[] position, @Nullable String section) {
    List<Node> nodes = new ArrayList<>();
    while (tags.find()) {
      addLiteral(nodes, text.substring(position[0], tags.start()));
      position[0] = tags.end();
      String name = tags.group(2);
      switch (tags.group(1)) {
        case "/" -> {
          if (!name.equals(section)) {
            throw new IllegalArgumentException(
                "%s (expected: the end of %s)"
                    .formatted(tags.group(), section == null ? "nothing" : section));
          }
          return nodes;
        }
        case "" -> {
          requireKnown(FIELDS, name, tags.group());
          nodes.add(new Node.Field(name));
        }
        default -> {
          requireKnown(SECTIONS, name, tags.group());
          boolean inverted = tags.group(1).equals("^");
          nodes.add(new Node.Section(name, inverted, nodes(text, tags, position, name)));
        }
      }
    }
    if (section != null) {
      throw new IllegalArgumentException(
          "{{#%s}} (expected: {{/%s}} after it)".formatted(section, section));
    }
    addLiteral(nodes, text.substring(position[0]));
    return nodes;
  }

  private static void addLiteral(List<Node> nodes, String text) {
    if (!text.isEmpty()) {
      nodes.add(new Node.Literal(text));
    }
  }

  private static void requireKnown(Set<String> known, String name, String tag) {
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          "%s (expected: one of %s)"
              .formatted(tag, String.join(", ", known.stream().sorted().toList())));
    }
  }

  /** Whether the template contains this placeholder or section. */
  boolean uses(String name) {
    return uses(nodes, name);
  }

  private static boolean uses(List<Node> nodes, String name) {
    return nodes.stream()
        .anyMatch(
            node ->
                switch (node) {
                  case Node.Literal literal -> false;
                  case Node.Field field -> field.name().equals(name);
                  case Node.Section section ->
                      section.name().equals(name) || uses(section.nodes(), name);
                });
  }

  /** The lines without a placeholder of a template that shows a question or an answer. */
  List<String> headings() {
    if (SHOWN.stream().noneMatch(this::uses)) {
      return List.of();
    }
    return Stream.of(Set.of(), Set.of("reference"), Set.of("principle"), SECTIONS)
        .map(
            present -> {
              StringBuilder all = new StringBuilder();
              literals(nodes, present, all);
              return all.toString();
            })
        .flatMap(String::lines)
        .filter(line -> line.indexOf(PLACE) < 0)
        .distinct()
        .toList();
  }

  /** The words of the template with these sections. */
  private static void literals(List<Node> nodes, Set<?> present, StringBuilder all) {
    for (Node node : nodes) {
      switch (node) {
        case Node.Literal(String text) -> all.append(text);
        case Node.Field(String name) -> all.append(name.equals("number") ? '1' : PLACE);
        case Node.Section section -> {
          boolean included =
              section.name().equals("candidates") || present.contains(section.name());
          if (included != section.inverted()) {
            literals(section.nodes(), present, all);
          }
        }
      }
    }
  }

  /** Whether the template shows a question, an answer or a reference beside words of its own. */
  boolean framesTexts() {
    return nodes.size() > 1 && SHOWN.stream().anyMatch(this::uses);
  }

  /**
   * Fills the template with the values of this question.
   *
   * @param mark the lines around each text; empty for none
   */
  OriginText fill(JudgeQuestion question, Headings headings, String mark) {
    OriginText.Builder text = new OriginText.Builder();
    new Filling(question, headings, framesTexts() ? mark : "", text).fill(nodes, 0);
    return text.build();
  }

  /** One filling of the template. */
  private record Filling(
      JudgeQuestion question, Headings headings, String mark, OriginText.Builder text) {

    void fill(List<Node> nodes, int candidate) {
      for (Node node : nodes) {
        switch (node) {
          case Node.Literal(String literal) -> text.append(OriginText.template(literal));
          case Node.Field(String name) -> fill(name, candidate);
          case Node.Section section -> fill(section, candidate);
        }
      }
    }

    private void fill(Node.Section section, int candidate) {
      if (section.name().equals("candidates")) {
        for (int i = 0; i < question.candidates().size(); i++) {
          fill(section.nodes(), i);
        }
        return;
      }
      boolean present =
          section.name().equals("reference")
              ? question.reference() != null
              : question.principle() != null;
      if (present != section.inverted()) {
        fill(section.nodes(), candidate);
      }
    }

    private void fill(String field, int candidate) {
      switch (field) {
        case "question" -> show(Origin.QUESTION, question.question());
        case "reference" -> show(Origin.REFERENCE, question.reference());
        case "principle" -> add(Origin.PRINCIPLE, question.principle());
        case "number" -> add(Origin.TEMPLATE, Integer.toString(candidate + 1));
        case "answerB" -> show(Origin.CANDIDATE, question.candidates().get(1));
        case "answer" -> show(Origin.CANDIDATE, question.candidates().get(candidate));
        default -> show(Origin.CANDIDATE, question.candidates().getFirst());
      }
    }

    /** A text between its marks. */
    private void show(Origin origin, @Nullable String filling) {
      if (filling == null) {
        return;
      }
      if (mark.isEmpty()) {
        add(origin, filling);
        return;
      }
      String line = text.isAtLineStart() ? "" : "\n";
      text.append(OriginText.template(line + "<<" + mark + "\n"));
      add(origin, filling);
      text.append(OriginText.template("\n" + mark + ">>"));
    }

    private void add(Origin origin, @Nullable String filling) {
      if (filling != null) {
        String shown = origin.isTrusted() ? filling : headings.quoted(filling);
        text.append(OriginText.of(shown, origin));
      }
    }
  }
}
