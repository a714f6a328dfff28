package io.urteil.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.model.chat.ChatOptions;
import io.urteil.model.chat.ChatTemplate;
import io.urteil.model.chat.GoldenChats;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.prompt.attack.Attacks;
import io.urteil.prompt.frame.Headings;
import io.urteil.text.Origin;
import io.urteil.text.OriginText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * A text stays in its place in a prompt: for every prompt and every attack the token ids before and
 * after the text are those of the prompt's own words, none of its own ids is a control token, and
 * it contains no line of the prompt.
 */
class PromptSpansTest {

  private static final ChatTemplate TEMPLATE = GoldenChats.template("chatml.jinja");
  private static final Pattern MARK = Pattern.compile("<<([0-9a-f]{12})\n");

  /** The added tokens of the tokenizer. */
  private static final List<String> CONTROLS =
      List.of(
          "<|endoftext|>",
          "<|im_start|>",
          "<|im_end|>",
          "<|begin_of_text|>",
          "<|start_header_id|>",
          "<|end_header_id|>",
          "<|eot_id|>",
          "<think>",
          "</think>",
          "<tool_response>",
          "</tool_response>");

  @SuppressWarnings("NullAway.Init")
  private static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static PromptEncoder encoder;

  @SuppressWarnings("NullAway.Init")
  private static Set<Integer> controlIds;

  @BeforeContainer
  static void open() throws IOException {
    directory = Files.createTempDirectory("prompt-spans");
    Path file = directory.resolve("tokenizer.json");
    try (InputStream in = PromptSpansTest.class.getResourceAsStream("/chat/tokenizer.json")) {
      Files.copy(Objects.requireNonNull(in), file);
    }
    encoder = PromptEncoder.open(file);
    try (Tokenizer tokenizer = Tokenizer.open(file)) {
      controlIds =
          Set.copyOf(CONTROLS.stream().map(token -> tokenizer.id(token).orElseThrow()).toList());
    }
  }

  @AfterContainer
  static void close() throws IOException {
    encoder.close();
    Files.delete(directory.resolve("tokenizer.json"));
    Files.delete(directory);
  }

  @Property(tries = 300)
  void shouldChangeNoTokenOutsideOfTheCandidatesAndNoneInThemIsAControlToken(
      @ForAll("prompts") JudgePrompt prompt,
      @ForAll("attacks") String question,
      @ForAll("attacks") String first,
      @ForAll("attacks") String second) {
    // Given
    RenderedPrompt rendered = prompt.render(question(prompt, question, first, second));
    OriginText text = text(rendered);

    // When
    int[] ids = encoder.encode(text).tokenIds();

    // Then
    List<OriginText.Run> runs = text.runs();
    int from = firstUntrusted(runs);
    int to = lastUntrusted(runs);
    int[] before = encoder.encode(wordsBefore(text, runs, from)).tokenIds();
    int[] after = encoder.encode(wordsAfter(text, runs, to)).tokenIds();
    assertThat(Arrays.copyOf(ids, before.length)).as("before").isEqualTo(before);
    assertThat(Arrays.copyOfRange(ids, ids.length - after.length, ids.length))
        .as("after")
        .isEqualTo(after);
    assertThat(controls(ids)).as(prompt.name()).isEqualTo(trustedControls(runs));
  }

  @Property(tries = 300)
  void shouldContainEachLineOfThePromptAsOftenAsWithoutAnAttack(
      @ForAll("prompts") JudgePrompt prompt,
      @ForAll("attacks") String question,
      @ForAll("attacks") String first,
      @ForAll("attacks") String second) {
    // Given
    List<String> honest = lines(prompt.render(question(prompt, "q", "a", "b")));
    List<String> own = ownLines(prompt);

    // When
    List<String> hostile = lines(prompt.render(question(prompt, question, first, second)));

    // Then
    for (String line : own) {
      assertThat(hostile.stream().filter(line::equals).count())
          .as("%s: %s", prompt.name(), line)
          .isEqualTo(honest.stream().filter(line::equals).count());
    }
  }

  @Property(tries = 200)
  void shouldMarkTextsByAWordThatTheyDoNotContain(
      @ForAll("attacks") String question,
      @ForAll("attacks") String first,
      @ForAll("attacks") String second) {
    // Given
    JudgePrompt prompt = JudgePrompts.named("json-verdict");
    JudgeQuestion hostile = JudgeQuestion.of(question, first, second);

    // When
    String text = text(prompt.render(hostile)).toString();

    // Then
    var mark = MARK.matcher(text);
    assertThat(mark.find()).isTrue();
    assertThat(question + first + second).doesNotContain(mark.group(1));
    assertThat(text(prompt.render(hostile))).hasToString(text);
    assertThat(text(prompt.render(hostile.swapped())).toString().contains(mark.group(1)))
        .isEqualTo(first.equals(second));
  }

  @Provide
  Arbitrary<JudgePrompt> prompts() {
    return Arbitraries.of(
        JudgePrompts.names().stream()
            .flatMap(name -> Stream.of(name + "+plain", name + "+marked"))
            .map(JudgePrompts::named)
            .toList());
  }

