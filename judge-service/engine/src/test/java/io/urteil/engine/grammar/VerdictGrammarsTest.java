package io.urteil.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.model.tokenizer.TokenTexts;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.VerdictFormat;
import io.urteil.prompt.sentence.Doubt;
import io.urteil.prompt.sentence.Lead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class VerdictGrammarsTest {

  private static final String FIELDS = "json reason=text winner=A|B score=1..10 sure=bool";
  private static final int MOST_TOKENS = 100_000;

  /** Tags, and outside of JSON what quotes the words behind it. */
  private static final Pattern MARKUP = Pattern.compile("[<>\"'`]");

  private static final Pattern TAG = Pattern.compile("<");

  /** A verdict that words may lead to, at the end. */
  private static final Pattern BARE_VERDICT =
      Pattern.compile("(?:\\[\\[[ABC]]]|\\\\boxed\\{Assistant [12]\\})\\z");

  /** The words before it are those before a verdict in LaTeX. */
  private static final Pattern LATEX_SPACE = Pattern.compile("~|\\\\[ ,;:]|\\\\quad ?");

  private static final Pattern NOTHING = Pattern.compile("(?!)");

  private final VerdictGrammars grammars = new VerdictGrammars(LetterVocabulary.VOCABULARY);

  @Property(tries = 300)
  void shouldShapeWhatItsFormatReads(@ForAll("formats") String name, @ForAll long seed) {
    // When: no tags but the close, and no quotations, since readers refuse what is quoted
    String text = walk(grammars.named(name), seed, name.matches("(json|ruler).*") ? TAG : MARKUP);
    String before = BARE_VERDICT.matcher(text).replaceFirst("");
    String words = name.startsWith("boxed") ? LATEX_SPACE.matcher(before).replaceAll(" ") : before;
    Assume.that(!Doubt.casts(text) && Lead.introduces(words));

    // Then
    assertThat(VerdictFormat.named(name).parse(text))
        .as("%s: %s", name, text)
        .isNotInstanceOf(ParsedVerdict.Unparseable.class);
  }

  @Property(tries = 100)
  void shouldShapeAnObjectWithTheFieldsItIsGiven(@ForAll long seed) throws Exception {
    // Given
    Grammar grammar = grammars.named(FIELDS);

    // When
    String text = walk(grammar, seed, NOTHING);

    // Then
    JsonNode object =
        new ObjectMapper()
            .readTree(text.substring(text.lastIndexOf("</think>") < 0 ? 0 : end(text)));
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    assertThat(names).containsExactly("reason", "winner", "score", "sure");
    assertThat(object.path("winner").asText()).isIn("A", "B");
    assertThat(object.path("score").asInt()).isBetween(1, 10);
    assertThat(object.path("sure").isBoolean()).isTrue();
  }

  private static int end(String text) {
    // A reason may spell the tag too; the object starts at the first brace behind the thought.
    return text.stripLeading().startsWith("<think>") ? text.indexOf("</think>") + 8 : 0;
  }

  @Property(tries = 200)
  void shouldLeaveHonestTextAloneWithinAThought(
      @ForAll("thinking") String name, @ForAll("prose") String prose, @ForAll long seed) {
    // Given
    Assume.that(!prose.contains("</think>") && !prose.isBlank());
    Grammar.Cursor cursor = grammars.named(name).start(LetterVocabulary.spell("judge:<think>\n"));

    for (int token : tokenise("x" + prose, new SplittableRandom(seed))) {
      // When
      AllowedTokens choice = cursor.choice();

      // Then
      assertThat(choice.allows(token)).as("token %d in %s", token, prose).isTrue();
      assertThat(choice.mayEnd()).isFalse();
      assertThat(choice.isForced()).isFalse();
      cursor.accept(token);
    }
  }

  @Property(tries = 20)
  void shouldBanOnlyAHastyOrALooseCloseWithinAThought(@ForAll("thinking") String name) {
    // Given
    Grammar.Cursor cursor = grammars.named(name).start(LetterVocabulary.spell("<think>"));

    // When
    List<Integer> hasty = banned(cursor.choice());
    cursor.accept(LetterVocabulary.id("a"));
    List<Integer> later = banned(cursor.choice());

    // Then
    assertThat(hasty)
        .contains(LetterVocabulary.id("</think>"), LetterVocabulary.id("</think>x"))
        .isSubsetOf(
            LetterVocabulary.id("</think>"),
            LetterVocabulary.id("</think>\n\n"),
            LetterVocabulary.id("</think>x"));
    assertThat(later).doesNotContain(LetterVocabulary.id("</think>")).hasSizeLessThanOrEqualTo(2);
  }

  @Example
  void shouldBanTheLastCharacterOfAHastyClose() {
    // Given
    Grammar.Cursor cursor = grammars.named("j1-verdict").start(LetterVocabulary.spell("<think>"));

    // When
    for (int token : LetterVocabulary.spell(" \n</think")) {
      assertThat(cursor.choice().allows(token)).isTrue();
      cursor.accept(token);
    }

    // Then
    assertThat(cursor.choice().allows(LetterVocabulary.id(">"))).isFalse();
    assertThat(cursor.choice().allows(LetterVocabulary.id("><"))).isFalse();
    assertThat(cursor.choice().allows(LetterVocabulary.id("="))).isTrue();
  }

  @Example
  void shouldListFewTokensBehindTheThoughtAndFlagThoseWithoutAChoice() {
    // Given
    Grammar.Cursor cursor = grammars.named("j1-verdict").start(LetterVocabulary.spell("<think>"));
    List<String> forced = new ArrayList<>();

    // When
    for (String text :
        List.of("h", "m", "</think", "><", "a", "n", "s", "w", "e", "r", ">", "[[", "A", "]]")) {
      AllowedTokens choice = cursor.choice();
      assertThat(choice.allows(LetterVocabulary.id(text))).as("%s at '%s'", choice, text).isTrue();
      if (choice.isForced()) {
        forced.add(text);
      }
      cursor.accept(LetterVocabulary.id(text));
    }

    // Then
    assertThat(cursor.choice().isListed()).isTrue();
    assertThat(cursor.choice().size()).isEqualTo(5);
    assertThat(forced).containsExactly("a", "n", "s", "w", "e", "r", ">", "]]");
  }

  @Example
  void shouldGoOnBehindAThoughtThatThePromptHasClosed() {
    // Given
    Grammar grammar = grammars.named("judgelrm-scores");

    // When
    Grammar.Cursor cursor = grammar.start(LetterVocabulary.spell("<think>\n\n</think>\n\n"));

    // Then
    assertThat(cursor.choice().isListed()).isTrue();
    assertThat(cursor.choice().allows(LetterVocabulary.id("<answer>"))).isTrue();
    assertThat(cursor.choice().allows(LetterVocabulary.id("a"))).isFalse();
  }

  @Example
  void shouldEndWhenTheVerdictIsThere() {
    // Given
    Grammar.Cursor cursor = grammars.named("bracketed").start(new int[] {LetterVocabulary.END});

    // When
    for (int token : LetterVocabulary.spell("[[1, 2], [[3]]] so [[B]]")) {
      assertThat(cursor.choice().mayEnd()).isFalse();
      assertThat(cursor.choice().allows(token)).isTrue();
      cursor.accept(token);
    }

    // Then
    assertThat(cursor.choice()).hasToString("only [] or the end");
  }

  @Example
  void shouldRefuseATokenThatItBans() {
    Grammar.Cursor cursor = grammars.named("think-answer-scores").start(new int[0]);

    assertThatThrownBy(() -> cursor.accept(LetterVocabulary.id("a")))
        .hasMessageContaining("expected: one that grammar 'think-answer-scores' allows: only [");
  }

  @Example
  void shouldNameWhatThereIsWhenANameMeansNothing() {
    assertThatThrownBy(() -> grammars.named("nonsense"))
        .hasMessageStartingWith("grammar: 'nonsense' (expected: one of think-answer-scores, ")
        .hasMessageEndingWith("or json FIELD=TYPE …)");
    assertThatThrownBy(() -> VerdictGrammars.check("json winner=A!B"))
        .hasMessage(
            "grammar: json field 'winner=A!B'"
                + " (expected: text, bool, number, fraction, 1..10 or A|B|tie)");
    assertThatThrownBy(() -> VerdictGrammars.check("json winner"))
        .hasMessageContaining("json field 'winner' (expected: NAME=TYPE");
    assertThatThrownBy(() -> VerdictGrammars.check("json s=9..1"))
        .hasMessageContaining("a range of 1 to 1000 whole numbers");
    assertThatCode(() -> VerdictGrammars.check(FIELDS)).doesNotThrowAnyException();
  }

  @Example
  void shouldRefuseAVocabularyThatCannotSpellTheVerdict() {
    TokenTexts few =
        TokenTexts.of(List.of("", "<think>", "</think>", "a", "<answer>", "</answer>"));

    assertThatThrownBy(() -> new VerdictGrammars(few).named("judgelrm-scores"))
        .hasMessageContaining("grammar 'judgelrm-scores': no token of the vocabulary matches");
  }

  /** With a vocabulary of single characters, 200 tokens suffice for each format. */
  @Property(tries = 200)
  void shouldCompleteItsFormatWithinTheTokens(@ForAll("names") String name, @ForAll long seed) {
    // Given
    SplittableRandom random = new SplittableRandom(seed);
    int most = random.nextInt(200, 260);
    Grammar.Cursor cursor =
        grammars.named(name).within(most).start(new int[] {LetterVocabulary.END});

    // When
    int drawn = 0;
    while (!(cursor.choice().mayEnd() && cursor.choice().size() == 0) && drawn < most) {
      AllowedTokens choice = cursor.choice();
      int[] allowed = IntStream.range(0, LetterVocabulary.size()).filter(choice::allows).toArray();
      cursor.accept(allowed[random.nextInt(allowed.length)]);
      drawn++;
    }

    // Then: with room for the stop token
    assertThat(cursor.choice().mayEnd()).as("%s within %d tokens", name, most).isTrue();
    assertThat(drawn).isLessThan(most);
  }

  @Example
  void shouldConstrainOnlyTheLastTokensOfALimitedSample() {
    // Given
    Grammar grammar = grammars.named("bracketed");
    Grammar.Cursor limited = grammar.within(9).start(new int[] {LetterVocabulary.END});
    Grammar.Cursor free = grammar.start(new int[] {LetterVocabulary.END});
    int letter = LetterVocabulary.id("x");

    // Then: [[A]] and the stop token are six tokens
    for (int i = 0; i < 3; i++) {
      assertThat(limited.choice().allows(letter)).isTrue();
      limited.accept(letter);
      free.accept(letter);
    }
    assertThat(limited.choice().allows(letter)).isFalse();
    assertThat(limited.choice().allows(LetterVocabulary.id("["))).isTrue();
    assertThat(limited.choice().mayEnd()).isFalse();
    assertThat(free.choice().allows(letter)).isTrue();
  }

  @Example
  void shouldNotConstrainASampleThatIsTooShortForTheFormat() {
    Grammar.Cursor cut =
        grammars.named("bracketed").within(3).start(new int[] {LetterVocabulary.END});

    assertThat(cut.choice().allows(LetterVocabulary.id("x"))).isTrue();
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of(VerdictGrammars.names());
  }

  @Provide
  Arbitrary<String> formats() {
    return names().filter(VerdictFormat.names()::contains);
  }

  @Provide
  Arbitrary<String> thinking() {
    return names().filter(name -> !name.startsWith("bracketed"));
  }

  @Provide
  Arbitrary<String> prose() {
    return Arbitraries.of(
            "the",
            " ",
            "\n",
            "<",
            "</",
            "think",
            ">",
            "<think>",
            "<answer>",
            "[[A]]",
            "7",
            "{",
            "}",
            "\\boxed{",
            "</answer>",
            "</thin",
            "</think",
            "<<",
            ".")
        .list()
        .ofMinSize(1)
        .ofMaxSize(30)
        .map(parts -> String.join("", parts));
  }

  /** Draws what the grammar lets through, each token as likely as the next, until it ends. */
  private static String walk(Grammar grammar, long seed, Pattern unwanted) {
    SplittableRandom random = new SplittableRandom(seed);
    Grammar.Cursor cursor = grammar.start(new int[] {LetterVocabulary.END});
    int close = LetterVocabulary.id("</think>");
    boolean closed = false;
    int[] drawn = new int[MOST_TOKENS];
    int count = 0;
    while (!(cursor.choice().mayEnd() && cursor.choice().size() == 0)) {
      AllowedTokens choice = cursor.choice();
      int token =
          choice.isListed()
              ? choice.id(random.nextInt(choice.size()))
              : random.nextInt(10) == 0 && !closed
                  ? close
                  : random.nextInt(LetterVocabulary.END + 2, LetterVocabulary.size());
      boolean markup =
          unwanted.matcher(LetterVocabulary.VOCABULARY.decode(new int[] {token})).find();
      boolean spillsOver = token == LetterVocabulary.id("><") && !closed;
      boolean wanted = !markup || (choice.isListed() && !spillsOver) || (token == close && !closed);
      if (wanted && choice.allows(token)) {
        closed |= token == close;
        cursor.accept(token);
        drawn[count++] = token;
      }
    }
    return LetterVocabulary.VOCABULARY.decode(Arrays.copyOf(drawn, count));
  }

  private static List<Integer> banned(AllowedTokens choice) {
    assertThat(choice.isListed()).isFalse();
    return IntStream.range(0, choice.size()).mapToObj(choice::id).toList();
  }

  /** Spells a text in tokens that are drawn among those that fit. */
  private static int[] tokenise(String text, SplittableRandom random) {
    List<Integer> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      String rest = text.substring(at);
      int[] fitting =
          IntStream.range(0, LetterVocabulary.size())
              .filter(id -> LetterVocabulary.VOCABULARY.length(id) > 0)
              .filter(id -> rest.startsWith(LetterVocabulary.VOCABULARY.decode(new int[] {id})))
              .toArray();
      int token = fitting[random.nextInt(fitting.length)];
      tokens.add(token);
      at += LetterVocabulary.VOCABULARY.length(token);
    }
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }
}
