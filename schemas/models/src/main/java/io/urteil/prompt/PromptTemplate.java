package io.urteil.prompt;

import io.urteil.prompt.SourcedText.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of one turn with places to fill: {@code {{question}}}, {@code {{answer}}} (of a single
 * candidate), {@code {{answerA}}}, {@code {{answerB}}}, {@code {{reference}}}, {@code
 * {{principle}}}. {@code {{#reference}}…{{/reference}}} stands only where there is a reference,
 * {@code {{^reference}}…{{/reference}}} only where there is none, and the same for the principle;
 * {@code {{#candidates}}…{{/candidates}}} is repeated for each candidate, with {@code {{number}}}
 * from 1 and {@code {{answer}}}. Filling is one pass: what is filled in is never read as a
 * template.
 */
final class PromptTemplate {

  private static final Pattern TAG = Pattern.compile("\\{\\{([#^/]?)([A-Za-z]+)}}");

  /** A section tag alone on its line takes its line with it. */
  private static final Pattern OWN_LINE =
      Pattern.compile("(?m)^[ \\t]*(\\{\\{[#^/][A-Za-z]+}})[ \\t]*\\n");

  private static final Set<String> FIELDS =
      Set.of("question", "answer", "answerA", "answerB", "number", "reference", "principle");
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
   * @throws IllegalArgumentException naming a place or section that is not known or not closed
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

  /** Whether this place or section stands anywhere in the template. */
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

  /** The template with this question filled in. */
  List<SourcedText> fill(JudgeQuestion question) {
    List<SourcedText> pieces = new ArrayList<>();
    fill(nodes, question, 0, pieces);
    return pieces;
  }

  private static void fill(
      List<Node> nodes, JudgeQuestion question, int candidate, List<SourcedText> pieces) {
    for (Node node : nodes) {
      switch (node) {
        case Node.Literal(String text) -> add(pieces, Source.TEMPLATE, text);
        case Node.Field(String name) -> fill(name, question, candidate, pieces);
        case Node.Section section -> fill(section, question, candidate, pieces);
      }
    }
  }

  private static void fill(
      Node.Section section, JudgeQuestion question, int candidate, List<SourcedText> pieces) {
    if (section.name().equals("candidates")) {
      for (int i = 0; i < question.candidates().size(); i++) {
        fill(section.nodes(), question, i, pieces);
      }
      return;
    }
    boolean present =
        section.name().equals("reference")
            ? question.reference() != null
            : question.principle() != null;
    if (present != section.inverted()) {
      fill(section.nodes(), question, candidate, pieces);
    }
  }

  private static void fill(
      String field, JudgeQuestion question, int candidate, List<SourcedText> pieces) {
    switch (field) {
      case "question" -> add(pieces, Source.QUESTION, question.question());
      case "reference" -> add(pieces, Source.REFERENCE, question.reference());
      case "principle" -> add(pieces, Source.PRINCIPLE, question.principle());
      case "number" -> add(pieces, Source.TEMPLATE, Integer.toString(candidate + 1));
      case "answerB" -> add(pieces, Source.CANDIDATE, question.candidates().get(1));
      case "answer" -> add(pieces, Source.CANDIDATE, question.candidates().get(candidate));
      default -> add(pieces, Source.CANDIDATE, question.candidates().getFirst());
    }
  }

  /** Adjacent wording of the template becomes one piece, so that it is tokenised as one text. */
  private static void add(List<SourcedText> pieces, Source source, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return;
    }
    if (source == Source.TEMPLATE && !pieces.isEmpty() && pieces.getLast().isTemplate()) {
      SourcedText last = pieces.removeLast();
      pieces.add(new SourcedText(Source.TEMPLATE, last.text() + text));
    } else {
      pieces.add(new SourcedText(source, text));
    }
  }
}