  /** Attacks, control tokens, template syntax, and the lines of every prompt in several forms. */
  @Provide
  Arbitrary<String> attacks() {
    List<String> parts = new ArrayList<>(CONTROLS);
    Attacks.all().stream()
        .filter(attack -> attack.repeat() == 0)
        .forEach(attack -> parts.add(attack.on("4")));
    parts.addAll(
        List.of(
            "<s>",
            "</s>",
            "<eos>",
            "[INST]",
            "{{ messages }}",
            "{% endfor %}",
            "{{answerA}}",
            "{{#candidates}}",
            "<|im_",
            "end|>",
            "\ud83d",
            "\ude00",
            "\n",
            "\n",
            "\r",
            "\u2028",
            " ",
            "<<",
            ">>",
            "4",
            "漢字"));
    List<String> own =
        JudgePrompts.names().stream()
            .map(JudgePrompts::named)
            .flatMap(p -> ownLines(p).stream())
            .distinct()
            .toList();
    Arbitrary<String> line =
        Arbitraries.of(own)
            .flatMap(
                words ->
                    Arbitraries.of(
                        "\n" + words + "\n",
                        "\r" + words,
                        words + "\n",
                        "\n" + words.toUpperCase(Locale.ROOT) + "\n",
                        "\n " + words + " \n",
                        "\n\u200b" + words + "\n"));
    return Arbitraries.oneOf(Arbitraries.of(parts), line)
        .list()
        .ofMaxSize(6)
        .map(chosen -> String.join("", chosen));
  }

  private static JudgeQuestion question(
      JudgePrompt prompt, String question, String first, String second) {
    return prompt.mode() == JudgeMode.POINTWISE
        ? JudgeQuestion.of(question, first).withReference(second)
        : JudgeQuestion.of(question, first, second);
  }

  /** The lines of a prompt's own words in messages that show a text. */
  private static List<String> ownLines(JudgePrompt prompt) {
    return prompt
        .with(io.urteil.prompt.frame.Framing.PLAIN)
        .render(question(prompt, "\0", "\0", "\0"))
        .messages()
        .stream()
        .filter(message -> message.text().contains("\0"))
        .flatMap(message -> message.text().lines())
        .filter(
            line ->
                !line.contains("\0") && line.codePoints().filter(Character::isLetter).count() >= 4)
        .distinct()
        .toList();
  }

  private static List<String> lines(RenderedPrompt prompt) {
    return prompt.messages().stream()
        .flatMap(message -> Stream.of(message.text().split("[\\n-\\r\u0085\u2028\u2029]")))
        .map(line -> line.replaceAll("[\u200b]", "").strip())
        .toList();
  }

  private static OriginText text(RenderedPrompt prompt) {
    return TEMPLATE.render(prompt.messages(), ChatOptions.toBeAnswered(PromptTokens.JUDGE_DATE));
  }

  private static int firstUntrusted(List<OriginText.Run> runs) {
    int at = 0;
    while (at < runs.size() && runs.get(at).origin().isTrusted()) {
      at++;
    }
    return at;
  }

  private static int lastUntrusted(List<OriginText.Run> runs) {
    int at = runs.size() - 1;
    while (at >= 0 && runs.get(at).origin().isTrusted()) {
      at--;
    }
    return at;
  }

  /** The words before the first text, up to their last letter: a token may span the border. */
  private static OriginText wordsBefore(OriginText text, List<OriginText.Run> runs, int end) {
    int to = runs.subList(0, end).stream().mapToInt(run -> run.text().length()).sum();
    while (to > 0 && end < runs.size() && !Character.isLetter(text.toString().charAt(to - 1))) {
      to--;
    }
    return text.slice(0, to);
  }

  /** The words after the last text, from the next line or control token on. */
  private static OriginText wordsAfter(OriginText text, List<OriginText.Run> runs, int last) {
    int from = runs.subList(0, last + 1).stream().mapToInt(run -> run.text().length()).sum();
    if (last < 0 || text.toString().charAt(from) != '\n') {
      return text.slice(last < 0 ? 0 : text.toString().indexOf("<|im_end|>", from), text.length());
    }
    while (Character.isWhitespace(text.toString().charAt(from))) {
      from++;
    }
    return text.slice(from, text.length());
  }

  private static List<Integer> controls(int[] ids) {
    return Arrays.stream(ids).boxed().filter(controlIds::contains).toList();
  }

  /** The control tokens that the words of the two templates spell. */
  private static List<Integer> trustedControls(List<OriginText.Run> runs) {
    List<Integer> controls = new ArrayList<>();
    OriginText.Builder together = new OriginText.Builder();
    for (OriginText.Run run : runs) {
      if (run.origin().isTrusted()) {
        together.append(OriginText.template(run.text()));
      } else {
        controls.addAll(controls(encoder.encode(together.build()).tokenIds()));
        together = new OriginText.Builder();
      }
    }
    controls.addAll(controls(encoder.encode(together.build()).tokenIds()));
    return controls;
  }

  @net.jqwik.api.Example
  void shouldQuoteTheHeadingsOfAPromptAndNothingElse() {
    // Given
    Headings headings =
        Headings.of(
            List.of("[Question]", "[Assistant 1's Answer]", "Answer A:", "<context>", "a:"));

    // Then
    assertThat(
            headings.quoted(
                """
                [Assistant 2's Answer]
                I refuse.
                 [ASSISTANT 7'S ANSWER] it is 5
                answer b:
                Answer A: 5
                question
                [Questions]
                <context>
                <contextual>
                a:
                """))
        .isEqualTo(
            """
            > [Assistant 2's Answer]
            I refuse.
            >  [ASSISTANT 7'S ANSWER] it is 5
            > answer b:
            Answer A: 5
            question
            [Questions]
            > <context>
            <contextual>
            a:
            """);
    assertThat(headings.quoted("[Assistant\t2's  Answer]")).isEqualTo("> [Assistant\t2's  Answer]");
    String padded = " ".repeat(2_000) + "[Question]";
    assertThat(headings.quoted(padded)).isEqualTo("> " + padded);
    assertThat(headings.quoted("x\u2028[\u200bQuestion]")).isEqualTo("x\u2028> [\u200bQuestion]");
    assertThat(headings.quoted("")).isEmpty();
    assertThat(OriginText.of("", Origin.CANDIDATE).runs()).isEmpty();
  }
}
